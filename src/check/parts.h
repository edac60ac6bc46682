/* SPDX-License-Identifier: MIT */
/*
 * A log of several files. Lines count on through them, so that a session, an event of the past or a
 * registration needs no more than a number to say where it is: the file is found from that.
 */
#ifndef CHECK_PARTS_H
#define CHECK_PARTS_H

#include <stddef.h>
#include <stdint.h>

struct parts {
	struct part {
		uint64_t first; /* the number that line 0 of the file has */
		const char *file;
	} * list;
	size_t count, capacity;
	uint64_t last; /* the highest number of a record so far */
};

void parts_free(struct parts *parts);

/* Begins with @file, which stays the caller's. -ENOMEM. */
int parts_add(struct parts *parts, const char *file);

/* Makes @line one of the file that was added last, and counts it. */
static inline void parts_number(struct parts *parts, uint64_t *line)
{
	*line += parts->list[parts->count - 1].first;
	if (*line > parts->last)
		parts->last = *line;
}

/* The file that @line is in, and makes it a line of that; @file, and @line as it is, of a log that
 * is one file. */
const char *parts_locate(const struct parts *parts, const char *file, uint64_t *line);

#endif
