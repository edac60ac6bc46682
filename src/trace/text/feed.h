/* SPDX-License-Identifier: MIT */
/* Records that a program passes one by one, as a line of a text trace or as keys and values: the
 * rules of the text formats apply. */
#ifndef TRACE_TEXT_FEED_H
#define TRACE_TEXT_FEED_H

#include "trace/reader.h"

/* Opens @reader without a log. -ENOMEM. */
int feed_open(struct reader *reader, const struct reader_options *options);

/* Empties @batch and reads a line, key=value or NDJSON, into it: one record, or none for a blank
 * line or a comment. A line feed at the end is ignored. -EINVAL: there is another one; -ENOMEM. */
int feed_line(struct reader *reader, const char *line, size_t size, struct batch *batch);

/* The same for keys and values. -EINVAL: a null pointer that is not allowed. */
int feed_pairs(struct reader *reader, const struct sessionlint_pair *pairs, size_t count,
	       struct batch *batch);

/* How many lines, or calls of feed_pairs(), there were; reader->done counts their bytes. */
uint64_t feed_lines(const struct reader *reader);

/* Continues after @lines of them, with @bytes, as if those had been read. */
void feed_seek(struct reader *reader, uint64_t lines, uint64_t bytes);

#endif
