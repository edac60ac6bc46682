/* SPDX-License-Identifier: MIT */
#include "cli/log_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/folder.h"
#include "base/stream.h"
#include "check/run_ahead.h"
#include "cli/folder_walk.h"

/* A log below this size is read in less time than two threads need to hand it over. */
#define SIZE_MIN ((uint64_t)1 << 20)

/* ---- finding ---- */

struct search {
	struct found_files *found;
	bool no_memory;
};

static void add(struct search *search, const char *path, struct found_file file)
{
	struct found_files *found = search->found;
	struct found_file *files = array_grow(found->files, found->count, &found->capacity,
					      sizeof *files);

	if (files)
		found->files = files;
	file.path = files ? strdup(path) : NULL;
	if (file.path)
		found->files[found->count++] = file;
	else
		search->no_memory = true;
}

static void on_log(void *userdata, const char *path)
{
	add(userdata, path, (struct found_file) { .is_log = true });
}

static void on_other(void *userdata, const char *path, const char *what)
{
	add(userdata, path, (struct found_file) { .what = what });
}

static void on_failure(void *userdata, const char *path, int error)
{
	add(userdata, path, (struct found_file) { .error = error });
}

int log_list_find(struct log_list *list, char *const *operands, size_t count)
{
	static const struct walk_visitor visitor = {
		.log = on_log,
		.other = on_other,
		.failed = on_failure,
	};
	struct search search = { 0 };

	*list = (struct log_list) { .operands = calloc(count + 1, sizeof *list->operands) };
	if (!list->operands)
		return -ENOMEM;
	for (; list->count < count; list->count++) {
		const char *operand = operands[list->count];

		search.found = &list->operands[list->count];
		if (strcmp(operand, "-") != 0)
			search.found->logs = walk_files(operand, &visitor, &search);
	}
	return search.no_memory ? -ENOMEM : 0;
}

void log_list_free(struct log_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		for (size_t j = 0; j < list->operands[i].count; j++)
			free(list->operands[i].files[j].path);
		free(list->operands[i].files);
	}
	free(list->operands);
}

/* ---- reading ahead ---- */

void log_expect(struct sessionlint *run, const char *path)
{
	struct path_stamp stamp;
	enum path_kind kind;

	if (path_stamp(path, &stamp) == 0 && stamp.size >= SIZE_MIN &&
	    path_kind(path, true, &kind) == 0 && kind == PATH_FILE &&
	    !stream_is_open(STREAM_OUTPUT, path) && !stream_is_open(STREAM_ERROR, path))
		run_expect(run, path);
}

void log_list_expect(struct log_list *list, struct sessionlint *run)
{
	while (list->operand < list->count && run_has_room(run)) {
		const struct found_files *found = &list->operands[list->operand];

		if (list->file == found->count) {
			list->operand++;
			list->file = 0;
			continue;
		}
		if (found->files[list->file].is_log)
			log_expect(run, found->files[list->file].path);
		list->file++;
	}
}
