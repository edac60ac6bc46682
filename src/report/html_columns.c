/* SPDX-License-Identifier: MIT */
#include "report/html_columns.h"

#include <inttypes.h>

#define EXACT_MAX (INT64_C(1) << 53)

bool number_is_exact(uint64_t number)
{
	return number < (uint64_t)EXACT_MAX;
}

void write_place(struct html_writer *writer, uint64_t number)
{
	if (!number_is_exact(number)) {
		fprintf(writer->file, "\"%" PRIu64 "\"", number);
		return;
	}
	fprintf(writer->file, "%" PRId64, (int64_t)number - (int64_t)writer->previous);
	writer->previous = number;
}

static void write_time(struct html_writer *writer, uint64_t time)
{
	int64_t since = (int64_t)(time - writer->base);

	if (time == SESSIONLINT_NO_TIME) {
		fputs("null", writer->file);
	} else if (since >= EXACT_MAX || since <= -EXACT_MAX) {
		fprintf(writer->file, "\"%" PRIu64 "\"", time);
	} else {
		fprintf(writer->file, "%" PRId64, since - (int64_t)writer->previous);
		writer->previous = (uint64_t)since;
	}
}

static void write_count(struct html_writer *writer, uint64_t count)
{
	fprintf(writer->file, number_is_exact(count) ? "%" PRIu64 : "\"%" PRIu64 "\"", count);
}

static void write_text(struct html_writer *writer, struct sessionlint_text text)
{
	uint32_t number = 0;
	int r = texts_number(writer->texts, text, &number);

	if (r < 0)
		writer->error = r;
	fprintf(writer->file, "%" PRIu32, number);
}

static void write_number(struct html_writer *writer, uint32_t number)
{
	if (number == UINT32_MAX)
		fputs("-1", writer->file);
	else
		fprintf(writer->file, "%" PRIu32, number);
}

void column_begin(struct html_writer *writer, const struct html_column *column, bool first)
{
	writer->previous = 0;
	fprintf(writer->file, "%s\n\"%s\":[", first ? "" : ",", column->name);
}

void column_end(struct html_writer *writer)
{
	fputc(']', writer->file);
}

void column_value(struct html_writer *writer, const struct html_column *column, const void *row,
		  bool first)
{
	const void *member = (const char *)row + column->offset;

	if (!first)
		fputc(',', writer->file);
	switch (column->member) {
	case HTML_TEXT:
		write_text(writer, *(const struct sessionlint_text *)member);
		break;
	case HTML_PATH:
		write_text(writer, text_from(*(const char *const *)member));
		break;
	case HTML_PLACE:
		write_place(writer, *(const uint64_t *)member);
		break;
	case HTML_TIME:
		write_time(writer, *(const uint64_t *)member);
		break;
	case HTML_COUNT:
		write_count(writer, *(const uint64_t *)member);
		break;
	case HTML_NUMBER:
		write_number(writer, *(const uint32_t *)member);
		break;
	case HTML_SMALL:
		fprintf(writer->file, "%u", *(const uint8_t *)member);
		break;
	case HTML_OTHER:
		column->put(writer, row);
		break;
	}
}
