/* SPDX-License-Identifier: MIT */
/*
 * Records that are handed over one by one are judged as those of a file. Arguments: folders with
 * traces.
 */
#include <errno.h>

#include "folder.h"
#include "seen.h"
#include "tap.h"

#define PAIRS 64

/* ---- a line as keys and values, for the simple lines that traces consist of ---- */

struct line {
	struct sessionlint_pair pairs[PAIRS];
	char *allocated[2 * PAIRS];
	unsigned count;
};

/* A copy without a byte behind it, which a sanitizer guards. */
static char *copy_of(const char *text, size_t size)
{
	char *copy = malloc(size);

	if (size > 0 && !copy)
		abort();
	if (size > 0)
		memcpy(copy, text, size);
	return copy;
}

static void line_add(struct line *line, const char *key, size_t key_size, const char *value,
		     size_t value_size)
{
	struct sessionlint_pair *pair = &line->pairs[line->count];
	char *name = copy_of(key, key_size + 1);

	name[key_size] = '\0';
	*pair = (struct sessionlint_pair) {
		.key = name,
		.value = { copy_of(value, value_size), value_size },
	};
	line->allocated[2 * line->count] = name;
	line->allocated[2 * line->count + 1] = (char *)pair->value.data;
	line->count++;
}

static void line_free(struct line *line)
{
	for (unsigned i = 0; i < 2 * line->count; i++)
		free(line->allocated[i]);
	line->count = 0;
}

/* Takes apart key=value; false: there is something else, or nothing. */
static bool line_split(struct line *line, const char *at, const char *end)
{
	line->count = 0;
	while (at < end && *at != '#') {
		const char *key = at, *equals = memchr(at, '=', (size_t)(end - at)), *value;
		bool quoted;

		if (*at == ' ') {
			at++;
			continue;
		}
		if (!equals || line->count == PAIRS ||
		    strspn(key, "abcdefghijklmnopqrstuvwxyz_-") != (size_t)(equals - key))
			return false;
		value = equals + 1;
		quoted = value < end && *value == '"';
		value += quoted;
		for (at = value; at < end && *at != (quoted ? '"' : ' '); at++)
			if (*at == '\\' || (unsigned char)*at < ' ' || (*at == '"' && !quoted))
				return false;
		if ((quoted && at == end) || (!quoted && at == value))
			return false;
		line_add(line, key, (size_t)(equals - key), value, (size_t)(at - value));
		at += quoted;
		if (at < end && *at != ' ')
			return false;
	}
	return line->count > 0;
}

/* ---- ways to hand over a file ---- */

/* Line by line. */
static int feed_lines(struct sessionlint *run, const char *bytes, size_t size)
{
	int r = 0;

	for (const char *at = bytes, *end = bytes + size; at < end && r == 0;) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		const char *next = feed ? feed + 1 : end;
		char *line = copy_of(at, (size_t)(next - at));

		r = sessionlint_feed_line(run, line, (size_t)(next - at));
		free(line);
		at = next;
	}
	return r;
}

static unsigned pairs_fed;

/* As keys and values, as far as the lines are simple. */
static int feed_all_pairs(struct sessionlint *run, const char *bytes, size_t size)
{
	int r = 0;

	for (const char *at = bytes, *end = bytes + size; at < end && r == 0;) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		const char *stop = feed ? feed : end;
		struct line line = { .count = 0 };

		if (line_split(&line, at, stop)) {
			r = sessionlint_feed(run, line.pairs, line.count);
			pairs_fed++;
		} else {
			r = sessionlint_feed_line(run, at, (size_t)(stop - at));
		}
		line_free(&line);
		at = stop + 1;
	}
	return r;
}

/* A table of columns without quotes. */
static int feed_table(struct sessionlint *run, const char *bytes, size_t size)
{
	const char *head_end = memchr(bytes, '\n', size), *end = bytes + size;
	int r = sessionlint_feed_line(run, "", 0);

	for (const char *at = head_end + 1; at < end && r == 0;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at)), *column = bytes;
		struct line line = { .count = 0 };

		while (at <= stop && column < head_end) {
			size_t name = strcspn(column, ",\n");
			size_t value = strcspn(at, ",\n");

			if (value > 0)
				line_add(&line, column, name, at, value);
			column += name + 1;
			at += value + 1;
		}
		r = sessionlint_feed(run, line.pairs, line.count);
		pairs_fed++;
		line_free(&line);
	}
	return r;
}

