/* SPDX-License-Identifier: MIT */
/* Rows in a timeline for people. */
#ifndef TIMELINE_TEXT_ROWS_H
#define TIMELINE_TEXT_ROWS_H

#include "timeline/line.h"

#define NUMBER_SIZE    32
#define TEXT_TIME_SIZE 24 /* 2020-08-01 21:17:21.123 */

/* The widths of the columns of a block, and what its last row said of the user. */
struct block {
	struct line line;
	bool timed;
	size_t what, states;
	struct sessionlint_text user, address, client;
};

/* Makes the columns of a block wide enough for a row, and adds the row as a line. */
void block_measure(struct block *block, const struct timeline_row *row);
void block_put_row(struct block *block, const struct timeline_row *row);

/* Adds a row of no session, or of one of which nothing else is known yet. */
void block_put_loose(struct block *block, const struct timeline_row *row);

/* Date and time in UTC, to the millisecond or to the second. */
const char *text_time(uint64_t time, bool fine, char room[TEXT_TIME_SIZE]);

#endif
