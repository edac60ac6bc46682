/* SPDX-License-Identifier: MIT */
/*
 * The configuration, a file .sessionlint. It is looked for in the folder of each log and the
 * folders above, up to the first that contains .git or to the root; if there is none, in the
 * current folder and the folders above. All logs of a run must have the same.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli/settings.h"

#define CONFIG_NAME ".sessionlint"

struct config {
	char *path; /* NULL: none; as named by the user, or relative to the current folder */
	char *data; /* the values to which settings point */
	char *baseline;
};

/*
 * Reads the configuration of the logs that @operands name, and then the command line a second time,
 * so that it wins. An error in the file, or logs with different files, are reported: STATUS_FAILED.
 * In any case call config_free() when the settings are no longer needed.
 */
int config_apply(struct config *config, struct settings *settings, struct arguments arguments,
		 char *const *operands, int operand_count);

/*
 * The same for a command that uses only the settings of logs: SETTINGS_CONFIG_ROWS are among its
 * options, and it ignores their ids.
 */
int config_apply_logs(struct config *config, struct logs *logs, struct arguments arguments,
		      char *const *operands, int operand_count);

/* Whether a report at @path would overwrite the configuration or the baseline of the run. */
bool config_is_read(const struct config *config, const struct settings *settings, const char *path);

/* What a run reads. */
struct config_inputs {
	const struct config *config;
	const struct settings *settings;
	char *const *files;
	int count;
};

/* Checks that what @option writes to @path, or NULL, overwrites nothing of that. Returns a status.
 */
int config_spare(const struct config_inputs *inputs, const char *option, const char *path);

/* Prints on standard error which file was used, if any. */
void config_print(const struct config *config);

void config_free(struct config *config);

#endif
