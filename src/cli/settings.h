/* SPDX-License-Identifier: MIT */
/*
 * What decides which findings there are and which of them fail a run. Commands take it as options,
 * and .sessionlint has it as lines: both by the rows of a command's table.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "cli/logs.h"

/* Above the ids of logs.h. */
enum {
	SETTING_STRICT = 2000,
	SETTING_RULE,
	SETTING_FAIL_ON,
	SETTING_FAIL_ON_UNDETERMINED,
	SETTING_BASELINE,
	SETTING_ALLOW_STALE,
	SETTING_CONFIG, /* from here on on the command line alone */
	SETTING_NO_CONFIG,
};

/* The rows of a command's table of options. */
/* clang-format off */
#define SETTINGS_RULES_ROWS \
	{ "strict", 0, NULL, "what Windows does beyond the published table is an error", \
	  SETTING_STRICT }, \
	{ "rule", 0, "NAME=SEVERITY", "error, warning, note or off for one rule; repeatable", \
	  SETTING_RULE }

#define SETTINGS_CONFIG_ROWS \
	{ "config", 0, "FILE", "read this configuration instead of looking for a .sessionlint", \
	  SETTING_CONFIG }, \
	{ "no-config", 0, NULL, "read no configuration", SETTING_NO_CONFIG }

/* The rows of its table of words. */
#define SETTINGS_WORDS_ROWS \
	{ SETTING_FAIL_ON, settings_threshold_at, NULL, NULL }, \
	{ SETTING_RULE, rule_word_at, "=", sessionlint_severity_name }, \
	LOGS_WORDS_ROWS
/* clang-format on */

const char *settings_threshold_at(unsigned index);

/* What help says of the configuration. */
#define SETTINGS_HELP                                                                              \
	"\n"                                                                                       \
	"Options that decide what is found and what fails can stand in a file .sessionlint, in "   \
	"the folder of\n"                                                                          \
	"a log or one above it, or else in the current folder or one above that: lines as "        \
	"'source = lsm'\n"                                                                         \
	"or 'rule = gap=off', and comments that begin with #. The command line wins.\n"

/* The same of a command that takes the options of logs alone. */
#define SETTINGS_LOGS_HELP                                                                         \
	"\n"                                                                                       \
	"Of a .sessionlint beside or above the logs, or the current folder ('sessionlint check "   \
	"--help'), start,\n"                                                                       \
	"source, pointer-size, reverse, recover and reorder count.\n"

#define SETTINGS_NEVER 4 /* above every severity */

struct settings {
	struct logs logs;
	bool strict;
	uint8_t severities[SESSIONLINT_RULES]; /* what --rule says: 1 and the severity; 0: nothing
						*/
	unsigned fail_on;
	bool fail_on_undetermined;
	const char *baseline; /* NULL: none */
	bool allow_stale;
	const char *config; /* NULL: it is looked for */
	bool no_config;
};

#define SETTINGS_INIT(for_command)                                                                 \
	{                                                                                          \
		.logs = LOGS_INIT(for_command), .fail_on = SESSIONLINT_SEVERITY_ERROR              \
	}

/* Whether @option is one of SETTINGS_CONFIG_ROWS. */
static inline bool settings_is_config(int option)
{
	return option == SETTING_CONFIG || option == SETTING_NO_CONFIG;
}

/* Whether @option is one of these; if so, *ret_status is what setting it came to. @value is NULL of
 * one that takes none. */
bool settings_set_option(struct settings *settings, int option, const char *value, int *ret_status);

/* The library's options: its defaults, and what the user said. */
void settings_options(const struct settings *settings, struct sessionlint_options *ret_options);

/* Whether findings of @severity fail the run. */
bool settings_fail(const struct settings *settings, unsigned severity);

#endif
