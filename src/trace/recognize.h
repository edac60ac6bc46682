/* SPDX-License-Identifier: MIT */
/*
 * Recognizes a file by its first bytes: a log that can be read, or something else, for which the
 * table says what it is and how to convert it to a log. To support one of these shapes, write a
 * reader and add it to the row.
 */
#ifndef TRACE_RECOGNIZE_H
#define TRACE_RECOGNIZE_H

#include "trace/file_head.h"
#include "trace/reader.h"

enum recognition_is {
	RECOGNITION_LOG,    /* can be read */
	RECOGNITION_SHAPE,  /* a log in a shape that cannot be read */
	RECOGNITION_REPORT, /* output of sessionlint */
	RECOGNITION_OTHER,
};

struct recognition {
	enum recognition_is is;
	const struct reader_format *format; /* the reader; NULL: none */
	const char *what; /* if it cannot be read: what it is, and after a semicolon what to do */

	/* All of these must match, except those that are zero. */
	struct {
		const char *bytes; /* at offset @at in the file */
		size_t size, at;
	} magic;
	const char *members[3]; /* of the JSON object, or of the first one in an array */
	const char *columns[3]; /* of the first line, in upper or lower case */
	const char *words[2];   /* in a text, in this spelling */
	enum probe_result (*probe)(const struct head *head);
};

/* The row for a file with this head; NULL: more bytes are needed, and there are some. */
const struct recognition *recognize(const struct head *head);

#endif
