/* SPDX-License-Identifier: MIT */
/* What partials refuse, how much remains in them, and what bytes that are no partial do. */
#include "partial.h"
#include "tap.h"

/* ---- how much remains ---- */

static const char *const life[] = { "Created", "Connected", "Logon", "Logoff", "Terminated" };

/* What stays as it is: an event with more keys than most. */
#define ODD " allow=unfinished allow_reason=x"

/* The size of a partial of so many lives of each session, one after the other. Session 0 has some
 * that are @broken, or @odd. */
static size_t size_of_lives(unsigned sessions, unsigned lives, unsigned broken, unsigned odd)
{
	const struct setup setup = { .strict = false };
	struct log none = { .count = 0 };
	struct sessionlint_partial *partial;
	const void *data;
	size_t size;
	int error = 0;

	partial = make_partial(&none, 0, 0, SESSIONLINT_PARTIAL_CONDENSED, &setup, &error);
	for (unsigned i = 0; i < lives * 5; i++)
		for (unsigned session = 0; session < sessions; session++) {
			unsigned step = (i + session) % 5;
			char line[128];

			bool is_logon = step == 2 && session == 0;

			/* some lives lack their Logon */
			if (is_logon && broken > 0 && i / 5 % broken == 0)
				continue;
			snprintf(line, sizeof line,
				 "time=2026-01-01T%02u:%02u:%02uZ session=%u event=%s%s",
				 i / 3600 % 24, i / 60 % 60, i % 60, session, life[step],
				 is_logon && odd > 0 && i / 5 % odd == 0 ? ODD : "");
			must(sessionlint_partial_feed_line(partial, line, strlen(line)) == 0,
			     "no line");
		}
	must(sessionlint_partial_save(partial, &data, &size) == 0, "it cannot be saved");
	sessionlint_partial_free(partial);
	return size;
}

static void try_sizes(void)
{
	size_t few = size_of_lives(20, 10, 0, 0), many = size_of_lives(20, 2000, 0, 0);
	size_t sessions = size_of_lives(200, 10, 0, 0);
	size_t broken = size_of_lives(20, 2000, 100, 0), odd = size_of_lives(20, 2000, 0, 100);

	tap_ok(many < few + 200, "what remains of complete incarnations does not grow: %lu, %lu",
	       (unsigned long)few, (unsigned long)many);
	tap_ok(sessions < 200 * 3 * 5 * 12, "at most three incarnations of a session: %lu",
	       (unsigned long)sessions);
	tap_ok(broken > many + 20 * 5 && broken < many + 20 * 2000,
	       "one that does not conform remains: %lu", (unsigned long)broken);
	tap_ok(odd > many + 20 * 5 && odd < many + 20 * 400,
	       "so does one with other keys, and not those of other sessions: %lu",
	       (unsigned long)odd);
}

/* ---- sessions that are forgotten ---- */

#define MANY 70000U

static void feed_both(struct sessionlint *run, struct sessionlint_partial *partial,
		      unsigned session, const char *event)
{
	char line[64];
	int size = snprintf(line, sizeof line, "session=%u event=%s", session, event);

	must(sessionlint_feed_line(run, line, (size_t)size) == 0 &&
		     sessionlint_partial_feed_line(partial, line, (size_t)size) == 0,
	     "no line");
}

/* More sessions end than a run remembers, and some come again meanwhile, or afterwards: of some is
 * known which incarnation it is. */
