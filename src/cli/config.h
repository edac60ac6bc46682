/* SPDX-License-Identifier: MIT */
/*
 * The configuration, a file .sessionlint. It is looked for in the folder of each log and in those
 * above it, up to the first that holds .git or to the root, and where that finds none, in the
 * current folder and those above it; all logs of a run must have the same.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli/settings.h"

#define CONFIG_NAME ".sessionlint"

struct config {
	char *path; /* NULL: there is none; what the user named, or from the current folder on */
	char *data; /* values that settings hold */
	char *baseline;
};

/*
 * Reads the configuration of the logs that @operands name, and behind it the command line, which
 * has been read before, once more: it wins. A file with an error, or one for some logs and another
 * for others, is complained of: STATUS_FAILED. config_free() takes the result in any case, when
 * settings are not needed any more.
 */
int config_apply(struct config *config, struct settings *settings, struct arguments arguments,
		 char *const *operands, int operand_count);

/*
 * The same for a command that takes of all settings those of logs alone: SETTINGS_CONFIG_ROWS are
 * among its options, and it passes over the ids of these.
 */
int config_apply_logs(struct config *config, struct logs *logs, struct arguments arguments,
		      char *const *operands, int operand_count);

/* Says on standard error which file it was, if there was one. */
void config_tell(const struct config *config);

void config_free(struct config *config);

#endif
