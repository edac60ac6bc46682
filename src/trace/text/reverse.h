/* SPDX-License-Identifier: MIT */
/*
 * Records of a text from its last one to its first, for logs that are newest first. The text is
 * read twice, without holding more of it than a stretch: once to find where its records are, and
 * then stretch by stretch from its end. What can be read only once is kept in a temporary file.
 */
#ifndef TRACE_TEXT_REVERSE_H
#define TRACE_TEXT_REVERSE_H

#include "trace/reader.h"

/* Has an open text read so. -ENOMEM, or what a temporary file returned. */
int reverse_open(struct reader *reader);
int reverse_read(struct reader *reader, struct batch *batch);
void reverse_close(struct reader *reader);

#endif
