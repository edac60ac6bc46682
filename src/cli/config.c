/* SPDX-License-Identifier: MIT */
#include "cli/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/escape.h"
#include "base/folder.h"
#include "base/stream.h"
#include "base/suggest.h"
#include "base/utf.h"
#include "base/whole.h"
#include "cli/folder_walk.h"

#define SIZE_MAX_READ ((size_t)1 << 20)

/* Reports an error in the file, or in a line of it. STATUS_FAILED. */
static int complain(const struct settings *settings, const char *path, unsigned line,
		    const char *what)
{
	if (line)
		return usage_error(settings->logs.command, "%s:%u: %s", path, line, what);
	return usage_error(settings->logs.command, "%s: %s", path, what);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts off blanks at both ends of @text; returns where it begins. */
static char *trim(char *text)
{
	size_t size = strlen(text);

	while (size > 0 && is_blank(text[size - 1]))
		text[--size] = '\0';
	while (is_blank(*text))
		text++;
	return text;
}

/* Whether a line is valid UTF-8 without control characters. */
static bool is_text(const char *line, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)line[i] < ' ' && line[i] != '\t' && line[i] != '\r')
			return false;
	return utf8_valid(line, size) == size;
}

/* ---- keys ---- */

static bool is_key(const struct option *option)
{
	/* which files form one log depends on the command line */
	return option->id >= LOGS_OPTION_START && option->id < SETTING_CONFIG &&
	       option->id != LOGS_OPTION_JOIN && option->id != LOGS_OPTION_TOGETHER &&
	       option->id != LOGS_OPTION_WINDOW && option->id != LOGS_OPTION_ANONYMIZE &&
	       option->id != LOGS_OPTION_JOBS;
}

/* The keys of a configuration are options of check. */
static const struct option *find_key(const char *name)
{
	for (const struct option *option = command_check.options; option->name; option++)
		if (is_key(option) && strcmp(option->name, name) == 0)
			return option;
	return NULL;
}

static const char *key_near(const char *name)
{
	struct suggestion near = { .word = text_from(name) };

	for (const struct option *option = command_check.options; option->name; option++)
		if (is_key(option))
			suggestion_offer(&near, option->name);
	return near.best;
}

struct reading {
	struct settings *settings;
	const char *path;
	unsigned line;
	unsigned seen[SETTING_CONFIG - LOGS_OPTION_START]; /* lines, by the ids of keys */
};

static int unknown_key(const struct reading *reading, const char *name)
{
	const struct command *command = reading->settings->logs.command;
	const char *near = key_near(name);

	for (const struct option *option = command_check.options; option->name; option++)
		if (strcmp(option->name, name) == 0)
			return usage_error(command,
					   "%s:%u: '%s' can only be given on the command line",
					   reading->path, reading->line, name);
	if (near)
		return usage_error(command, "%s:%u: unknown key '%s'; did you mean %s?",
				   reading->path, reading->line, name, near);
	return usage_error(command, "%s:%u: unknown key '%s'", reading->path, reading->line, name);
}

static int set_key(struct reading *reading, const char *name, const char *value)
{
	const struct command *command = reading->settings->logs.command;
	const struct option *option = find_key(name);
	unsigned *seen;
	int status;

	if (!option)
		return unknown_key(reading, name);
	seen = &reading->seen[option->id - LOGS_OPTION_START];
	if (*seen && option->id != SETTING_RULE)
		return usage_error(command, "%s:%u: '%s' is already set in line %u", reading->path,
				   reading->line, name, *seen);
	*seen = reading->line;
	if (!option->argument && strcmp(value, "false") == 0)
		return STATUS_CLEAN;
	if (!option->argument && strcmp(value, "true") != 0)
		return usage_error(command, "%s:%u: '%s' must be true or false, not '%s'",
				   reading->path, reading->line, name, value);
	usage_place(reading->path, reading->line);
	settings_set_option(reading->settings, option->id, option->argument ? value : NULL,
			    &status);
	usage_place(NULL, 0);
	return status;
}

static int read_line(struct reading *reading, char *line, size_t size)
{
	char *equals, *name;

	if (!is_text(line, size))
		return complain(reading->settings, reading->path, reading->line,
				"the line is not valid UTF-8 text");
	name = trim(line);
	if (!*name || *name == '#')
		return STATUS_CLEAN;
	equals = strchr(name, '=');
	if (!equals)
		return complain(reading->settings, reading->path, reading->line,
				"expected 'key = value' or a comment (#)");
	*equals = '\0';
	return set_key(reading, trim(name), trim(equals + 1));
}