/* What follows a tag in other output. */
static int feed_tagged(struct sessionlint *run, const char *bytes, size_t size)
{
	int r = 0;

	for (const char *at = bytes, *end = bytes + size; at < end && r == 0;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)(stop - at);
		char *line = copy_of(at, length + 1), *tag;

		line[length] = '\0';
		tag = strstr(line, "sessionlint:");
		tag = tag ? tag + strlen("sessionlint:") : line + length;
		tag += strspn(tag, " ");
		r = sessionlint_feed_line(run, tag, strlen(tag));
		free(line);
		at = stop + 1;
	}
	return r;
}

typedef int feed(struct sessionlint *run, const char *bytes, size_t size);

static void check_fed(const char *path, feed *way, struct seen *seen, bool totals)
{
	struct sessionlint *run = seen_run(seen);
	size_t size;
	char *bytes = seen_load(path, &size);
	int r = sessionlint_feed_begin(run, path);

	if (r == 0)
		r = way(run, bytes, size);
	if (r == 0)
		r = sessionlint_feed_end(run);
	seen_end(seen, run, r, totals);
	sessionlint_free(run);
	free(bytes);
}

static void check_file(const char *path, struct seen *seen, bool totals)
{
	struct sessionlint *run = seen_run(seen);
	int r = sessionlint_check_file(run, path);

	seen_end(seen, run, r, totals);
	sessionlint_free(run);
}

static void test_way(const char *path, feed *way, const char *name, bool exact)
{
	struct seen file = { .no_offsets = !exact }, fed = { .no_offsets = !exact };

	check_file(path, &file, exact);
	/* what a test expects ends in .csv too */
	if (exact || !strstr(file.text, "result -")) {
		check_fed(path, way, &fed, exact);
		if (!tap_ok(seen_same(&file, &fed), "%s: %s, %u findings", path, name,
			    fed.findings))
			seen_differ(&file, &fed);
	}
	free(file.text);
	free(fed.text);
}

static void visit(const char *path)
{
	if (ends_in(path, ".trace") || ends_in(path, ".ndjson"))
		test_way(path, feed_lines, "line by line", true);
	if (ends_in(path, ".trace"))
		test_way(path, feed_all_pairs, "as keys and values", false);
	if (ends_in(path, ".csv"))
		test_way(path, feed_table, "as keys and values", false);
	if (ends_in(path, ".log"))
		test_way(path, feed_tagged, "line by line", false);
}

/* ---- while it is captured ---- */

static int feed_text(struct sessionlint *run, const char *line)
{
	return sessionlint_feed_line(run, line, strlen(line));
}

static struct sessionlint_pair pair_of(const char *key, const char *value)
{
	return (struct sessionlint_pair) { key, { value, value ? strlen(value) : 0 } };
}

static bool last_is(const struct seen *seen, const char *part)
{
	const char *line = seen->text;

	for (const char *at = line; at && *at; at = strchr(at, '\n') + 1)
		line = at;
	return line && strstr(line, part);
}

static void test_at_once(void)
{
	struct seen seen = { 0 };
	struct sessionlint *run = seen_run(&seen);
	unsigned before;

	sessionlint_set_observe(run, NULL, NULL);
	sessionlint_feed_begin(run, "live");
	feed_text(run, "session=1 event=Created");
	before = seen.findings;
	feed_text(run, "session=1 event=Logon");
	tap_ok(before == 0 && seen.findings == 1 && last_is(&seen, "illegal-transition 3 2,2"),
	       "a finding comes with the record that shows it");
	feed_text(run, "{\"session\":1,\"event\":\"Logn\"}");
	tap_ok(seen.findings == 2 && last_is(&seen, "malformed 3 3,3") &&
		       last_is(&seen, "did you mean Logon"),
	       "also one about a line that is no record, of another format");
	feed_text(run, "session=2 event=Created");
	tap_ok(sessionlint_feed_end(run) == 0 && seen.findings == 3 && last_is(&seen, "unfinished"),
	       "at the end those about the end");
	sessionlint_free(run);
	free(seen.text);
}

