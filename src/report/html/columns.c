/* SPDX-License-Identifier: MIT */
#include "report/html/columns.h"

#include <inttypes.h>

#define EXACT_MAX (INT64_C(1) << 53)

bool number_is_exact(uint64_t number)
{
	return number < (uint64_t)EXACT_MAX;
}

void write_count(struct html_writer *writer, uint64_t count)
{
	fprintf(json_value(writer->json), number_is_exact(count) ? "%" PRIu64 : "\"%" PRIu64 "\"",
		count);
}

void write_place(struct html_writer *writer, uint64_t number)
{
	if (!number_is_exact(number)) {
		write_count(writer, number);
		return;
	}
	json_signed(writer->json, (int64_t)number - (int64_t)writer->previous);
	writer->previous = number;
}

static void write_time(struct html_writer *writer, uint64_t time)
{
	int64_t since = (int64_t)(time - writer->base);

	if (time == SESSIONLINT_NO_TIME) {
		json_null(writer->json);
	} else if (since >= EXACT_MAX || since <= -EXACT_MAX) {
		fprintf(json_value(writer->json), "\"%" PRIu64 "\"", time);
	} else {
		json_signed(writer->json, since - (int64_t)writer->previous);
		writer->previous = (uint64_t)since;
	}
}

void write_text(struct html_writer *writer, struct sessionlint_text text)
{
	uint32_t number = 0;
	int r = texts_number(writer->texts, text, &number);

	if (r < 0)
		writer->error = r;
	json_number(writer->json, number);
}

static void write_number(struct html_writer *writer, uint32_t number)
{
	json_signed(writer->json, number == UINT32_MAX ? -1 : (int64_t)number);
}

static void value_write(struct html_writer *writer, const struct html_column *column,
			const void *row)
{
	const void *member = (const char *)row + column->offset;

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
		json_number(writer->json, *(const uint8_t *)member);
		break;
	case HTML_OTHER:
		column->put(writer, row);
		break;
	}
}

/* Whether two rows have the same value, which is no difference from the row before. */
static bool values_equal(const struct html_column *column, const void *a, const void *b)
{
	const void *first = (const char *)a + column->offset;
	const void *second = (const char *)b + column->offset;

	switch (column->member) {
	case HTML_TEXT:
		return text_equal(*(const struct sessionlint_text *)first,
				  *(const struct sessionlint_text *)second);
	case HTML_PATH:
		return strcmp(*(const char *const *)first, *(const char *const *)second) == 0;
	case HTML_COUNT:
		return *(const uint64_t *)first == *(const uint64_t *)second;
	case HTML_NUMBER:
		return *(const uint32_t *)first == *(const uint32_t *)second;
	case HTML_SMALL:
		return *(const uint8_t *)first == *(const uint8_t *)second;
	case HTML_OTHER:
		return column->is_none && column->is_none(a) && column->is_none(b);
	case HTML_PLACE:
	case HTML_TIME:
		break;
	}
	return false;
}

/* A row whose value all rows have, or NULL. */
static const void *row_of_all(const struct html_column *column, const struct html_rows *rows)
{
	const void *first = NULL, *row;

	for (uint32_t element = 0; element < rows->count; element++)
		for (uint32_t i = 0; (row = rows->row(rows->list, element, i)) != NULL; i++) {
			first = first ? first : row;
			if (!values_equal(column, first, row))
				return NULL;
		}
	return first;
}

static void column_write(struct html_writer *writer, const struct html_column *column,
			 const struct html_rows *rows)
{
	const void *all = row_of_all(column, rows), *row;

	writer->previous = 0;
	json_line(writer->json, "\n");
	json_member_open(writer->json, column->name, all ? '{' : '[');
	if (all) {
		json_key(writer->json, "all");
		value_write(writer, column, all);
	}
	for (uint32_t element = 0; !all && element < rows->count; element++)
		for (uint32_t i = 0; (row = rows->row(rows->list, element, i)) != NULL; i++)
			value_write(writer, column, row);
	json_close(writer->json);
}

void table_write(struct html_writer *writer, const char *name, const struct html_column *columns,
		 size_t count, const struct html_rows *rows)
{
	json_line(writer->json, "\n");
	json_member_open(writer->json, name, '{');
	for (size_t i = 0; i < count; i++)
		column_write(writer, &columns[i], rows);
	json_close(writer->json);
}
