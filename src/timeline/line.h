/* SPDX-License-Identifier: MIT */
/* Lines of text that are as wide as the terminal. */
#ifndef TIMELINE_LINE_H
#define TIMELINE_LINE_H

#include "timeline/timeline.h"

#define PIECES_MAX 12

/* A line that is broken between its parts where it would be too long. */
struct line {
	const struct timeline_output *output;
	size_t at;     /* the column */
	size_t indent; /* of what comes after a break */
	size_t gap;    /* blanks before the next part; 0: it is the first since a break */
};

/* A part of a line, which is not broken: it is cut if it has no room on a line of its own. */
struct part {
	struct sessionlint_text pieces[PIECES_MAX];
	unsigned count;
	const char *color; /* NULL: none */
	bool listed;       /* it continues a list: a single blank comes before it */
	size_t columns;    /* it takes at least these, if something comes after it */
};

/* Adds a piece, which must stay until the part is put; what is more than it can hold is dropped. */
void part_add(struct part *part, const char *text);
void part_add_text(struct part *part, struct sessionlint_text text);

/* Begins a line with @indent blanks. */
void line_begin(struct line *line, size_t indent);

/* Adds a part, with blanks before it, or on a line of its own; an empty one is nothing. */
void line_put(struct line *line, const struct part *part);

/* The same of a part with one piece, which takes at least @columns. */
void line_put_text(struct line *line, struct sessionlint_text text, size_t columns);

void line_end(struct line *line);

#endif
