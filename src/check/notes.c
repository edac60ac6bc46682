/* SPDX-License-Identifier: MIT */
#include "check/notes.h"

#include <errno.h>
#include <stdlib.h>

#include "base/text.h"

struct note {
	struct note *next;
	struct sessionlint_finding finding;
	char texts[]; /* texts of the finding */
};

void notes_drop_first(struct notes *notes)
{
	struct note *note = notes->first;

	notes->first = note->next;
	if (!notes->first)
		notes->end = &notes->first;
	notes->count--;
	free(note);
}

struct sessionlint_finding *notes_first(struct notes *notes)
{
	return notes->first ? &notes->first->finding : NULL;
}

void notes_free(struct notes *notes)
{
	while (notes->first)
		notes_drop_first(notes);
}

void notes_begin(struct notes *notes, bool keep)
{
	notes_free(notes);
	*notes = (struct notes) { .passing = !keep };
	notes->end = &notes->first;
}

int notes_keep(struct notes *notes, const struct sessionlint_finding *finding)
{
	struct note *note;
	char *at;

	if (notes->passing || (finding->rule != SESSIONLINT_RULE_GAP &&
			       finding->rule != SESSIONLINT_RULE_TIME_REVERSED))
		return 0;
	/* copy no driver texts, suppression, history or witnesses: notes have none, and witnesses
	 * and files are found when they are delivered */
	note = malloc(sizeof *note + finding->host.size + finding->boot.size + finding->user.size +
		      finding->address.size + finding->message.size);
	if (!note)
		return -ENOMEM;
	note->next = NULL;
	note->finding = *finding;
	at = note->texts;
	note->finding.host = text_keep(finding->host, &at);
	note->finding.boot = text_keep(finding->boot, &at);
	note->finding.user = text_keep(finding->user, &at);
	note->finding.address = text_keep(finding->address, &at);
	note->finding.message = text_keep(finding->message, &at);
	*notes->end = note;
	notes->end = &note->next;
	if (++notes->count > NOTES_MAX) {
		notes_drop_first(notes);
		notes->omitted++;
	}
	return 1;
}