static void try_forgotten(void)
{
	const struct setup setup = { .strict = false };
	struct seen want = { 0 }, have = { 0 };
	struct sessionlint *run = begin_run(&setup, &want);
	struct sessionlint_partial *partial;

	must(sessionlint_partial_new(run, SESSIONLINT_PARTIAL_CONDENSED, &partial) == 0 &&
		     sessionlint_feed_begin(run, "log") == 0,
	     "no log");
	for (unsigned i = 0; i < MANY + 30000; i++) {
		unsigned again = i % 3000 + (i % 2 ? 0 : 40000);

		if (i < MANY) {
			feed_both(run, partial, i, "Created");
			feed_both(run, partial, i, "Terminated");
		}
		if (i > 2 * again || i >= MANY) {
			feed_both(run, partial, again, "Created");
			if (i % 997 == 0)
				feed_both(run, partial, MANY + 5, "Logoff");
			feed_both(run, partial, again, "Terminated");
		}
	}
	/* these ended long ago, and are not remembered any more */
	for (unsigned i = 3000; i < 4400; i += 100)
		for (unsigned j = 0; j < 3; j++) {
			feed_both(run, partial, i, "Created");
			feed_both(run, partial, i, "Terminated");
		}
	for (unsigned i = 0; i < MANY; i += 5)
		feed_both(run, partial, i, "Logoff");
	seen_end(&want, run, sessionlint_feed_end(run), true);
	travel(&partial);
	judge_partial(partial, &setup, &have);
	if (!tap_ok(seen_same(&want, &have), "sessions are forgotten as if nothing were left out"))
		seen_differ(&want, &have);
	sessionlint_partial_free(partial);
	sessionlint_free(run);
	free(want.text);
	free(have.text);
}

/* ---- damage ---- */

/* The sum that zlib makes. */
static uint32_t sum_of(const unsigned char *bytes, size_t size)
{
	uint32_t sum = UINT32_MAX;

	for (size_t i = 0; i < size; i++) {
		sum ^= bytes[i];
		for (unsigned bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? 0xedb88320U : 0);
	}
	return ~sum;
}

/* Loads bytes, with the right sum, and uses what it gets. Returns the result. */
static int try_bytes(unsigned char *bytes, size_t size, const struct setup *setup)
{
	struct sessionlint_partial *partial, *other;
	struct seen seen = { 0 };
	uint32_t sum = sum_of(bytes, size - 4);
	int r;

	for (unsigned i = 0; i < 4; i++)
		bytes[size - 4 + i] = (unsigned char)(sum >> 8 * i);
	r = sessionlint_partial_load(bytes, size, &partial);
	if (r < 0)
		return r;
	if (sessionlint_partial_load(bytes, size, &other) == 0) {
		sessionlint_partial_merge(partial, other);
		sessionlint_partial_free(other);
	}
	judge_partial(partial, setup, &seen);
	sessionlint_partial_free(partial);
	free(seen.text);
	return 0;
}

static void try_damage(unsigned count)
{
	const struct setup setup = { .strict = false };
	struct log *log = calloc(1, sizeof *log);
	unsigned noticed = 0, flips = 0, loaded = 0, wrong = 0;

	for (unsigned i = 0; i < count; i++) {
		struct sessionlint_partial *partial, *none;
		unsigned char *bytes;
		const void *data;
		size_t size, cut;

		random_state = i + 77;
		make_log(log, 40 + below(100));
		partial = merge_stretches(log, 1, SESSIONLINT_PARTIAL_CONDENSED, &setup);
		if (!partial)
			continue;
		must(sessionlint_partial_save(partial, &data, &size) == 0, "it cannot be saved");
		bytes = malloc(size);
		memcpy(bytes, data, size);
		bytes[below((unsigned)size)] ^= (unsigned char)(1U << below(8));
		noticed += sessionlint_partial_load(bytes, size, &none) == -EBADMSG;
		flips++;
		for (unsigned j = 0; j < 20; j++) {
			int r;

			memcpy(bytes, data, size);
			for (unsigned k = 1 + below(3); k > 0; k--)
				bytes[below((unsigned)size - 4)] = (unsigned char)below(256);
			cut = chance(4) ? 12 + below((unsigned)size - 12) : size;
			bytes = realloc(bytes, cut);
			r = try_bytes(bytes, cut, &setup);
			loaded += r == 0;
			wrong += r < 0 && r != -EBADMSG;
			bytes = realloc(bytes, size);
		}
		free(bytes);
		sessionlint_partial_free(partial);
	}
	log_clear(log);
	free(log);
	tap_ok(noticed == flips && flips > 0, "damage is noticed: %u of %u", noticed, flips);
	tap_ok(wrong == 0 && loaded > 0, "forged bytes are refused, or judged: %u", loaded);
}

/* ---- the contract ---- */

