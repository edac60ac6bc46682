/* SPDX-License-Identifier: MIT */
#include "cli/filter_options.h"

#include <errno.h>
#include <string.h>

#include "base/folder.h"
#include "base/text.h"
#include "trace/time.h"

static const char *const severities[] = { "note", "warning", "error", NULL };

const char *filters_severity_at(unsigned index)
{
	return severities[index];
}

/* ---- options ---- */

/* What is wrong with the value of an option. */
static int refuse(const struct command *command, enum sessionlint_filter kind, const char *option,
		  const char *value)
{
	switch (kind) {
	case SESSIONLINT_FILTER_SESSION:
		return usage_error(command, "--session needs the number of a session, not '%s'",
				   value);
	case SESSIONLINT_FILTER_SINCE:
	case SESSIONLINT_FILTER_UNTIL:
		return usage_error(
			command,
			"--%s needs a date, a time such as 2026-01-31T08:00:00Z, or -2d, "
			"not '%s'",
			option, value);
	case SESSIONLINT_FILTER_SEVERITY:
		return unknown_word(command, "severity", value, filters_severity_at);
	case SESSIONLINT_FILTER_HOST:
	case SESSIONLINT_FILTER_USER:
	case SESSIONLINT_FILTER_ADDRESS:
		break;
	}
	return usage_error(command, "--%s needs a value", option);
}

/* Whether @value is a time before the last record. */
static bool set_relative(struct filter_options *options, enum sessionlint_filter kind,
			 const char *value)
{
	bool until = kind == SESSIONLINT_FILTER_UNTIL;
	struct filter_relative *relative = until ? &options->until : &options->since;

	if (!until && kind != SESSIONLINT_FILTER_SINCE)
		return false;
	/* the last of several options counts */
	relative->given = value[0] == '-' &&
			  duration_parse(text_from(value + 1), &relative->duration) == 0;
	return relative->given;
}

static int add(struct filter_options *options, const struct command *command,
	       enum sessionlint_filter kind, const char *option, const char *value)
{
	int r = set_relative(options, kind, value)
			? 0
			: filters_add(&options->filters, kind, text_from(value));

	if (r == -ENOMEM)
		return out_of_memory();
	return r < 0 ? refuse(command, kind, option, value) : STATUS_CLEAN;
}

bool filter_options_set(struct filter_options *options, const struct command *command, int option,
			const char *value, int *ret_status)
{
	static const char *const names[] = {
		[SESSIONLINT_FILTER_HOST] = "host",
		[SESSIONLINT_FILTER_SESSION] = "session",
		[SESSIONLINT_FILTER_USER] = "user",
		[SESSIONLINT_FILTER_ADDRESS] = "address",
		[SESSIONLINT_FILTER_SINCE] = "since",
		[SESSIONLINT_FILTER_UNTIL] = "until",
		[SESSIONLINT_FILTER_SEVERITY] = "severity",
	};
	enum sessionlint_filter kind = (enum sessionlint_filter)(option - FILTER_OPTION_HOST);

	if (option < FILTER_OPTION_HOST || option > FILTER_OPTION_SEVERITY)
		return false;
	*ret_status = add(options, command, kind, names[kind], value);
	return true;
}

/* ---- the last record ---- */

struct last_record {
	uint64_t time; /* or SESSIONLINT_NO_TIME */
};

static void see_time(struct last_record *last, uint64_t time)
{
	if (time != SESSIONLINT_NO_TIME && (last->time == SESSIONLINT_NO_TIME || time > last->time))
		last->time = time;
}

static void see_step(void *userdata, const struct sessionlint_step *step)
{
	see_time(userdata, step->time);
}

static void see_annotation(void *userdata, const struct sessionlint_annotation *annotation)
{
	see_time(userdata, annotation->time);
}

static void make_absolute(struct filters *filters, enum sessionlint_filter kind,
			  const struct filter_relative *time, uint64_t last)
{
	if (!time->given)
		return;
	if (last == SESSIONLINT_NO_TIME || last < time->duration)
		last = time->duration;
	filters_set_time(filters, kind, last - time->duration);
}

int filter_options_begin(struct filter_options *options, const struct logs *logs,
			 char *const *operands, int count)
{
	static const struct logs_listener listener = {
		.step = see_step,
		.annotation = see_annotation,
	};
	struct last_record last = { .time = SESSIONLINT_NO_TIME };
	/* what cannot be read is reported when it is shown */
	struct logs first = *logs;
	struct run_totals totals;

	if (!options->since.given && !options->until.given)
		return STATUS_CLEAN;
	for (int i = 0; i < count; i++) {
		enum path_kind kind = PATH_FILE;

		if (strcmp(operands[i], "-") != 0)
			path_kind(operands[i], true, &kind);
		if (strcmp(operands[i], "-") == 0 || kind == PATH_OTHER)
			return usage_error(logs->command,
					   "a time before the last record needs files, which can "
					   "be read twice; '%s' cannot be",
					   operands[i]);
	}
	first.silent = true;
	first.hints = false;
	if (logs_listen(&first, operands, count, &listener, &last, &totals) < 0)
		return out_of_memory();
	make_absolute(&options->filters, SESSIONLINT_FILTER_SINCE, &options->since, last.time);
	make_absolute(&options->filters, SESSIONLINT_FILTER_UNTIL, &options->until, last.time);
	return STATUS_CLEAN;
}
