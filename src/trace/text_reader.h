/* SPDX-License-Identifier: MIT */
/* What the readers of all line-based formats have in common: lines, pairs, records. */
#ifndef TRACE_TEXT_READER_H
#define TRACE_TEXT_READER_H

#include "trace/reader.h"
#include "trace/scan.h"

/* Opens @reader as a text log whose lines @scan takes apart; @grammar names them in messages. */
int text_reader_open(struct reader *reader, line_scan *scan, const char *grammar);
int text_reader_read(struct reader *reader, struct batch *batch);
void text_reader_close(struct reader *reader);

#endif