/* Whether a partial cannot be finished with such a run. */
static bool refuses(struct sessionlint_partial *partial, const struct setup *setup)
{
	struct seen seen = { 0 };
	struct sessionlint *run = begin_run(setup, &seen);
	int r = sessionlint_partial_finish(partial, run, "log");

	sessionlint_free(run);
	free(seen.text);
	return r == -EINVAL;
}

static void try_errors(void)
{
	const struct setup setup = { .strict = false }, observed = { .observed = true };
	const struct setup sorted = { .sorted = true }, anonymous = { .anonymous = true };
	const struct setup other = { .given = true, .source = SESSIONLINT_SOURCE_LSM };
	struct seen seen = { 0 };
	struct log log = { .count = 0 };
	struct sessionlint *run = begin_run(&setup, &seen), *watched = begin_run(&observed, &seen);
	struct sessionlint *lsm = begin_run(&other, &seen);
	struct sessionlint_partial *partial = NULL, *whole = NULL, *foreign = NULL;
	const struct sessionlint_pair bad = { .key = NULL };

	must(sessionlint_partial_new(run, SESSIONLINT_PARTIAL_CONDENSED, &partial) == 0 &&
		     sessionlint_partial_new(run, SESSIONLINT_PARTIAL_WHOLE, &whole) == 0 &&
		     sessionlint_partial_new(lsm, SESSIONLINT_PARTIAL_WHOLE, &foreign) == 0,
	     "no partial");
	tap_ok(sessionlint_partial_new(run, (enum sessionlint_partial_kind)2, &partial) == -EINVAL,
	       "there is no third kind");
	tap_ok(sessionlint_partial_finish(partial, run, "log") == -ENODATA,
	       "an empty partial is an empty log");
	tap_ok(sessionlint_partial_merge(partial, partial) == -EINVAL &&
		       sessionlint_partial_merge(partial, whole) == -EINVAL &&
		       sessionlint_partial_merge(whole, foreign) == -EINVAL,
	       "partials that differ, or the same one, cannot be merged");
	tap_ok(sessionlint_partial_feed(partial, &bad, 1) == -EINVAL &&
		       sessionlint_partial_feed_line(partial, "a\nb", 3) == -EINVAL,
	       "what is no record is refused");
	tap_ok(sessionlint_partial_finish(partial, watched, "log") == -EINVAL &&
		       sessionlint_total(watched, SESSIONLINT_TOTAL_FILES) == 0,
	       "a condensed one has no steps, and no log is begun for it");
	tap_ok(refuses(partial, &sorted) && refuses(partial, &anonymous),
	       "nor can it be sorted, or names be replaced");
	tap_ok(sessionlint_partial_finish(whole, lsm, "log") == -EINVAL,
	       "it is finished as it was made");
	tap_ok(sessionlint_feed_partial(run, partial) == -EINVAL, "there is no log");
	sessionlint_feed_begin(run, "another");
	tap_ok(sessionlint_partial_finish(partial, run, "log") == -EBUSY, "one log at a time");
	sessionlint_feed_end(run);
	log_add(&log, "session=1 event=Created");
	tap_ok(sessionlint_partial_feed_line(partial, log.lines[0], strlen(log.lines[0])) == 0 &&
		       sessionlint_partial_feed_line(partial, "notify=Logon session=1 io=1", 27) ==
			       -ENOTSUP &&
		       sessionlint_partial_feed_line(partial, log.lines[0], strlen(log.lines[0])) ==
			       -ENOTSUP,
	       "a driver's record is refused, and then all");
	tap_ok(sessionlint_partial_load("SLPT", 4, &partial) == -EBADMSG &&
		       sessionlint_partial_load("", 0, &partial) == -EBADMSG,
	       "a part of the bytes is refused");
	log_clear(&log);
	sessionlint_partial_free(partial);
	sessionlint_partial_free(whole);
	sessionlint_partial_free(foreign);
	sessionlint_partial_free(NULL);
	sessionlint_free(run);
	sessionlint_free(watched);
	sessionlint_free(lsm);
	free(seen.text);
}

int main(void)
{
	try_errors();
	try_sizes();
	try_forgotten();
	try_damage(100);
	return tap_done();
}
