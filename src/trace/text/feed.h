/* SPDX-License-Identifier: MIT */
/*
 * Records that a program hands over one by one, as a line of a text trace or as keys and values:
 * they are read by the rules of the text formats.
 */
#ifndef TRACE_TEXT_FEED_H
#define TRACE_TEXT_FEED_H

#include "trace/reader.h"

/* Opens @reader, whose log is nowhere. -ENOMEM. */
int feed_open(struct reader *reader, const struct reader_options *options);

/*
 * Reads a line, key=value or NDJSON, into @batch, which is emptied before: it then has one record,
 * or none for a blank line or a comment. One line feed at its end is left out. -EINVAL: it has
 * another; -ENOMEM.
 */
int feed_line(struct reader *reader, const char *line, size_t size, struct batch *batch);

/* The same of keys and values. -EINVAL: a null pointer where there must be none. */
int feed_pairs(struct reader *reader, const struct sessionlint_pair *pairs, size_t count,
	       struct batch *batch);

#endif
