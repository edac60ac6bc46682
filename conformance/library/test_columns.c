/* SPDX-License-Identifier: MIT */
/* Records that are handed over as columns are judged like the same ones as keys and values; and
 * what files are. Arguments: a trace, a file that is none, and a report. */
#include <errno.h>
#include <stdlib.h>

#include "random.h"
#include "seen.h"
#include "tap.h"

#define ROWS    600
#define COLUMNS 7

/* The values that a column has; an empty one is a value. */
static const struct {
	const char *key;
	const char *values[8];
	unsigned missing; /* one in that many has no value */
} kinds[COLUMNS] = {
	{ "session", { "1", "2", "3" }, 40 },
	{ "event", { "Created", "Connected", "Logon", "Logoff", "Disconnected", "Logn" }, 30 },
	{ "host", { "A", "a", "B" }, 9 },
	{ "user", { "alice", "", "bob" }, 3 },
	{ "time", { "2026-03-02T09:00:00Z", "2026-03-02T09:00:01Z" }, 8 },
	{ "x-own", { "1", "" }, 2 },
	{ "marker", { "boot" }, 50 },
};

struct table {
	char data[COLUMNS][ROWS * 24];
	int32_t offsets[COLUMNS][ROWS + 1];
	uint8_t valid[COLUMNS][ROWS / 8 + 1];
};

static unsigned values_of(unsigned column)
{
	unsigned count = 0;

	while (count < 8 && kinds[column].values[count])
		count++;
	return count;
}

static bool has_value(const struct table *table, unsigned column, unsigned row)
{
	return table->valid[column][row / 8] >> row % 8 & 1;
}

static void table_fill(struct table *table)
{
	memset(table, 0, sizeof *table);
	for (unsigned row = 0; row < ROWS; row++) {
		bool boot = one_in(50);

		for (unsigned i = 0; i < COLUMNS; i++) {
			const char *value = kinds[i].values[random_below(values_of(i))];
			bool is_marker = strcmp(kinds[i].key, "marker") == 0;
			/* a boot has neither a session nor an event, most of the time */
			bool there = is_marker ? boot
					       : !one_in(kinds[i].missing) && (!boot || i > 1);
			int32_t at = table->offsets[i][row];

			if (there)
				table->valid[i][row / 8] |= (uint8_t)(1U << row % 8);
			/* what is not there can have bytes all the same */
			memcpy(table->data[i] + at, value, strlen(value));
			table->offsets[i][row + 1] = at + (int32_t)strlen(value);
		}
	}
}

static int feed_rows(struct sessionlint *run, const struct table *table)
{
	int r = 0;

	for (unsigned row = 0; row < ROWS && r == 0; row++) {
		struct sessionlint_pair pairs[COLUMNS];
		size_t count = 0;

		for (unsigned i = 0; i < COLUMNS; i++) {
			const int32_t *offset = &table->offsets[i][row];

			if (has_value(table, i, row))
				pairs[count++] = (struct sessionlint_pair) {
					kinds[i].key,
					{ table->data[i] + offset[0],
					  (size_t)(offset[1] - offset[0]) },
				};
		}
		r = sessionlint_feed(run, pairs, count);
	}
	return r;
}

/* In pieces of any size, which begin within a byte of the bits. */
static int feed_pieces(struct sessionlint *run, const struct table *table)
{
	int r = 0;

	for (unsigned row = 0, rows; row < ROWS && r == 0; row += rows) {
		struct sessionlint_column columns[COLUMNS];

		rows = random_below(40);
		if (rows > ROWS - row)
			rows = ROWS - row;
		for (unsigned i = 0; i < COLUMNS; i++)
			columns[i] = (struct sessionlint_column) {
				.key = kinds[i].key,
				.data = table->data[i],
				.offsets = table->offsets[i],
				.valid = table->valid[i],
				.first = row,
			};
		r = sessionlint_feed_columns(run, columns, COLUMNS, rows);
	}
	return r;
}

static void check_table(const struct table *table, struct seen *seen,
			int (*way)(struct sessionlint *, const struct table *))
{
	struct sessionlint *run = seen_run(seen);
	int r = sessionlint_feed_begin(run, "table");

	if (r == 0)
		r = way(run, table);
	if (r == 0)
		r = sessionlint_feed_end(run);
	seen_end(seen, run, r, true);
	sessionlint_free(run);
}

