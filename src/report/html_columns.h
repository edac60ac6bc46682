/* SPDX-License-Identifier: MIT */
/*
 * Rows as columns of JSON, which are small and quickly read. Lines and times are differences from
 * the one before in the column; what no number of JavaScript holds exactly is a string. Text is a
 * number of the array "texts".
 */
#ifndef REPORT_HTML_COLUMNS_H
#define REPORT_HTML_COLUMNS_H

#include "report/html.h"

/* What a member of a row is. */
enum html_member {
	HTML_TEXT,   /* struct sessionlint_text */
	HTML_PATH,   /* const char *, held */
	HTML_PLACE,  /* uint64_t: a line or an offset */
	HTML_TIME,   /* uint64_t */
	HTML_COUNT,  /* uint64_t */
	HTML_NUMBER, /* uint32_t, or an enumeration; -1 of UINT32_MAX, which is none */
	HTML_SMALL,  /* uint8_t, or bool */
	HTML_OTHER,  /* what the column's own function writes */
};

struct html_writer {
	struct json_writer *json;
	struct html_texts *texts;
	uint64_t base;     /* a time that was recorded, or SESSIONLINT_NO_TIME */
	uint64_t previous; /* in this column */
	int error;         /* -ENOMEM */
};

struct html_column {
	const char *name;
	enum html_member member;
	size_t offset;
	void (*put)(struct html_writer *writer, const void *row);
};

void column_begin(struct html_writer *writer, const struct html_column *column);
void column_value(struct html_writer *writer, const struct html_column *column, const void *row);
void column_end(struct html_writer *writer);

/* For a column's own function: the difference from writer->previous, which it becomes. */
void write_place(struct html_writer *writer, uint64_t number);

/* Whether JavaScript holds @number exactly. */
bool number_is_exact(uint64_t number);

#endif
