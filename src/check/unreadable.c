/* SPDX-License-Identifier: MIT */
/* Reports malformed records one by one, unless the file is not a trace at all. */
#include <inttypes.h>

#include "check/finding.h"
#include "check/log_end.h"

/* A log that starts with more of them is probably in another format. */
#define LISTED_MAX 20

/* Number of readable records in the run. */
static uint64_t readable_count(const struct checker *checker)
{
	const struct run_totals *totals = &checker->totals;

	return totals->events + totals->markers + totals->noted + totals->annotations +
	       totals->notifications + totals->calls + totals->objects;
}

void unreadable_begin(struct checker *checker)
{
	checker->unreadable = (struct unreadable) {
		.before = checker->totals.unreadable,
		.readable = readable_count(checker),
	};
}

int unreadable_report(struct subject *subject)
{
	struct checker *checker = subject->checker;
	struct unreadable *unreadable = &checker->unreadable;
	const struct record *record = subject->record;

	if (++checker->totals.unreadable - unreadable->before == LISTED_MAX + 1)
		unreadable->is_flood = readable_count(checker) == unreadable->readable;
	if (!unreadable->is_flood)
		return report(subject, SESSIONLINT_RULE_MALFORMED, NO_PARTICULARS, "%.*s",
			      (int)record->reason.size,
			      record->reason.data ? record->reason.data : "");
	if (unreadable->unlisted++ == 0)
		unreadable->first = (struct place) {
			.line = record->line,
			.offset = record->offset,
			.time = record->time,
			.event = SESSIONLINT_NO_EVENT,
		};
	unreadable->last_line = record->line;
	return 0;
}

int unreadable_end(struct checker *checker)
{
	struct subject subject = { .checker = checker };
	struct particulars particulars = NO_PARTICULARS;
	const struct unreadable *unreadable = &checker->unreadable;

	if (unreadable->unlisted == 0)
		return 0;
	particulars.place = &unreadable->first;
	return report(&subject, SESSIONLINT_RULE_MALFORMED, particulars,
		      "%" PRIu64 " more record%s cannot be read, the last of them in line %s",
		      unreadable->unlisted, unreadable->unlisted == 1 ? "" : "s",
		      line_text(checker, unreadable->last_line, unreadable->first.line));
}