static void test_same(void)
{
	static struct table table;

	for (unsigned round = 0; round < 20; round++) {
		struct seen rows = { 0 }, columns = { 0 };

		table_fill(&table);
		check_table(&table, &rows, feed_rows);
		check_table(&table, &columns, feed_pieces);
		if (!tap_ok(rows.findings > 100 && seen_same(&rows, &columns),
			    "%u rows, %u findings: the same as columns", ROWS, rows.findings))
			seen_differ(&rows, &columns);
		free(rows.text);
		free(columns.text);
	}
}

static void test_misuse(void)
{
	const int32_t offsets[] = { 0, 1, 1 }, backward[] = { 0, 3, 1 }, negative[] = { -1, 0, 0 };
	const uint8_t none[] = { 0 };
	struct sessionlint_column column = { .key = "session", .data = "1", .offsets = offsets };
	struct sessionlint *run;
	uint64_t before;

	if (sessionlint_new(&run) < 0)
		abort();
	tap_ok(sessionlint_feed_columns(run, &column, 1, 1) == -EINVAL,
	       "without a log there is nothing to hand over");
	sessionlint_feed_begin(run, "table");
	tap_ok(sessionlint_feed_columns(run, &column, 1, 0) == 0 &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_UNREADABLE) == 0,
	       "no rows are no records");
	tap_ok(sessionlint_feed_columns(run, NULL, 0, 2) == 0, "rows without columns are records");
	column.key = NULL;
	tap_ok(sessionlint_feed_columns(run, &column, 1, 2) == -EINVAL, "no key is -EINVAL");
	column = (struct sessionlint_column) { .key = "session", .data = "1" };
	tap_ok(sessionlint_feed_columns(run, &column, 1, 2) == -EINVAL, "no offsets are -EINVAL");
	column.offsets = backward;
	tap_ok(sessionlint_feed_columns(run, &column, 1, 2) == -EINVAL,
	       "offsets that decrease are -EINVAL");
	column.offsets = negative;
	tap_ok(sessionlint_feed_columns(run, &column, 1, 2) == -EINVAL,
	       "negative offsets are -EINVAL");
	column = (struct sessionlint_column) { .key = "session", .offsets = offsets };
	tap_ok(sessionlint_feed_columns(run, &column, 1, 2) == -EINVAL,
	       "a size without data is -EINVAL");
	column = (struct sessionlint_column) {
		.key = "session", .offsets = offsets, .data = "1", .valid = none
	};
	tap_ok(sessionlint_feed_columns(run, &column, 1, 2) == 0, "values need not be there");
	before = sessionlint_total(run, SESSIONLINT_TOTAL_UNREADABLE);
	sessionlint_feed_end(run);
	tap_ok(before == 4, "what was refused is not handed over: %u records without a key",
	       (unsigned)before);
	sessionlint_free(run);
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	(void)userdata;
	(void)finding;
	return -ECANCELED;
}

static void test_end(void)
{
	const int32_t offsets[] = { 0, 0, 0 };
	struct sessionlint_column column = { .key = "session", .offsets = offsets };
	struct sessionlint *run;

	if (sessionlint_new(&run) < 0)
		abort();
	sessionlint_set_report(run, on_finding, NULL);
	sessionlint_feed_begin(run, "table");
	tap_ok(sessionlint_feed_columns(run, &column, 1, 2) == -ECANCELED &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_RECORDS) == 0 &&
		       sessionlint_feed_end(run) == -ECANCELED,
	       "the callback ends the log");
	sessionlint_free(run);
}

static void test_content(char **paths)
{
	enum sessionlint_content content;
	const char *what;

	tap_ok(sessionlint_recognize(paths[0], &content, &what) == 0 &&
		       content == SESSIONLINT_CONTENT_LOG && !what,
	       "a trace is a log");
	tap_ok(sessionlint_recognize(paths[1], &content, &what) == 0 &&
		       content == SESSIONLINT_CONTENT_OTHER && what,
	       "other text is not");
	tap_ok(sessionlint_recognize(paths[2], &content, &what) == 0 &&
		       content == SESSIONLINT_CONTENT_REPORT && what,
	       "a report is a report");
	tap_ok(sessionlint_recognize("no-such-file", &content, &what) == -ENOENT,
	       "a file that is not there is -ENOENT");
}

int main(int count, char **arguments)
{
	if (count != 4)
		return 2;
	test_same();
	test_misuse();
	test_end();
	test_content(arguments + 1);
	return tap_done();
}
