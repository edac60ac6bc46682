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

/* ---- reading ahead ---- */

void log_expect(struct sessionlint *run, const char *path)
{
	struct path_stamp stamp;

	if (path_stamp(path, &stamp) == 0 && stamp.is_file &&
	    !stream_is_open(STREAM_OUTPUT, path) && !stream_is_open(STREAM_ERROR, path))
		run_expect(run, path, stamp.size);
}

void log_list_expect(struct log_list *list, struct sessionlint *run)
{
	while (list->operand < list->count && run_has_room(run)) {
		const struct found_files *found = &list->operands[list->operand];

		if (list->file == found->count) {
			/* more may be found there */
			if (list->operand + 1 == list->count)
				return;
			list->operand++;
			list->file = 0;
			continue;
		}
		if (found->files[list->file].is_log)
			log_expect(run, found->files[list->file].path);
		list->file++;
	}
}

/* ---- finding ---- */

struct search {
	struct log_list *list;
	struct sessionlint *run;
	bool no_memory;
};

static void add(struct search *search, const char *path, struct found_file file)
{
	struct found_files *found = &search->list->operands[search->list->count - 1];
	struct found_file *files = array_grow(found->files, found->count, &found->capacity,
					      sizeof *files);

	if (files)
		found->files = files;
	file.path = files ? strdup(path) : NULL;
	if (file.path)
		found->files[found->count++] = file;
	else
		search->no_memory = true;
	/* they are read while others are found */
	log_list_expect(search->list, search->run);
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

int log_list_find(struct log_list *list, struct sessionlint *run, char *const *operands,
		  size_t count)
{
	static const struct walk_visitor visitor = {
		.log = on_log,
		.other = on_other,
		.failed = on_failure,
	};
	struct search search = { .list = list, .run = run };

	*list = (struct log_list) { .operands = calloc(count + 1, sizeof *list->operands) };
	if (!list->operands)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		list->count++;
		if (strcmp(operands[i], "-") != 0)
			list->operands[i].logs = walk_files(operands[i], &visitor, &search);
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
