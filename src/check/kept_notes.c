/* SPDX-License-Identifier: MIT */
/* Reports the notes that were kept until a record of a session came. */
#include "check/checker.h"

/* Says that some were dropped, before the first of those that were not. */
static int report_omitted(struct checker *checker)
{
	const struct sessionlint_finding *first = notes_first(&checker->notes);
	struct record record = {
		.kind = RECORD_NOTED,
		.line = first->line,
		.offset = first->offset,
		.time = first->time,
		.event = SESSIONLINT_NO_EVENT,
	};
	struct subject subject = { .checker = checker, .record = &record };

	return report(&subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
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
		r = finding_tell(checker, notes_first(notes));
		notes_drop_first(notes);
	}
	return r;
}
