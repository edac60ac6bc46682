/* SPDX-License-Identifier: MIT */
/*
 * The settings that decide which findings there are and which of them fail a run. Commands accept
 * them as options, .sessionlint as lines; both use the rows of a command's table.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "cli/logs.h"

/* Greater than the ids of logs.h. */
enum {
	SETTING_STRICT = 2000,
	SETTING_RULE,
	SETTING_FAIL_ON,
	SETTING_FAIL_ON_UNDETERMINED,
	SETTING_BASELINE,
	SETTING_ALLOW_STALE,
	SETTING_CONFIG, /* the following are for the command line only */
	SETTING_NO_CONFIG,
};

/* The rows of a command's table of options. */
/* clang-format off */
#define SETTINGS_RULES_ROWS \
	{ "strict", 0, NULL, "undocumented transitions are errors", \
	  SETTING_STRICT }, \
	{ "rule", 0, "NAME=SEVERITY", "set a rule to error, warning, note or off; repeatable", \
	  SETTING_RULE }

#define SETTINGS_CONFIG_ROWS \
	{ "config", 0, "FILE", "read this configuration file instead of searching for .sessionlint", \
	  SETTING_CONFIG }, \
	{ "no-config", 0, NULL, "do not read a configuration file", SETTING_NO_CONFIG }

/* The rows of its table of words. */
#define SETTINGS_WORDS_ROWS \
	{ SETTING_FAIL_ON, settings_threshold_at, NULL, NULL }, \
	{ SETTING_RULE, rule_word_at, "=", sessionlint_severity_name }, \
	LOGS_WORDS_ROWS
/* clang-format on */

const char *settings_threshold_at(unsigned index);

/* The help on the configuration. */
#define SETTINGS_HELP                                                                              \
	"\n"                                                                                       \
	"Options that decide what is found and what fails can also be set in a file "              \
	".sessionlint. It is looked\n"                                                             \
	"for in the folder of a log and the folders above, then in the current folder and the "    \
	"folders above.\n"                                                                         \
	"Lines are 'source = lsm' or 'rule = gap=off'; # begins a comment. The command line "      \
	"wins.\n"

/* The same for a command with only the options of logs. */
#define SETTINGS_LOGS_HELP                                                                         \
	"\n"                                                                                       \
	"Of a file .sessionlint ('sessionlint check --help'), only start, source, pointer-size, "  \
	"reverse, recover\n"                                                                       \
	"and reorder apply.\n"

#define SETTINGS_NEVER 4 /* above every severity */

struct settings {
	struct logs logs;
	bool strict;
	uint8_t severities[RULE_COUNT]; /* by --rule: 1 and the severity; 0: not set
					 */
	unsigned fail_on;
	bool fail_on_undetermined;
	const char *baseline; /* NULL: none */
	bool allow_stale;
	const char *config; /* NULL: search for it */
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

/* Whether @option is one of these; if so, it is set, and *ret_status is the status. @value is NULL
 * if it takes none. */
bool settings_set_option(struct settings *settings, int option, const char *value, int *ret_status);

/* Begins settings->logs.run with the user's settings. -ENOMEM. */
int settings_begin(struct settings *settings);

/* Sets the severities of rules in a run that has begun with the settings of logs. */
void settings_set_rules(const struct settings *settings, struct sessionlint *run);

/* Whether findings of @severity fail the run. */
bool settings_fail(const struct settings *settings, unsigned severity);

/* Whether stale entries of the baseline fail the run, as findings do. */
bool settings_fail_stale(const struct settings *settings);

/* The number of sessions that fail the run because they have no verdict. */
uint64_t settings_undetermined(const struct settings *settings, const struct run_totals *totals);

/* Whether findings, or sessions without a verdict, fail the run: STATUS_FINDINGS or STATUS_CLEAN.
 */
int settings_status(const struct settings *settings, const struct run_totals *totals);

#endif