static int read_lines(struct settings *settings, const char *path, char *data, size_t size)
{
	struct reading reading = { .settings = settings, .path = path };
	char *at = data, *end = data + size;

	if (size >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	while (at < end) {
		char *stop = memchr(at, '\n', (size_t)(end - at));
		int status;

		stop = stop ? stop : end;
		*stop = '\0';
		reading.line++;
		status = read_line(&reading, at, (size_t)(stop - at));
		if (status != STATUS_CLEAN)
			return status;
		at = stop + 1;
	}
	return STATUS_CLEAN;
}

static int read_file(struct config *config, struct settings *settings)
{
	size_t size = 0;
	int r = whole_read_path(config->path, SIZE_MAX_READ, &config->data, &size);

	switch (-r) {
	case 0:
		return read_lines(settings, config->path, config->data, size);
	case EFBIG:
		return complain(settings, config->path, 0,
				"exceeds the maximum size of a configuration (1 MiB)");
	case ESPIPE:
		return complain(settings, config->path, 0,
				"not a regular file; a configuration must be one");
	default:
		return complain(settings, config->path, 0, strerror(-r));
	}
}

/* ---- the search ---- */

/* The configuration that the logs of a run have so far. */
struct search {
	const struct settings *settings;
	char *folder; /* of the previous log, as spelt */
	char *log;    /* of the first log */
	char *path;   /* its configuration; NULL: none */
	char *here;   /* the one in the current folder or above it */
	bool looked;  /* there */
	int status;
};

static char *join(const char *folder, const char *name)
{
	const char *separator = path_separator(folder);
	size_t size = strlen(folder) + strlen(separator) + strlen(name) + 1;
	char *path = malloc(size);

	if (path)
		snprintf(path, size, "%s%s%s", folder, separator, name);
	return path;
}

/* Looks for @name in @folder. Returns 1 with its path; 0; -ENOMEM; -EACCES: the folder may not be
 * searched. */
static int look_in(const char *folder, const char *name, char **ret_path)
{
	char *path = join(folder, name);
	enum path_kind kind;
	int r = path ? path_kind(path, false, &kind) : -ENOMEM;

	if (r == -EPERM)
		r = -EACCES;
	if (!path || r == -ENOENT || r == -EACCES) {
		free(path);
		return r == -ENOENT ? 0 : r;
	}
	/* other failures are reported when the file is opened */
	*ret_path = path;
	return 1;
}

/* Whether checking the log will fail in the same way, and report it. After another error the log
 * may be found later, with a configuration that was not. */
static bool is_permanent(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES || error == EPERM ||
	       error == ELOOP;
}

/*
 * Finds the configuration nearest to @folder, in it or above it; NULL: none. The search ends at the
 * top of a repository and at a folder that may not be searched. Returns a negative errno on
 * failure.
 */
static int find_above(const char *folder, char **ret_path)
{
	char *absolute, *path = NULL, *repository = NULL;
	int r = path_absolute(folder, &absolute);

	if (r < 0) {
		*ret_path = NULL;
		return is_permanent(-r) ? 0 : r;
	}
	do {
		r = look_in(absolute, CONFIG_NAME, &path);
		if (r == 0)
			r = look_in(absolute, ".git", &repository);
	} while (r == 0 && path_ascend(absolute));
	free(repository);
	free(absolute);
	*ret_path = path;
	return r == -ENOMEM ? r : 0;
}

/* The same; falls back to the current folder. */
static int find_for(struct search *search, const char *folder, char **ret_path)
{
	int r = find_above(folder, ret_path);

	if (r < 0 || *ret_path)
		return r;
	if (!search->looked)
		r = find_above(".", &search->here);
	search->looked = r == 0;
	if (r == 0 && search->here && !(*ret_path = strdup(search->here)))
		r = -ENOMEM;
	return r;
}

static void complain_of_two(struct search *search, const char *log, const char *path)
{
	search->status = usage_error(search->settings->logs.command,
				     "'%s' has the configuration %s, but '%s' has %s; check them "
				     "in separate runs, or use --config=FILE or --no-config",
				     search->log, search->path ? search->path : "none", log,
				     path ? path : "none");
}

/* Looks for the configuration of @log, which is in @folder: it must be that of the other logs. */
static void look_for(struct search *search, const char *log, char *folder)
{
	char *path = NULL;
	int r = folder ? find_for(search, folder, &path) : -ENOMEM;

	if (r < 0) {
		search->status = path_error(log, strerror(-r));
	} else if (!search->log) {
		search->log = strdup(log);
		search->path = path;
		path = NULL;
		if (!search->log)
			search->status = out_of_memory();
	} else if ((path == NULL) != (search->path == NULL) ||
		   (path && strcmp(path, search->path) != 0)) {
		complain_of_two(search, log, path);
	}
	free(path);
	free(search->folder);
	search->folder = folder;
}

static void look_above(struct search *search, const char *log, char *folder)
{
	/* most logs are in the same folder as the one before */
	if (folder && search->folder && strcmp(folder, search->folder) == 0)
		free(folder);
	else
		look_for(search, log, folder);
}

static void on_log(void *userdata, const char *path)
{
	struct search *search = userdata;

	if (search->status == STATUS_CLEAN)
		look_above(search, path, path_folder(path));
}

static void on_failure(void *userdata, const char *path, int error)
{
	struct search *search = userdata;

	if (!is_permanent(error) && search->status == STATUS_CLEAN)
		search->status = path_error(path, strerror(error));
}

static void find_logs(struct search *search, const char *operand)
{
	static const struct walk_visitor visitor = { .log = on_log, .failed = on_failure };
	long count = walk_files(operand, &visitor, search);

	if (count < 0)
		on_failure(search, operand, (int)-count);
}

/* The path relative to the current folder if it is below that: the name for reports. */
static char *shorten(char *path)
{
	char *here = NULL, *inside;
	size_t size;

	if (!path || path_absolute(".", &here) < 0)
		return path;
	inside = join(here, "");
	free(here);
	size = inside ? strlen(inside) : 0;
	if (inside && strncmp(path, inside, size) == 0)
		memmove(path, path + size, strlen(path + size) + 1);
	free(inside);
	return path;
}

static int find(struct config *config, const struct settings *settings, char *const *operands,
		int operand_count)
{
	struct search search = { .settings = settings };

	if (settings->config) {
		config->path = strdup(settings->config);
		return config->path ? STATUS_CLEAN : out_of_memory();
	}
	if (operand_count == 0)
		look_above(&search, ".", path_folder("x"));
	for (int i = 0; i < operand_count && search.status == STATUS_CLEAN; i++) {
		if (strcmp(operands[i], "-") == 0)
			look_above(&search, "<stdin>", path_folder("x"));
		else
			find_logs(&search, operands[i]);
	}
	config->path = shorten(search.path);
	free(search.folder);
	free(search.log);
	free(search.here);
	return search.status;
}

/* ---- interface of the commands ---- */

/* A path in the file is relative to the folder of the file. */
static int place_baseline(struct config *config, struct settings *settings)
{
	char *folder;

	if (!settings->baseline || path_is_absolute(settings->baseline))
		return STATUS_CLEAN;
	folder = path_folder(config->path);
	/* without ./ before it */
	if (folder && strcmp(folder, ".") != 0)
		config->baseline = join(folder, settings->baseline);
	else if (folder)
		config->baseline = strdup(settings->baseline);
	free(folder);
	if (!config->baseline)
		return out_of_memory();
	settings->baseline = config->baseline;
	return STATUS_CLEAN;
}

int config_apply(struct config *config, struct settings *settings, struct arguments arguments,
		 char *const *operands, int operand_count)
{
	struct settings together = SETTINGS_INIT(settings->logs.command);
	int option, status = STATUS_CLEAN;

	if (settings->no_config)
		return STATUS_CLEAN;
	status = find(config, settings, operands, operand_count);
	if (status != STATUS_CLEAN || !config->path)
		return status;
	status = read_file(config, &together);
	if (status == STATUS_CLEAN)
		status = place_baseline(config, &together);
	while (status == STATUS_CLEAN && (option = arguments_next(&arguments)) != OPTION_END)
		settings_set_option(&together, option, arguments.value, &status);
	if (status == STATUS_CLEAN)
		*settings = together;
	return status;
}

int config_apply_logs(struct config *config, struct logs *logs, struct arguments arguments,
		      char *const *operands, int operand_count)
{
	struct settings settings = SETTINGS_INIT(logs->command);
	struct arguments walk = arguments;
	int option, status = STATUS_CLEAN;

	while (status == STATUS_CLEAN && (option = arguments_next(&walk)) != OPTION_END)
		settings_set_option(&settings, option, walk.value, &status);
	if (status == STATUS_CLEAN)
		status = config_apply(config, &settings, arguments, operands, operand_count);
	logs->start = settings.logs.start;
	logs->source = settings.logs.source;
	logs->source_is_given = settings.logs.source_is_given;
	logs->pointer_size = settings.logs.pointer_size;
	logs->reverse = settings.logs.reverse;
	logs->recover = settings.logs.recover;
	logs->reorder = settings.logs.reorder;
	logs->join = settings.logs.join;
	logs->anonymize = settings.logs.anonymize;
	logs->together = settings.logs.together;
	logs->window = settings.logs.window;
	logs->jobs = settings.logs.jobs;
	return status;
}

bool config_is_read(const struct config *config, const struct settings *settings, const char *path)
{
	return (settings->baseline && stream_is_same(settings->baseline, path)) ||
	       (config->path && stream_is_same(config->path, path));
}

int config_spare(const struct config_inputs *inputs, const char *option, const char *path)
{
	const struct command *command = inputs->settings->logs.command;

	if (path && logs_contain(inputs->files, inputs->count, path))
		return usage_error(command, "%s would overwrite '%s', which is an input", option,
				   path);
	if (path && config_is_read(inputs->config, inputs->settings, path))
		return usage_error(command, "%s would overwrite '%s', which this run reads", option,
				   path);
	return STATUS_CLEAN;
}

void config_print(const struct config *config)
{
	if (!config->path)
		return;
	fputs("sessionlint: configuration: ", stderr);
	escape_plain(stderr, text_from(config->path));
	putc('\n', stderr);
	console_show(stderr);
}

void config_free(struct config *config)
{
	free(config->path);
	free(config->data);
	free(config->baseline);
	*config = (struct config) { 0 };
}
