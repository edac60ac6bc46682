/* SPDX-License-Identifier: MIT */
#include "cli/logs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/console.h"
#include "base/escape.h"
#include "base/folder.h"
#include "base/stream.h"
#include "base/text.h"
#include "check/run_ahead.h"
#include "cli/folder_walk.h"
#include "cli/log_list.h"

#define STANDARD_NAME "<stdin>"

#define NOT_A_LOG_SIZE 400

static const char *error_text(int error)
{
	switch (-error) {
	case ENODATA:
		return "no records; there is nothing to check";
	case EILSEQ:
		return "the times run backward, and nothing was judged; --reverse reads a text "
		       "from its last record to its first";
	case EXDEV:
		return "not part of the same log as the files before: text and .evtx, or .evtx "
		       "from another channel or computer";
	case EISDIR:
		return "a folder; name it as an argument to check the logs in it";
	case ELOOP:
		return "nested too deeply, or a loop";
	default:
		return strerror(-error);
	}
}

void logs_complain(struct logs *logs, const char *path, const char *what)
{
	logs_progress_clear(logs);
	logs->failed = true;
	if (logs->silent)
		return;
	path_error(path, what);
	console_show(stderr);
	if (logs->on_failed)
		logs->on_failed(logs->userdata, path, what);
}

/* Reports what a file is that is not a log. */
static void complain_of_other(struct logs *logs, const char *path, const char *what)
{
	char text[NOT_A_LOG_SIZE];

	snprintf(text, sizeof text, "not a session trace, but %s", what);
	logs_complain(logs, path, text);
}

/* Reports that reading a log failed, unless the reason is that nobody reads the findings any more.
 */
static void log_failed(struct logs *logs, const char *path, int error)
{
	if (error == -EPIPE) {
		logs->unread = logs->failed = true;
		return;
	}
	logs->no_memory |= error == -ENOMEM;
	if (error == -EBADMSG && sessionlint_not_a_log(logs->run))
		complain_of_other(logs, path, sessionlint_not_a_log(logs->run));
	else
		logs_complain(logs, path, error_text(error));
}

/* Suggests --join, once, for files that are parts of one log. */
static void hint_at_join(struct logs *logs)
{
	const char *earlier, *later;

	if (logs->hinted || !sessionlint_continued(logs->run, &earlier, &later))
		return;
	logs->hinted = true;
	logs_progress_clear(logs);
	fputs("sessionlint: ", stderr);
	escape_plain(stderr, text_from(later));
	fputs(" continues ", stderr);
	escape_plain(stderr, text_from(earlier));
	fputs("; --join checks them as one log\n", stderr);
	console_show(stderr);
}

/* Checks the file at @path, or standard input under that name. */
static void check_log(struct logs *logs, const char *path, bool standard)
{
	const struct run_totals *totals = run_totals(logs->run);
	uint64_t records = totals->records, unreadable = totals->unreadable;
	int r = standard ? sessionlint_check_descriptor(logs->run, STREAM_INPUT, path)
			 : sessionlint_check_file(logs->run, path);

	logs_progress_clear(logs);
	if (logs->hints)
		hint_at_join(logs);
	records = totals->records - records;
	unreadable = totals->unreadable - unreadable;
	if (logs->on_read)
		logs->on_read(logs->userdata);
	if (r < 0)
		log_failed(logs, path, r);
	else if (records > 1 && unreadable >= records && !standard)
		logs_complain(logs, path, "no record can be read; is it a session trace?");
}

/* Otherwise the file would grow as fast as it is read, without end. */
static void complain_of_output(struct logs *logs, const char *path)
{
	logs_complain(logs, path, "standard output goes to this file; not read");
}

static void complain_of_error(struct logs *logs, const char *path)
{
	logs_complain(logs, path, "standard error goes to this file; not read");
}

/* Looks into a file of a folder that is not a log: one with tagged records should be checked. */
static void on_other(void *userdata, const char *path, const char *what)
{
	struct logs *logs = userdata;
	bool tagged = false;
	int r = 0;

	if (logs->unread || logs->silent)
		return;
	if (what)
		r = file_find_tag(path, &tagged);
	if (r == 0)
		r = skipped_add(&logs->skipped, path);
	if (r < 0)
		logs_complain(logs, path, error_text(r));
	else if (tagged)
		logs_complain(logs, path,
			      "skipped, but it contains 'sessionlint:'; name the file to have it "
			      "checked");
}

static void on_log(void *userdata, const char *path)
{
	struct logs *logs = userdata;

	if (logs->unread)
		return;
	if (stream_is_open(STREAM_OUTPUT, path))
		complain_of_output(logs, path);
	else if (stream_is_open(STREAM_ERROR, path))
		complain_of_error(logs, path);
	else
		check_log(logs, path, false);
}

static void on_failure(void *userdata, const char *path, int error)
{
	log_failed(userdata, path, -error);
}

