/* SPDX-License-Identifier: MIT */
#include "check/notes.h"

#include <errno.h>
#include <stdlib.h>

#include "check/checker.h"

struct note {
	struct note *next;
	struct sessionlint_finding finding;
	char texts[]; /* of the finding */
};

static void drop_first(struct notes *notes)
{
	struct note *note = notes->first;

	notes->first = note->next;
	if (!notes->first)
		notes->behind = &notes->first;
	notes->count--;
	free(note);
}

void notes_free(struct notes *notes)
{
	while (notes->first)
		drop_first(notes);
}

void notes_begin(struct notes *notes, bool keep)
{
	notes_free(notes);
	*notes = (struct notes) { .passing = !keep };
	notes->behind = &notes->first;
}

static void move_text(struct sessionlint_text *text, char **at)
{
	if (text->size == 0)
		return;
	memcpy(*at, text->data, text->size);
	text->data = *at;
	*at += text->size;
}

int notes_keep(struct notes *notes, const struct sessionlint_finding *finding)
{
	struct note *note;
	char *at;

	if (notes->passing || (finding->rule != SESSIONLINT_RULE_GAP &&
			       finding->rule != SESSIONLINT_RULE_TIME_REVERSED))
		return 0;
	/* neither is about a driver, and nobody has answered for it yet */
	note = malloc(sizeof *note + finding->host.size + finding->boot.size +
		      finding->message.size);
	if (!note)
		return -ENOMEM;
	note->next = NULL;
	note->finding = *finding;
	at = note->texts;
	move_text(&note->finding.host, &at);
	move_text(&note->finding.boot, &at);
	move_text(&note->finding.message, &at);
	*notes->behind = note;
	notes->behind = &note->next;
	if (++notes->count > NOTES_MAX) {
		drop_first(notes);
		notes->omitted++;
	}
	return 1;
}

/* Says that some were dropped, before the first of those that were not. */
static int report_omitted(struct checker *checker)
{
	const struct sessionlint_finding *first = &checker->notes.first->finding;
	struct record record = {
		.kind = RECORD_NOTED,
		.line = first->line,
		.offset = first->offset,
		.time = first->time,
		.event = SESSIONLINT_NO_EVENT,
	};
	struct subject subject = { .checker = checker, .record = &record };

	return report(&subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
		      "%llu earlier notes on gaps and times are left out: they are of before the "
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
	while (r == 0 && notes->first) {
		r = finding_tell(checker, &notes->first->finding);
		drop_first(notes);
	}
	return r;
}
