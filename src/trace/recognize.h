/* SPDX-License-Identifier: MIT */
/*
 * What a file is, by its first bytes: a log that is read, or something else, of which the table
 * says what it is and how to get from it to a log. Who writes a reader for one of these shapes puts
 * it into the row.
 */
#ifndef TRACE_RECOGNIZE_H
#define TRACE_RECOGNIZE_H

#include "trace/file_head.h"
#include "trace/reader.h"

enum recognition_is {
	RECOGNITION_LOG,    /* it is read */
	RECOGNITION_SHAPE,  /* a log in a shape that is not read */
	RECOGNITION_REPORT, /* the program has written it itself */
	RECOGNITION_OTHER,
};

struct recognition {
	enum recognition_is is;
	const struct reader_format *format; /* which reads it; NULL: none does */
	const char *what; /* of what is not read: what it is, and after a semicolon the way out */

	/* What all has to be there; what is zero is not asked for. */
	struct {
		const char *bytes; /* at the offset @at of the file */
		size_t size, at;
	} magic;
	const char *members[3]; /* of the object of JSON, or of the first one in an array */
	const char *columns[3]; /* of the first line, in upper or lower case */
	const char *words[2];   /* in a text, spelt just so */
	enum probe_result (*probe)(const struct head *head);
};

/* The row for a file that begins so; NULL: more bytes are needed, of a head that is not whole. */
const struct recognition *recognize(const struct head *head);

#endif
