/* SPDX-License-Identifier: MIT */
/*
 * CSV (RFC 4180) with a header: the first line names the keys, in any letter case, and each further
 * record has their values. Spreadsheets of some countries separate values by semicolons, and copies
 * from a table by tabs: the first of the three in the header is the separator.
 */
#include <errno.h>
#include <stdlib.h>

#include "trace/keys.h"
#include "trace/text/telltale.h"
#include "trace/text/text_reader.h"
#include "trace/text/unescape.h"

/* Max size of an unknown name in a message, and one byte more. */
#define NAME_SIZE 48

struct csv_column {
	struct sessionlint_text name;
	char bytes[NAME_SIZE]; /* of an unknown name */
	unsigned twin;         /* first column of the same name, or this one */
	/* its name is unknown, but the key that was probably meant is optional */
	bool harmless;
};

struct csv {
	struct csv_column columns[PAIRS_MAX];
	unsigned count; /* 0: no header yet */
	bool doubtful;  /* the header is malformed */
	bool lost;      /* it could not be parsed at all */
};

/* Keys that can be missing without changing the meaning of a record. */
#define HARMLESS                                                                                   \
	(KEY_BIT(KEY_TIME) | KEY_BIT(KEY_USER) | KEY_BIT(KEY_ADDRESS) | KEY_BIT(KEY_FROM) |        \
	 KEY_BIT(KEY_TO) | KEY_BIT(KEY_LOCAL) | KEY_BIT(KEY_REASON) | KEY_BIT(KEY_PROCESS))

/* ---- probing ---- */

static const struct text_format *format_find(char separator);

/* A header with a key that every record needs, in any letter case. */
static enum probe_result csv_probe(const struct head *head)
{
	const struct text_format *format = format_find(head->separator);
	struct pairs pairs;
	const char *next;

	if (!format)
		return PROBE_NO;
	if (!head->has_line)
		return head->is_whole ? PROBE_NO : PROBE_WAIT;
	format->scan(head->first, head->text + head->text_size, &pairs, &next);
	for (unsigned i = 0; i < pairs.count; i++) {
		struct sessionlint_text name = pairs.pairs[i].value;

		/* prose has commas too, but followed by blanks */
		if (name.size > 0 && name.data[0] != ' ' && telltale_name(name))
			return PROBE_YES;
	}
	return PROBE_NO;
}

/* ---- the header ---- */

/* Stores an unknown name, to repeat it in records' reasons. */
static void column_doubt(struct csv_column *column, const char *near)
{
	enum record_key key;

	if (column->name.size > NAME_SIZE)
		column->name.size = NAME_SIZE;
	memcpy(column->bytes, column->name.data, column->name.size);
	column->name.data = column->bytes;
	column->harmless = near && trace_key_find(text_from(near), &key, &near) == 0 &&
			   (KEY_BIT(key) & HARMLESS);
}

/* Finds the key with that name in any letter case; otherwise -ENOENT, with a similar one. */
static int column_find(struct sessionlint_text name, enum record_key *ret_key,
		       const char **ret_near)
{
	char lower[NAME_SIZE];

	if (name.size > sizeof lower)
		return trace_key_find(name, ret_key, ret_near);
	for (size_t i = 0; i < name.size; i++)
		lower[i] = ascii_lower(name.data[i]);
	return trace_key_find(text_of(lower, name.size), ret_key, ret_near);
}

static bool column_is_free(struct sessionlint_text name)
{
	size_t prefix = sizeof KEY_FREE_PREFIX - 1;

	return name.size > prefix && text_is(text_of(name.data, prefix), KEY_FREE_PREFIX);
}

/* Adds a column of that name. -EINVAL with a reason: it is malformed, or used twice. */
static int column_take(struct csv *csv, struct sessionlint_text name, struct arena *arena,
		       struct sessionlint_text *ret_reason)
{
	struct csv_column *column = &csv->columns[csv->count];
	const char *near = NULL;
	enum record_key key;

	*column = (struct csv_column) { .name = name, .twin = csv->count };
	csv->count++;
	if (column_is_free(name)) {
		column->name = text_from(KEY_FREE_PREFIX "column");
		return 0;
	}
	if (name.size == 0) {
		*ret_reason = text_from("a column without a name");
		return -EINVAL;
	}
	if (column_find(name, &key, &near) < 0) {
		*ret_reason = text_unknown_key(arena, name, near);
		column_doubt(column, near);
		return -EINVAL;
	}
	column->name = text_from(trace_keys[key].name);
	for (unsigned i = csv->count - 1; i-- > 0;)
		if (text_equal(csv->columns[i].name, column->name))
			column->twin = i;
	if (column->twin == csv->count - 1)
		return 0;
	*ret_reason = arena_format(arena, "duplicate %s", trace_keys[key].name);
	return -EINVAL;
}

/* Reads the names of the columns, and reports the first malformed one. */
static int header_take(struct csv *csv, struct pairs *pairs, struct arena *arena,
		       struct text_malformed *ret_malformed)
{
	struct sessionlint_text reason;

