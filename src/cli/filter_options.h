/* SPDX-License-Identifier: MIT */
/*
 * Options of filters on what is shown. They never change what is judged: all of a log is read and
 * judged, and what does not pass is left out of the output.
 */
#ifndef CLI_FILTER_OPTIONS_H
#define CLI_FILTER_OPTIONS_H

#include "check/filters.h"
#include "cli/logs.h"

/* Greater than the ids of settings.h; in the order of enum sessionlint_filter. */
enum {
	FILTER_OPTION_HOST = 3000,
	FILTER_OPTION_SESSION,
	FILTER_OPTION_USER,
	FILTER_OPTION_ADDRESS,
	FILTER_OPTION_SINCE,
	FILTER_OPTION_UNTIL,
	FILTER_OPTION_SEVERITY,
};

/* The rows of a command's table of options. */
/* clang-format off */
#define FILTERS_OPTION_ROWS \
	{ "host", 0, "NAME", "show only what is of this host; * stands for any text; repeatable", \
	  FILTER_OPTION_HOST }, \
	{ "session", 0, "ID", "show only this session id; repeatable", \
	  FILTER_OPTION_SESSION }, \
	{ "user", 0, "NAME", "show only what is of this user: alice, CORP\\alice, *admin*; repeatable", \
	  FILTER_OPTION_USER }, \
	{ "address", 0, "ADDRESS", "show only what came from this address: 10.0.0.1, 10.0.*; repeatable", \
	  FILTER_OPTION_ADDRESS }, \
	{ "since", 0, "TIME", "show only what is not before it: 2026-01-31, 2026-01-31T08:00:00Z, or -2d before the last record", \
	  FILTER_OPTION_SINCE }, \
	{ "until", 0, "TIME", "show only what is not after it; a date includes that day", \
	  FILTER_OPTION_UNTIL }, \
	{ "severity", 0, "NAME", "show only what has a finding of this severity or above: %s", \
	  FILTER_OPTION_SEVERITY }

#define FILTERS_WORDS_ROWS \
	{ FILTER_OPTION_SEVERITY, filters_severity_at, NULL, NULL }
/* clang-format on */

const char *filters_severity_at(unsigned index);

/* The help on filters. */
#define FILTERS_HELP                                                                               \
	"--host, --session, --user, --address, --since, --until and --severity decide what is "    \
	"shown, and never\n"                                                                       \
	"what is judged. What has no time is not shown with --since or --until. For a time "       \
	"before the last record\n"                                                                 \
	"(-2d; ms, s, m, h, d), files are read twice; standard input cannot be.\n"

/* A time before the last record. */
struct filter_relative {
	bool given;
	uint64_t duration; /* in 100 ns */
};

struct filter_options {
	struct filters filters; /* free them: filters_free() */
	struct filter_relative since, until;
};

/* Whether @option is one of these; if so, it is set, and *ret_status is the status. */
bool filter_options_set(struct filter_options *options, const struct command *command, int option,
			const char *value, int *ret_status);

/*
 * Makes times that are relative to the last record absolute; for that, what the operands name is
 * read once, with the settings of @logs and without a word. Returns a status.
 */
int filter_options_begin(struct filter_options *options, const struct logs *logs,
			 char *const *operands, int count);

#endif
