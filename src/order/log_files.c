/* SPDX-License-Identifier: MIT */
#include "order/log_files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"

void log_files_free(struct log_files *files)
{
	free(files->list);
	*files = (struct log_files) { .list = NULL };
}

int log_files_add(struct log_files *files, const char *file)
{
	struct part *list = array_grow(files->list, files->count, &files->capacity, sizeof *list);

	if (!list)
		return -ENOMEM;
	files->list = list;
	files->list[files->count] = (struct part) {
		.first = files->count > 0 ? files->last + 1 : 0,
		.file = file,
	};
	files->last = files->list[files->count++].first;
	return 0;
}

const char *log_files_locate(const struct log_files *files, const char *file, uint64_t *line)
{
	size_t low = 0, high = files->count;
	const char *found = files->find ? files->find(files->source, line) : NULL;

	if (found)
		return found;
	if (files->count == 0)
		return file;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (files->list[middle].first <= *line)
			low = middle;
		else
			high = middle;
	}
	*line -= files->list[low].first;
	return files->list[low].file;
}

const char *log_files_line(const struct log_files *files, struct arena *arena, uint64_t line,
			   uint64_t near)
{
	const char *here = log_files_locate(files, NULL, &near);
	const char *file = log_files_locate(files, NULL, &line);
	struct sessionlint_text text;

	if (file == here)
		text = arena_format(arena, "%" PRIu64, line);
	else
		text = arena_format(arena, "%s:%" PRIu64, file, line);
	return text.data ? text.data : "";
}