	for (unsigned i = 0; i < pairs->count; i++) {
		struct pair *pair = &pairs->pairs[i];
		const char *at = pair->value.data;

		if (pair->form == PAIR_DOUBLED &&
		    text_undouble(pair->value, arena, &pair->value) < 0)
			return -ENOMEM;
		if (column_take(csv, pair->value, arena, &reason) == 0 || csv->doubtful)
			continue;
		csv->doubtful = true;
		*ret_malformed = (struct text_malformed) { .at = at, .reason = reason };
	}
	pairs->count = 0;
	return csv->doubtful ? -EINVAL : 0;
}

/* ---- records ---- */

static bool is_blank(const struct pairs *pairs)
{
	const struct pair *only = &pairs->pairs[0];

	if (pairs->count != 1 || only->form != PAIR_BARE)
		return false;
	for (size_t i = 0; i < only->value.size; i++)
		if (only->value.data[i] != ' ' && only->value.data[i] != '\t')
			return false;
	return true;
}

static bool is_absent(const struct pair *pair)
{
	return pair->form == PAIR_BARE && pair->value.size == 0;
}

/* Sets the keys of the values, and removes empty ones. */
static void values_name(const struct csv *csv, struct pairs *pairs)
{
	unsigned count = 0;

	/* two columns with the same value do no harm */
	for (unsigned i = 0; csv->doubtful && i < pairs->count; i++) {
		struct pair *pair = &pairs->pairs[i];
		const struct pair *twin = &pairs->pairs[csv->columns[i].twin];

		if (csv->columns[i].harmless ||
		    (pair != twin && text_equal(pair->value, twin->value)))
			*pair = (struct pair) { .form = PAIR_BARE };
	}
	for (unsigned i = 0; i < pairs->count; i++) {
		if (is_absent(&pairs->pairs[i]))
			continue;
		pairs->pairs[count] = pairs->pairs[i];
		pairs->pairs[count++].key = csv->columns[i].name;
	}
	pairs->count = count;
	pairs->doubtful = csv->doubtful;
}

static int csv_name(void *data, struct pairs *pairs, struct arena *arena,
		    struct text_malformed *ret_malformed)
{
	struct csv *csv = data;
	unsigned given = pairs->count;
	const struct sessionlint_text *odd;

	if (csv->count == 0)
		return header_take(csv, pairs, arena, ret_malformed);
	if (is_blank(pairs)) {
		pairs->count = 0;
		return 0;
	}
	if (given == csv->count) {
		values_name(csv, pairs);
		return 0;
	}
	/* the first value without a column, or the end of the last one */
	odd = &pairs->pairs[given < csv->count ? given - 1 : csv->count].value;
	ret_malformed->early = given < csv->count;
	ret_malformed->at = odd->data + (given < csv->count ? odd->size : 0);
	ret_malformed->reason = arena_format(arena, "%u field%s, but the header has %u", given,
					     given == 1 ? "" : "s", csv->count);
	return -EINVAL;
}

/* Blank lines, and comments before the header, are not records. If the header could not be
 * parsed, nothing after it is. */
static const char *csv_begin(struct reader *reader, void *data, const char *line)
{
	const struct csv *csv = data;
	const char *first = line + strspn(line, " \t\r");

	if (csv->count > 0 || (*first != '\n' && *first != '#' && !csv->lost))
		return line;
	if (*first != '\n' && *first != '#') {
		reader->counts.records++;
		reader->counts.skipped++;
	}
	return NULL;
}

static void csv_fail(void *data)
{
	struct csv *csv = data;

	csv->lost = csv->count == 0;
}

/* A malformed header is reported before all records, wherever reading starts. */
static bool csv_in_head(const void *data)
{
	const struct csv *csv = data;

	return csv->count == 0;
}

/* ---- the format ---- */

#define CSV_FORMAT(scanner)                                                                        \
	{                                                                                          \
		.grammar = "CSV (a value with a quote is quoted, and the quote doubled)",          \
		.scan = (scanner), .begin = csv_begin, .name = csv_name, .fail = csv_fail,         \
		.in_head = csv_in_head,                                                            \
	}

static const struct {
	char separator;
	struct text_format format;
} formats[] = {
	{ ',', CSV_FORMAT(csv_comma_scan) },
	{ ';', CSV_FORMAT(csv_semicolon_scan) },
	{ '\t', CSV_FORMAT(csv_tab_scan) },
};

/* NULL: not a separator. */
static const struct text_format *format_find(char separator)
{
	for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (formats[i].separator == separator)
			return &formats[i].format;
	return NULL;
}

static int csv_open(struct reader *reader)
{
	struct csv *csv = calloc(1, sizeof *csv);
	struct head head;

	if (!csv)
		return -ENOMEM;
	head_read(&head, reader->head, reader->head_size, true);
	return text_reader_open(reader, format_find(head.separator), csv);
}

const struct reader_format reader_csv = {
	.name = "csv",
	.summary = "CSV (RFC 4180), whose header names the same keys",
	.probe = csv_probe,
	.open = csv_open,
	.read = text_reader_read,
	.close = text_reader_close,
};