static void complain_of_walk(struct logs *logs, const char *argument, long count)
{
	logs_progress_clear(logs);
	skipped_print(&logs->skipped, argument);
	if (count < 0)
		log_failed(logs, argument, (int)count);
	else if (count == 0)
		logs_complain(logs, argument, "no logs in this folder");
}

/* ---- a list of logs ---- */

struct part_list {
	struct logs *logs;
	char **paths; /* NULL: standard input */
	size_t count, capacity;
};

static void add_part(struct part_list *parts, const char *path)
{
	char **paths = array_grow(parts->paths, parts->count, &parts->capacity, sizeof *paths);
	char *copy = NULL;

	if (!paths) {
		log_failed(parts->logs, logs_name(path), -ENOMEM);
		return;
	}
	parts->paths = paths;
	if (strcmp(path, "-") != 0 && !(copy = strdup(path)))
		log_failed(parts->logs, path, -ENOMEM);
	else
		parts->paths[parts->count++] = copy;
}

static void on_part(void *userdata, const char *path)
{
	struct part_list *parts = userdata;

	if (stream_is_open(STREAM_OUTPUT, path))
		complain_of_output(parts->logs, path);
	else if (stream_is_open(STREAM_ERROR, path))
		complain_of_error(parts->logs, path);
	else
		add_part(parts, path);
}

static void on_part_other(void *userdata, const char *path, const char *what)
{
	struct part_list *parts = userdata;

	on_other(parts->logs, path, what);
}

static void on_part_failure(void *userdata, const char *path, int error)
{
	struct part_list *parts = userdata;

	on_failure(parts->logs, path, error);
}

static void find_parts(struct part_list *parts, const char *operand)
{
	static const struct walk_visitor visitor = {
		.log = on_part,
		.other = on_part_other,
		.failed = on_part_failure,
	};

	if (strcmp(operand, "-") == 0) {
		if (stream_is_shared(STREAM_INPUT, STREAM_OUTPUT))
			complain_of_output(parts->logs, STANDARD_NAME);
		else
			add_part(parts, operand);
		return;
	}
	complain_of_walk(parts->logs, operand, walk_files(operand, &visitor, parts));
}

/* ---- the logs of a machine ---- */

/* All logs of a machine called @name have been read. */
static void end_machine(struct logs *logs, const char *name)
{
	int r = sessionlint_end_machine(logs->run, name);

	logs_progress_clear(logs);
	if (r < 0)
		log_failed(logs, name, r);
}

/* How long the part of @path is that names its folder. */
static size_t folder_size(const char *path)
{
	size_t size = strlen(path);

	while (size > 0 && !path_is_separator(path[size - 1]))
		size--;
	return size;
}

static int compare_folders(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	size_t x_size = folder_size(x), y_size = folder_size(y);
	int order = memcmp(x, y, x_size < y_size ? x_size : y_size);

	if (order == 0 && x_size != y_size)
		order = x_size < y_size ? -1 : 1;
	return order ? order : strcmp(x, y);
}

/* Checks the logs of each folder below @folder as those of a machine. */
static void check_folders(struct logs *logs, const char *folder)
{
	struct part_list parts = { .logs = logs };

	find_parts(&parts, folder);
	if (parts.count > 0)
		qsort(parts.paths, parts.count, sizeof *parts.paths, compare_folders);
	for (size_t i = 0, next = 0; i < parts.count && !logs->unread; i++) {
		char *path = parts.paths[i];
		size_t size = folder_size(path);

		for (; next < parts.count && run_has_room(logs->run); next++)
			log_expect(logs->run, parts.paths[next]);
		check_log(logs, path, false);
		if (i + 1 < parts.count && size == folder_size(parts.paths[i + 1]) &&
		    memcmp(path, parts.paths[i + 1], size) == 0)
			continue;
		end_machine(logs, path);
	}
	for (size_t i = 0; i < parts.count; i++)
		free(parts.paths[i]);
	free(parts.paths);
}

/* Checks what was found below the operand with that number. */
static void check_found(struct logs *logs, struct log_list *list, size_t operand)
{
	const struct found_files *found = &list->operands[operand];

	for (size_t i = 0; i < found->count; i++) {
		const struct found_file *file = &found->files[i];

		log_list_expect(list, logs->run);
		if (file->is_log)
			on_log(logs, file->path);
		else if (file->error)
			on_failure(logs, file->path, file->error);
		else
			on_other(logs, file->path, file->what);
	}
}

/* @list: what was found, unless each folder is a machine. */
static void check_argument(struct logs *logs, const char *argument, struct log_list *list,
			   size_t operand)
{
	if (strcmp(argument, "-") == 0) {
		if (stream_is_shared(STREAM_INPUT, STREAM_OUTPUT))
			complain_of_output(logs, STANDARD_NAME);
		else
			check_log(logs, STANDARD_NAME, true);
		return;
	}
	if (logs->together == LOGS_FOLDER) {
		check_folders(logs, argument);
		return;
	}
	check_found(logs, list, operand);
	complain_of_walk(logs, argument, list->operands[operand].logs);
}

