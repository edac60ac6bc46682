/* SPDX-License-Identifier: MIT */
/*
 * Rows as columns of JSON, which are small and fast to read. Lines and times are differences from
 * the previous one in the column; a number that JavaScript cannot represent exactly is a string.
 * Text is an index into the array "texts". A column with one value for all rows is {"all": value};
 * lines and times are never written so, and tell how many rows there are.
 */
#ifndef REPORT_HTML_COLUMNS_H
#define REPORT_HTML_COLUMNS_H

#include "report/html/html.h"

/* The type of a member of a row. */
enum html_member {
	HTML_TEXT,   /* struct sessionlint_text */
	HTML_PATH,   /* const char *, held */
	HTML_PLACE,  /* uint64_t: a line or an offset */
	HTML_TIME,   /* uint64_t */
	HTML_COUNT,  /* uint64_t */
	HTML_NUMBER, /* uint32_t or an enumeration; -1 for UINT32_MAX, which means none */
	HTML_SMALL,  /* uint8_t, or bool */
	HTML_OTHER,  /* written by the column's own function */
};

struct html_writer {
	struct json_writer *json;
	struct html_texts *texts;
	uint64_t base;     /* a recorded time, or SESSIONLINT_NO_TIME */
	uint64_t previous; /* in this column */
	int error;         /* -ENOMEM */
};

struct html_column {
	const char *name;
	enum html_member member;
	size_t offset;
	void (*put)(struct html_writer *writer, const void *row);
	bool (*is_none)(
		const void *row); /* it is written as all others that are none; may be NULL */
};

/* What a table is made of: a list whose elements have any number of rows. */
struct html_rows {
	const void *list;
	uint32_t count; /* of elements */
	/* returns NULL if the element has no more rows */
	const void *(*row)(const void *list, uint32_t element, uint32_t row);
};

/* Writes the member @name, an object of columns. */
void table_write(struct html_writer *writer, const char *name, const struct html_column *columns,
		 size_t count, const struct html_rows *rows);

/* Writes a number, as a string if JavaScript cannot represent it exactly. */
void write_count(struct html_writer *writer, uint64_t count);

/* Writes the number of a held text. */
void write_text(struct html_writer *writer, struct sessionlint_text text);

/* For a column's own function: writes the difference from writer->previous and updates that. */
void write_place(struct html_writer *writer, uint64_t number);

/* page_run.c: writes the member "run". */
void html_write_run(struct html_writer *writer, const struct report_run *run);

/* page_annotations.c: writes the member "annotations". */
void html_write_annotations(struct html_writer *writer, const struct html_annotations *annotations);

/* page_witnesses.c: writes the members "witnesses", "inferred" and "unlisted", which number the
 * slices of all incarnations. */
void html_write_witnesses(struct html_writer *writer, struct html_incarnation *const *list,
			  uint32_t count);

/* Whether JavaScript can represent @number exactly. */
bool number_is_exact(uint64_t number);

#endif
