/* SPDX-License-Identifier: MIT */
/* Reports the notes held back until the first session record. */
#include "check/finding.h"
#include "check/log_end.h"

/* Reports, at the first remaining note, that earlier ones were dropped. */
static int report_omitted(struct checker *checker)
{
	const struct sessionlint_finding *first = notes_first(&checker->notes);
	const struct place place = { first->line, first->offset, first->time,
				     SESSIONLINT_NO_EVENT };
	struct subject subject = { .checker = checker };
	struct particulars particulars = NO_PARTICULARS;

	particulars.place = &place;
	return report(&subject, SESSIONLINT_RULE_GAP, particulars,
		      "%llu earlier notes on gaps and times are left out: they are before the "
		      "first record of a session",
		      (unsigned long long)checker->notes.omitted);
}

int notes_release(struct checker *checker)
{
	struct notes *notes = &checker->notes;
	int r = 0;

	notes->passing = true;
	if (notes->omitted)
		r = report_omitted(checker);
	while (r == 0 && notes_first(notes)) {
		r = finding_deliver(checker, notes_first(notes));
		notes_drop_first(notes);
	}
	return r;
}
