/* SPDX-License-Identifier: MIT */
/*
 * A log that is cut into stretches, of which partials are made, saved, loaded and merged in any
 * groups, is judged as it is in one piece. Arguments: how many random logs, and folders with
 * traces.
 */
#include "folder.h"
#include "partial.h"
#include "tap.h"

static unsigned same_findings, other_findings, alike, unlike, refused;

/* Cuts a log some times, and compares. */
static void try_log(const struct log *log, enum sessionlint_partial_kind kind,
		    const struct setup *setup, unsigned times)
{
	struct seen want = { 0 };
	struct sessionlint_partial *whole;

	judge_at_once(log, setup, &want);
	whole = merge_stretches(log, 1, kind, setup);
	if (!whole)
		refused++;
	for (unsigned i = 0; i < times && whole; i++) {
		struct sessionlint_partial *merged = merge_stretches(log, 1 + below(CUTS), kind,
								     setup);
		struct seen have = { 0 };

		if (chance(3))
			judge_stretches(log, 1 + below(CUTS), kind, setup, &have);
		else
			judge_partial(merged, setup, &have);
		if (seen_same(&want, &have)) {
			same_findings++;
		} else if (other_findings++ == 0) {
			seen_differ(&want, &have);
			for (unsigned line = 0; line < log->count; line++)
				printf("# %s\n", log->lines[line]);
		}
		if (same_bytes(whole, merged))
			alike++;
		else if (unlike++ == 0)
			for (unsigned line = 0; line < log->count; line++)
				printf("# unlike %s\n", log->lines[line]);
		sessionlint_partial_free(merged);
		free(have.text);
	}
	sessionlint_partial_free(whole);
	free(want.text);
}

static struct setup any_setup(enum sessionlint_partial_kind kind)
{
	return (struct setup) {
		.strict = chance(3),
		.observed = kind == SESSIONLINT_PARTIAL_WHOLE,
		.sorted = kind == SESSIONLINT_PARTIAL_WHOLE && chance(3),
		.anonymous = kind == SESSIONLINT_PARTIAL_WHOLE && chance(3),
		.clocks_off = chance(4),
		.given = chance(4),
		.start = (enum sessionlint_start)below(3),
		.source = (enum sessionlint_source)below(2),
	};
}

static void try_random(unsigned count)
{
	struct log *log = calloc(1, sizeof *log);

	for (unsigned i = 0; i < count; i++) {
		enum sessionlint_partial_kind kind;
		struct setup setup;

		random_state = (i + 1) * 0x9e3779b97f4a7c15U;
		kind = chance(4) ? SESSIONLINT_PARTIAL_WHOLE : SESSIONLINT_PARTIAL_CONDENSED;
		setup = any_setup(kind);
		make_log(log, 20 + below(300));
		try_log(log, kind, &setup, 3);
	}
	log_clear(log);
	free(log);
	tap_ok(other_findings == 0, "random logs are judged as in one piece");
	tap_ok(unlike == 0,
	       "partials of random logs are the same in whatever order they are merged");
	tap_ok(same_findings > count && refused > 0, "%u logs were cut, and %u were refused", count,
	       refused);
}

/* ---- traces of the repository ---- */

static void try_file(const char *path)
{
	struct log *log = calloc(1, sizeof *log);
	size_t size;
	char *bytes = seen_load(path, &size);

	log->drivers = true; /* maybe */
	for (char *at = bytes, *end = bytes + size; at < end && log->count < LINES;) {
		char *feed = memchr(at, '\n', (size_t)(end - at)), *stop = feed ? feed : end;

		*stop = '\0';
		if (memchr(at, '\0', (size_t)(stop - at)))
			break;
		log->lines[log->count++] = strdup(at);
		at = stop + 1;
	}
	for (unsigned i = 0; i < 3 && log->count > 0; i++) {
		enum sessionlint_partial_kind kind = i == 0 ? SESSIONLINT_PARTIAL_WHOLE
							    : SESSIONLINT_PARTIAL_CONDENSED;
		struct setup setup = any_setup(kind);

		try_log(log, kind, &setup, 2);
	}
	log_clear(log);
	free(log);
	free(bytes);
}

static unsigned files;

static void visit(const char *path)
{
	if (!ends_in(path, ".trace") && !ends_in(path, ".ndjson"))
		return;
	try_file(path);
	files++;
}

int main(int count, char **arguments)
{
	try_random(count > 1 ? (unsigned)atoi(arguments[1]) : 1);
	for (int i = 2; i < count; i++)
		folder_visit(arguments[i], true, visit);
	tap_ok(other_findings == 0 && unlike == 0 && files > 0, "so are %u traces", files);
	return tap_done();
}
