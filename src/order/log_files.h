/* SPDX-License-Identifier: MIT */
/* A log of several files. Line numbers continue across them, so that a session, an event or a
 * registration stores one number as its place, and the file is found from that. */
#ifndef ORDER_LOG_FILES_H
#define ORDER_LOG_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct log_files {
	struct part {
		uint64_t first; /* the number of line 0 of the file */
		const char *file;
	} * list;
	size_t count, capacity;
	uint64_t last; /* highest number of a record so far */
	/* of a log that was made from others, otherwise NULL: finds the file of a line, and turns
	 * the line into one of that file. Returns NULL if there is no such line. */
	const char *(*find)(const void *source, uint64_t *line);
	const void *source;
};

void log_files_free(struct log_files *files);

/* Adds @file, which the caller owns. -ENOMEM. */
int log_files_add(struct log_files *files, const char *file);

/* Turns @line of the file added last into a line of the log. */
static inline void log_files_number(struct log_files *files, uint64_t *line)
{
	*line += files->list[files->count - 1].first;
	if (*line > files->last)
		files->last = *line;
}

/* Finds the file of @line, and turns @line into a line of that file. For a log of one file,
 * returns @file and leaves @line unchanged; likewise for line 0 of a log that was made from others:
 * the log as a whole. */
const char *log_files_locate(const struct log_files *files, const char *file, uint64_t *line);

/* Formats a line number for findings, with its file if that differs from the file of line @near.
 * The text is in @arena. */
const char *log_files_line(const struct log_files *files, struct arena *arena, uint64_t line,
			   uint64_t near);

#endif
