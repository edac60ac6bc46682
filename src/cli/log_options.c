/* SPDX-License-Identifier: MIT */
/* The options of commands that read logs. */
#include <errno.h>

#include "base/number.h"
#include "base/text.h"
#include "base/thread.h"
#include "check/run_ahead.h"
#include "cli/logs.h"
#include "trace/time.h"

static const char *const starts[] = { "auto", "initialized", "unknown", NULL };
static const char *const pointer_sizes[] = { "8", "4", NULL };
/* enum logs_together, without APART */
static const char *const togethers[] = { "machine", "folder", "computer", NULL };

const char *logs_start_name_at(unsigned index)
{
	return starts[index];
}

const char *logs_pointer_size_at(unsigned index)
{
	return pointer_sizes[index];
}

const char *logs_together_name_at(unsigned index)
{
	return togethers[index];
}

/* Reads a duration, of at most @max. */
static int set_duration(const struct logs *logs, const char *option, const char *value,
			uint64_t max, uint64_t *ret_duration)
{
	uint64_t duration = 0;
	int r = duration_parse(text_from(value), &duration);

	if (r == 0 && duration > 0 && duration <= max) {
		*ret_duration = duration;
		return 0;
	}
	if (r == -ERANGE || duration > max)
		usage_error(logs->command, "--%s=%s is too long", option, value);
	else
		usage_error(logs->command,
			    "--%s needs a duration such as 500ms, 10s or 2m, not '%s'", option,
			    value);
	return -1;
}

static int set_together(struct logs *logs, const char *value)
{
	int found = value ? word_find(logs->command, "way to tell machines apart", value,
				      logs_together_name_at)
			  : 0;

	if (found >= 0)
		logs->together = (enum logs_together)(found + 1);
	return found;
}

static int set_jobs(struct logs *logs, const char *value)
{
	uint64_t jobs;

	if (decimal_parse(text_from(value), JOBS_MAX, &jobs) == 0 && jobs > 0) {
		logs->jobs = (unsigned)jobs;
		return 0;
	}
	usage_error(logs->command, "--jobs needs a number of threads from 1 to %u, not '%s'",
		    JOBS_MAX, value);
	return -1;
}

bool logs_set_option(struct logs *logs, int option, const char *value, int *ret_status)
{
	int found;

	switch (option) {
	case LOGS_OPTION_START:
		found = word_find(logs->command, "start", value, logs_start_name_at);
		if (found >= 0)
			logs->start = (enum sessionlint_start)found;
		break;
	case LOGS_OPTION_SOURCE:
		found = word_find(logs->command, "source", value, sessionlint_source_name);
		if (found >= 0)
			logs->source = (enum sessionlint_source)found;
		logs->source_is_given = true;
		break;
	case LOGS_OPTION_REORDER:
		found = set_duration(logs, "reorder", value, UINT64_MAX, &logs->reorder);
		break;
	case LOGS_OPTION_TOGETHER:
		found = set_together(logs, value);
		break;
	case LOGS_OPTION_WINDOW:
		found = set_duration(logs, "window", value, ACCOUNT_WINDOW_MAX, &logs->window);
		break;
	case LOGS_OPTION_POINTER_SIZE:
		found = word_find(logs->command, "pointer size", value, logs_pointer_size_at);
		logs->pointer_size = found == 1 ? 4 : 8;
		break;
	case LOGS_OPTION_REVERSE:
		found = 0;
		logs->reverse = true;
		break;
	case LOGS_OPTION_RECOVER:
		found = 0;
		logs->recover = true;
		break;
	case LOGS_OPTION_JOIN:
		found = 0;
		logs->join = true;
		break;
	case LOGS_OPTION_JOBS:
		found = set_jobs(logs, value);
		break;
	case LOGS_OPTION_ANONYMIZE:
		found = 0;
		logs->anonymize = true;
		break;
	default:
		return false;
	}
	*ret_status = found < 0 ? STATUS_FAILED : STATUS_CLEAN;
	return true;
}

int logs_begin(struct logs *logs)
{
	int r = sessionlint_new(&logs->run);

	if (r < 0)
		return r;
	sessionlint_set_start(logs->run, logs->start);
	if (logs->source_is_given)
		sessionlint_set_source(logs->run, logs->source);
	sessionlint_set_pointer_size(logs->run, logs->pointer_size);
	sessionlint_set_reverse(logs->run, logs->reverse);
	sessionlint_set_recover(logs->run, logs->recover);
	sessionlint_set_reorder(logs->run, logs->reorder);
	sessionlint_set_window(logs->run, logs->window);
	sessionlint_set_anonymize(logs->run, logs->anonymize);
	run_set_jobs(logs->run, logs->jobs ? logs->jobs : thread_processors());
	if (logs->together != LOGS_APART)
		sessionlint_set_together(logs->run, logs->together == LOGS_COMPUTER
							    ? SESSIONLINT_TOGETHER_COMPUTER
							    : SESSIONLINT_TOGETHER_MACHINE);
	return 0;
}