static void test_pairs(void)
{
	struct sessionlint_pair many[70], pairs[3] = {
		pair_of("session", "1"),
		pair_of("event", "Created"),
		pair_of("host", NULL),
	};
	unsigned before;
	struct seen seen = { 0 };
	struct sessionlint *run = seen_run(&seen);

	sessionlint_set_observe(run, NULL, NULL);
	sessionlint_feed_begin(run, "live");
	tap_ok(sessionlint_feed(run, pairs, 3) == 0 && seen.findings == 0,
	       "a value without data is not there");
	pairs[2] = pair_of("user", "");
	tap_ok(sessionlint_feed(run, pairs, 3) == 0 && !last_is(&seen, "malformed"),
	       "one without bytes is");
	pairs[2] = pair_of("hst", "a");
	tap_ok(sessionlint_feed(run, pairs, 3) == 0 && last_is(&seen, "did you mean host"),
	       "an unknown key is a finding");
	pairs[2] = pair_of("x-own", "a");
	before = seen.findings;
	pairs[0] = pair_of("session", "2");
	tap_ok(sessionlint_feed(run, pairs, 3) == 0 && seen.findings == before,
	       "but not one's own");
	pairs[2] = pair_of("user", "\xff");
	tap_ok(sessionlint_feed(run, pairs, 3) == 0 && last_is(&seen, "not valid UTF-8"),
	       "nor is what is not UTF-8 a record");
	pairs[2] = pair_of("session", "3");
	tap_ok(sessionlint_feed(run, pairs, 3) == 0 && last_is(&seen, "duplicate session"),
	       "nor what has a key twice");
	tap_ok(sessionlint_feed(run, NULL, 0) == 0 && last_is(&seen, "missing one of"),
	       "nor nothing");
	for (unsigned i = 0; i < 70; i++)
		many[i] = pair_of("x-own", "1");
	tap_ok(sessionlint_feed(run, many, 70) == 0 && last_is(&seen, "too many keys"),
	       "nor what has too many keys");
	pairs[2] = pair_of(NULL, "1");
	tap_ok(sessionlint_feed(run, pairs, 3) == -EINVAL, "no key is -EINVAL");
	pairs[2] = (struct sessionlint_pair) { "user", { NULL, 3 } };
	tap_ok(sessionlint_feed(run, pairs, 3) == -EINVAL, "a size without data is -EINVAL");
	sessionlint_free(run);
	tap_ok(true, "a run is freed while a log is handed over");
	free(seen.text);
}

static void test_long(void)
{
	size_t size = (1 << 20) + 1;
	char *line = malloc(size);
	struct sessionlint_pair pair = { "user", { line, size } };
	struct seen seen = { 0 };
	struct sessionlint *run = seen_run(&seen);

	if (!line)
		abort();
	memset(line, 'x', size);
	sessionlint_set_observe(run, NULL, NULL);
	sessionlint_feed_begin(run, "live");
	feed_text(run, "session=1 event=Created");
	tap_ok(sessionlint_feed_line(run, line, size) == 0 && last_is(&seen, "longer than") &&
		       last_is(&seen, " 2,2 at 24"),
	       "a line that is too long is a finding");
	tap_ok(sessionlint_feed(run, &pair, 1) == 0 && last_is(&seen, "too long"),
	       "so is a record");
	tap_ok(feed_text(run, "session=1 event=x") == 0 && last_is(&seen, "4,4 at 1048602"),
	       "and what follows is where it is");
	memcpy(line, "session=2 user=\"", 16);
	memcpy(line + size - 16, "\" event=Logn     ", 16);
	tap_ok(sessionlint_feed_line(run, line, size - 1) == 0 && last_is(&seen, "did you mean"),
	       "the longest line is read");
	sessionlint_free(run);
	free(line);
	free(seen.text);
}

/* ---- what a caller should not do ---- */

struct caller {
	struct sessionlint *run;
	bool busy;
	int answer;
};

