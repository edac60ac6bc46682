/* SPDX-License-Identifier: MIT */
/* Which records of Winlogon and of the User Profile Service tell again what others have told. */
#include "tap.h"
#include "trace/annotation.h"
#include "trace/windows/repeats.h"

#define SECOND ((uint64_t)10000000)
#define DAY    (86400 * SECOND)

/* A record of a log, and whether it tells something new. */
struct told {
	uint64_t line;
	uint64_t time; /* in seconds */
	uint32_t session;
	uint32_t what; /* event of 811, id of the other log */
	uint64_t subscriber;
	bool again;
};

static unsigned wrong(const struct told *records, unsigned count, enum sessionlint_source source)
{
	struct windows_repeats repeats = { 0 };
	unsigned differ = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct told *told = &records[i];
		const struct annotation annotation = { .id = told->what };
		const struct record record = {
			.line = told->line,
			.time = 1000 * DAY + told->time * SECOND,
			.session = told->session,
			.event = told->what,
			.source = (uint8_t)source,
			.annotation = &annotation,
		};

		differ += windows_repeats(&repeats, &record, 0, told->subscriber) != told->again;
	}
	return differ;
}

#define CHECK(records, source, claim)                                                              \
	tap_ok(wrong((records), sizeof(records) / sizeof(records)[0], (source)) == 0, claim)

int main(void)
{
	const enum sessionlint_source own = SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL;
	const enum sessionlint_source profile = SESSIONLINT_SOURCE_PROFILE;
	static const struct told subscribers[] = { { 1, 0, 612, 5, 10, false },
						   { 3, 1, 612, 5, 20, true },
						   { 5, 1, 700, 5, 10, false },
						   { 7, 2, 612, 5, 30, true } };
	static const struct told retries[] = { { 1, 0, 612, 1, 10, false },
					       { 3, 6, 612, 1, 10, true },
					       { 5, 15, 612, 1, 10, true },
					       { 7, 24, 612, 1, 20, true },
					       { 9, 35, 612, 1, 10, false } };
	static const struct told between[] = { { 1, 0, 612, 4, 10, false },
					       { 3, 1, 612, 3, 10, false },
					       { 5, 2, 612, 4, 10, false },
					       { 7, 2, 612, 4, 20, true } };
	/* the clock is set back by months between two subscribers, and forward */
	static const struct told clock[] = { { 1, 20000000, 612, 1, 10, false },
					     { 3, 0, 612, 1, 20, true },
					     { 5, 9000000, 612, 1, 30, true },
					     { 7, 9000000, 612, 5, 10, false } };
	/* a crash, and the process id is the first of the next boot too */
	static const struct told crash[] = { { 1, 0, 612, 1, 10, false },
					     { 3, 0, 612, 1, 20, true },
					     { 5, 90, 612, 1, 10, false },
					     { 7, 90, 612, 1, 20, true } };
	static const struct told pairs[] = { { 1, 0, 1, 1, 0, false }, { 2, 0, 1, 2, 0, true },
					     { 3, 5, 1, 3, 0, false }, { 4, 5, 1, 4, 0, true },
					     { 5, 9, 1, 1, 0, false }, { 6, 9, 2, 1, 0, false },
					     { 7, 9, 1, 2, 0, true },  { 8, 9, 2, 2, 0, true } };
	/* the ring begins behind a 1; and where others are missing */
	static const struct told alone[] = { { 1, 0, 1, 2, 0, false }, { 2, 5, 1, 4, 0, false },
					     { 3, 6, 1, 2, 0, false }, { 4, 7, 1, 3, 0, false },
					     { 5, 8, 1, 4, 0, true },  { 6, 9, 1, 4, 0, false } };
	struct told many[3 * WINDOWS_REPEATS];

	CHECK(subscribers, own, "each subscriber of a process is told the same");
	CHECK(retries, own, "one that is not ready is told again, within 10 s");
	CHECK(between, own, "a transition between two makes them two");
	CHECK(clock, own, "the clock is set between two subscribers");
	CHECK(crash, own, "a process id is used again after a crash");
	CHECK(pairs, profile, "2 and 4 complete 1 and 3 of their session");
	CHECK(alone, profile, "a completion stands for a beginning that is missing");
	for (unsigned i = 0; i < 3 * WINDOWS_REPEATS; i++)
		many[i] = (struct told) { i, 0, i, 5, 10, false };
	CHECK(many, own, "any number of processes");
	return tap_done();
}
