/* SPDX-License-Identifier: MIT */
/*
 * One trace in all formats: the input says which keys records have and which values, and they are
 * spelt as key=value, NDJSON, CSV and debug output, and in UTF-16. All readers have to make the
 * same of them.
 *
 * The input: a byte for the key (its highest bit ends a record before it), a byte for the size of
 * the value, the value.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf.h"
#include "harness.h"
#include "trace/keys.h"

#define RECORDS_MAX 32

struct field {
	const uint8_t *value;
	size_t size;
	bool there;
};

struct table {
	struct field fields[RECORDS_MAX][RECORD_KEYS];
	unsigned records;
	bool used[RECORD_KEYS]; /* by any of them: the columns of CSV */
};

enum spelling {
	SPELLING_LOGFMT,
	SPELLING_NDJSON,
	SPELLING_CSV,
	SPELLING_DEBUG,
	SPELLINGS
};

static const char *const names[] = { "key=value", "NDJSON", "CSV", "debug output" };

static bool holds_tag(const uint8_t *value, size_t size)
{
	static const char tag[] = "sessionlint:";

	for (size_t i = 0; i + strlen(tag) <= size; i++)
		if (strncasecmp((const char *)value + i, tag, strlen(tag)) == 0)
			return true;
	return false;
}

/* Values are what each format can say: UTF-8 without control characters, and not empty, for that is
 * a key that CSV has not. */
static bool is_sayable(const uint8_t *value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (value[i] < 0x20 || value[i] == 0x7f)
			return false;
	/* debug output would begin a record at the tag */
	return size > 0 && utf8_valid((const char *)value, size) == size && !holds_tag(value, size);
}

static bool table_read(struct table *table, const uint8_t *data, size_t size)
{
	memset(table, 0, sizeof *table);
	table->records = 1;
	while (size >= 2) {
		unsigned key = (data[0] & 0x7fU) % RECORD_KEYS;
		size_t value = data[1] < size - 2 ? data[1] : size - 2;
		struct field *field;

		if (data[0] & 0x80 && ++table->records > RECORDS_MAX)
			return false;
		field = &table->fields[table->records - 1][key];
		*field = (struct field) { .value = data + 2, .size = value, .there = true };
		table->used[key] = true;
		if (!is_sayable(field->value, field->size))
			return false;
		data += 2 + value;
		size -= 2 + value;
	}
	/* a record without a key is a blank line */
	for (unsigned i = 0; i < table->records; i++) {
		bool any = false;

		for (unsigned key = 0; key < RECORD_KEYS; key++)
			any |= table->fields[i][key].there;
		if (!any)
			return false;
	}
	return true;
}

static void put_quoted(FILE *to, const struct field *field, bool doubled)
{
	putc('"', to);
	for (size_t i = 0; i < field->size; i++) {
		if (field->value[i] == '"')
			putc(doubled ? '"' : '\\', to);
		if (field->value[i] == '\\' && !doubled)
			putc('\\', to);
		putc(field->value[i], to);
	}
	putc('"', to);
}

static void put_record(FILE *to, const struct table *table, unsigned number, enum spelling spelling)
{
	const char *between = "";

	if (spelling == SPELLING_DEBUG)
		fprintf(to, "%08u\t0.%u\t[4] sessionlint: ", number + 2, number + 2);
	if (spelling == SPELLING_NDJSON)
		putc('{', to);
	for (unsigned key = 0; key < RECORD_KEYS; key++) {
		const struct field *field = &table->fields[number][key];

		if (spelling == SPELLING_CSV ? !table->used[key] : !field->there)
			continue;
		fputs(between, to);
		between = spelling == SPELLING_NDJSON || spelling == SPELLING_CSV ? "," : " ";
		if (spelling == SPELLING_NDJSON)
			fprintf(to, "\"%s\":", trace_keys[key].name);
		else if (spelling != SPELLING_CSV)
			fprintf(to, "%s=", trace_keys[key].name);
		if (field->there)
			put_quoted(to, field, spelling == SPELLING_CSV);
	}
	fputs(spelling == SPELLING_NDJSON ? "}\n" : "\n", to);
}

static struct sessionlint_text spell(const struct table *table, enum spelling spelling)
{
	char *bytes = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&bytes, &size);
	const char *between = "";

	if (!to)
		harness_fail("no memory");
	if (spelling == SPELLING_DEBUG)
		fputs("00000001\t0.1\t[4] begin\n", to);
	for (unsigned key = 0; key < RECORD_KEYS && spelling == SPELLING_CSV; key++) {
		if (!table->used[key])
			continue;
		fprintf(to, "%s%s", between, trace_keys[key].name);
		between = ",";
	}
	if (spelling == SPELLING_CSV)
		putc('\n', to);
	for (unsigned i = 0; i < table->records; i++)
		put_record(to, table, i, spelling);
	fclose(to);
	return text_of(bytes, size);
}

/* Reads @text, and compares what it holds with @first, which is set if it is empty. */
static void compare(const char *name, const void *text, size_t size, struct sessionlint_text *first)
{
	struct sessionlint_text records = harness_records(text, size);

	if (!first->data) {
		*first = records;
		return;
	}
	if (!text_equal(*first, records))
		harness_fail("%s is read as\n%.*s\nand key=value as\n%.*s", name, (int)records.size,
			     records.data, (int)first->size, first->data);
	free((char *)(uintptr_t)records.data);
}

static void target(const uint8_t *data, size_t size)
{
	static struct table table;
	struct sessionlint_text first = { 0 };
	unsigned columns = 0;
	uint8_t *wide;
	size_t wide_size;

	if (!table_read(&table, data, size))
		return;
	for (unsigned key = 0; key < RECORD_KEYS; key++)
		columns += table.used[key];
	for (unsigned spelling = 0; spelling < SPELLINGS; spelling++) {
		struct sessionlint_text text;

		/* one column has nothing to be told from a text by */
		if (spelling == SPELLING_CSV && columns < 2)
			continue;
		/* the first record has to show that it is a trace, also without a tag */
		if (spelling != SPELLING_LOGFMT &&
		    (first.size == 0 || strncmp(first.data, "malformed", 9) == 0))
			break;
		text = spell(&table, (enum spelling)spelling);
		compare(names[spelling], text.data, text.size, &first);
		if (spelling == SPELLING_LOGFMT) {
			wide = harness_utf16((const uint8_t *)text.data, text.size, false,
					     &wide_size);
			compare("UTF-16", wide, wide_size, &first);
			free(wide);
		}
		free((char *)(uintptr_t)text.data);
	}
	free((char *)(uintptr_t)first.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}