static bool are_busy(struct sessionlint *run, bool of_feed)
{
	struct sessionlint_pair pair = pair_of("session", "1");
	size_t part;

	return sessionlint_feed_begin(run, "x") == -EBUSY &&
	       sessionlint_check_buffer(run, "", 0, "x") == -EBUSY &&
	       sessionlint_check_file(run, "x") == -EBUSY &&
	       sessionlint_check_parts(run, NULL, 0, &part) == -EBUSY &&
	       sessionlint_check_judged(run, "x") == -EBUSY &&
	       sessionlint_set_report(run, NULL, NULL) == -EBUSY &&
	       (!of_feed ||
		(sessionlint_feed(run, &pair, 1) == -EBUSY &&
		 sessionlint_feed_line(run, "", 0) == -EBUSY &&
		 sessionlint_feed_end(run) == -EBUSY && sessionlint_free(run) == -EBUSY));
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct caller *caller = userdata;

	(void)finding;
	caller->busy = are_busy(caller->run, true);
	return caller->answer;
}

static void test_misuse(void)
{
	struct sessionlint_pair pair = pair_of("session", "1");
	struct caller caller = { .answer = 0 };
	struct sessionlint *run;

	if (sessionlint_new(&run) < 0)
		abort();
	caller.run = run;
	sessionlint_set_report(run, on_finding, &caller);
	tap_ok(sessionlint_feed(run, &pair, 1) == -EINVAL &&
		       sessionlint_feed_line(run, "", 0) == -EINVAL &&
		       sessionlint_feed_end(run) == -EINVAL,
	       "without a log there is nothing to hand over");
	tap_ok(sessionlint_feed_begin(run, "live") == 0 && are_busy(run, false),
	       "until its end the run has no other");
	tap_ok(sessionlint_feed_line(run, "session=1\nevent=Logon", 21) == -EINVAL &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_EVENTS) == 0,
	       "two lines are -EINVAL");
	tap_ok(feed_text(run, "session=1 event=Logon\n") == 0 && caller.busy,
	       "a callback cannot do anything");
	caller.answer = -ECANCELED;
	tap_ok(feed_text(run, "session=2 event=Logon") == -ECANCELED,
	       "what it returns is returned");
	caller.answer = 0;
	tap_ok(feed_text(run, "session=3 event=Logon") == -ECANCELED &&
		       sessionlint_feed(run, &pair, 1) == -ECANCELED &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_ERRORS) == 2,
	       "and ends the log");
	tap_ok(sessionlint_feed_end(run) == -ECANCELED &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_FILES) == 1,
	       "also at its end");
	caller.busy = false;
	tap_ok(sessionlint_feed_begin(run, "again") == 0 &&
		       feed_text(run, "session=1 event=Created") == 0 &&
		       sessionlint_feed_end(run) == 0 &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_FILES) == 2,
	       "another log can follow");
	tap_ok(caller.busy, "nor can a callback at its end do anything");
	tap_ok(sessionlint_feed_begin(run, "empty") == 0 && feed_text(run, "# nothing") == 0 &&
		       sessionlint_feed_end(run) == -ENODATA,
	       "a log without records is -ENODATA");
	tap_ok(sessionlint_check_buffer(run, "session=1 event=Created\n", 24, "x") == 0,
	       "then all is as before");
	sessionlint_free(run);
}

/* Two parts of a capture are found to be one. */
static void test_continued(void)
{
	const char *earlier = "", *later = "";
	struct sessionlint *run;

	if (sessionlint_new(&run) < 0)
		abort();
	sessionlint_check_buffer(run, "seq=1 session=1 event=Created\n", 30, "first");
	sessionlint_feed_begin(run, "second");
	feed_text(run, "seq=2 session=1 event=Connected");
	sessionlint_feed_end(run);
	tap_ok(sessionlint_continued(run, &earlier, &later) && strcmp(earlier, "first") == 0 &&
		       strcmp(later, "second") == 0,
	       "a log that continues another one is found");
	sessionlint_free(run);
}

int main(int count, char **arguments)
{
	test_at_once();
	test_pairs();
	test_long();
	test_misuse();
	test_continued();
	for (int i = 1; i < count; i++)
		folder_visit(arguments[i], false, visit);
	tap_ok(count == 1 || pairs_fed > 100, "%u records as keys and values", pairs_fed);
	return tap_done();
}