const char *logs_name(const char *operand)
{
	return strcmp(operand, "-") == 0 ? STANDARD_NAME : operand;
}

/* The same without a separator at the end of a folder; free() it. */
static char *argument_name(const char *argument)
{
	char *name = strdup(logs_name(argument));
	size_t size = name ? strlen(name) : 0;

	while (size > 1 && strchr("/\\", name[size - 1]) && *path_separator(name) == '\0')
		name[--size] = '\0';
	return name;
}

/* Reports to @ended that all of @name was checked. */
static void report_judged(struct logs *logs, const char *name)
{
	int r = sessionlint_check_judged(logs->run, name);

	if (r < 0)
		log_failed(logs, name, r);
}

static void check_operand(struct logs *logs, const char *argument, struct log_list *list,
			  size_t operand)
{
	bool failed = logs->failed;
	enum path_kind kind = PATH_FILE;
	char *name;

	if (logs->unread)
		return;
	name = argument_name(argument);
	if (!name) {
		log_failed(logs, argument, -ENOMEM);
		return;
	}
	logs->failed = false;
	check_argument(logs, argument, list, operand);
	report_judged(logs, name);
	if (logs->on_read && path_kind(argument, true, &kind) == 0 && kind == PATH_FOLDER)
		logs->on_read(logs->userdata);
	logs->failed |= failed;
	free(name);
}

/* ---- one log in several files ---- */

static const char *part_name(const struct part_list *parts, size_t part)
{
	const char *path = parts->paths[part];

	return path ? path : STANDARD_NAME;
}

/* If a part is missing, the log is incomplete: then nothing is checked. */
static void check_parts(struct part_list *parts)
{
	struct logs *logs = parts->logs;
	size_t part;
	int r = sessionlint_check_parts(logs->run, (const char *const *)parts->paths, parts->count,
					&part);

	logs_progress_clear(logs);
	if (logs->on_read)
		logs->on_read(logs->userdata);
	if (r < 0)
		log_failed(logs, part_name(parts, part < parts->count ? part : 0), r);
	report_judged(logs, part_name(parts, 0));
}

static void check_joined(struct logs *logs, char *const *operands, int count)
{
	struct part_list parts = { .logs = logs };

	for (int i = 0; i < count; i++)
		find_parts(&parts, operands[i]);
	if (!logs->failed && parts.count > 0)
		check_parts(&parts);
	for (size_t i = 0; i < parts.count; i++)
		free(parts.paths[i]);
	free(parts.paths);
}

void logs_check(struct logs *logs, char *const *operands, int count)
{
	/* the files of one log find each other in an account */
	bool join = logs->join && logs->together == LOGS_APART;
	struct log_list list = { 0 };

	if (join)
		check_joined(logs, operands, count);
	else if (logs->together != LOGS_FOLDER &&
		 log_list_find(&list, logs->run, operands, (size_t)count) < 0)
		log_failed(logs, logs_name(operands[0]), -ENOMEM);
	for (int i = 0; i < count && !join && !logs->no_memory; i++)
		check_operand(logs, operands[i], &list, (size_t)i);
	log_list_free(&list);
	if (count > 0 && logs->together != LOGS_APART && !logs->unread)
		end_machine(logs, logs_name(operands[0]));
}

/* ---- steps ---- */

int logs_listen(struct logs *logs, char *const *arguments, int count,
		const struct logs_listener *listener, void *userdata, struct run_totals *ret_totals)
{
	if (logs_begin(logs) < 0)
		return -ENOMEM;
	if (listener->begun)
		listener->begun(userdata, logs->run);
	sessionlint_set_report(logs->run, listener->finding, userdata);
	sessionlint_set_observe(logs->run, listener->step, userdata);
	sessionlint_set_annotate(logs->run, listener->annotation, userdata);
	if (console_is_terminal(stderr))
		sessionlint_set_progress(logs->run, logs_progress, logs);
	logs_check(logs, arguments, count);
	*ret_totals = *run_totals(logs->run);
	if (listener->ended)
		listener->ended(userdata, logs->run);
	if (ret_totals->unreadable && !logs->silent) {
		fprintf(stderr,
			"sessionlint: %" PRIu64
			" record%s cannot be read; run 'sessionlint check' for details\n",
			ret_totals->unreadable, ret_totals->unreadable == 1 ? "" : "s");
		logs->failed = true;
	}
	sessionlint_free(logs->run);
	logs->run = NULL;
	return logs->no_memory ? -ENOMEM : 0;
}

int logs_observe(struct logs *logs, char *const *arguments, int count,
		 sessionlint_observe_callback *observe, void *userdata,
		 struct run_totals *ret_totals)
{
	const struct logs_listener listener = { .step = observe };

	return logs_listen(logs, arguments, count, &listener, userdata, ret_totals);
}
