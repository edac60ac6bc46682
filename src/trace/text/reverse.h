/* SPDX-License-Identifier: MIT */
/*
 * Reads the records of a text from last to first, for logs that are newest first. The text is read
 * twice, one stretch in memory at a time: once to find where its records are, then stretch by
 * stretch from the end. Input that can only be read once is copied to a temporary file.
 */
#ifndef TRACE_TEXT_REVERSE_H
#define TRACE_TEXT_REVERSE_H

#include "trace/reader.h"

/* Makes an open text be read in reverse. -ENOMEM, or the error of a temporary file. */
int reverse_open(struct reader *reader);
int reverse_read(struct reader *reader, struct batch *batch);
void reverse_close(struct reader *reader);

#endif
