/* SPDX-License-Identifier: MIT */
/* The options of commands that read logs. */
#include <errno.h>

#include "base/text.h"
#include "cli/logs.h"
#include "trace/time.h"

static const char *const starts[] = { "auto", "initialized", "unknown", NULL };
static const char *const pointer_sizes[] = { "8", "4", NULL };

const char *logs_start_name_at(unsigned index)
{
	return starts[index];
}

const char *logs_pointer_size_at(unsigned index)
{
	return pointer_sizes[index];
}

static int set_reorder(struct logs *logs, const char *value)
{
	int r = duration_parse(text_from(value), &logs->reorder);

	if (r == 0 && logs->reorder > 0)
		return 0;
	usage_error(logs->command,
		    r == -ERANGE ? "--reorder=%s is too long"
				 : "--reorder needs a duration such as 500ms, 10s or 2m, not '%s'",
		    value);
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
		found = set_reorder(logs, value);
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
	return 0;
}
