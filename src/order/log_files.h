/* SPDX-License-Identifier: MIT */
/*
 * A log of several files. Lines count on through them, so that a session, an event of the past or a
 * registration needs no more than a number to say where it is: the file is found from that.
 */
#ifndef ORDER_LOG_FILES_H
#define ORDER_LOG_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct log_files {
	struct part {
		uint64_t first; /* the number that line 0 of the file has */
		const char *file;
	} * list;
	size_t count, capacity;
	uint64_t last; /* the highest number of a record so far */
};

void log_files_free(struct log_files *files);

/* Begins with @file, which stays the caller's. -ENOMEM. */
int log_files_add(struct log_files *files, const char *file);

/* Makes @line one of the file that was added last, and counts it. */
static inline void log_files_number(struct log_files *files, uint64_t *line)
{
	*line += files->list[files->count - 1].first;
	if (*line > files->last)
		files->last = *line;
}

/* The file that @line is in, and makes it a line of that; @file, and @line as it is, of a log that
 * is one file. */
const char *log_files_locate(const struct log_files *files, const char *file, uint64_t *line);

/* A line as findings show it: its number, with the file before it if that is not the one of the
 * line @near. The text lies in @arena. */
const char *log_files_line(const struct log_files *files, struct arena *arena, uint64_t line,
			   uint64_t near);

#endif
