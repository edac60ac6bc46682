/* SPDX-License-Identifier: MIT */
/* Findings: how they are made, and the words in them. */
#ifndef CHECK_FINDING_H
#define CHECK_FINDING_H

#include "check/context.h"

/* Extra facts of a finding. */
struct particulars {
	uint32_t observed; /* a state, or SESSIONLINT_NO_STATE */
	bool cascade;
	bool repair;
	bool swapped;              /* legal before the event before it */
	sessionlint_belief from;   /* what was observed before the event; NONE: nothing */
	const struct place *place; /* NULL: the record, or the session's last event */
	int graver; /* than the rule is, in steps; negative: less grave, but never off */
};

#define NO_PARTICULARS ((struct particulars) { .observed = SESSIONLINT_NO_STATE })

/*
 * Reports that @rule is broken; the message is made as by printf. Does nothing where the rule is
 * off. Returns what options.report returned.
 */
__attribute__((format(printf, 4, 5))) int report(struct subject *subject,
						 enum sessionlint_rule rule,
						 struct particulars particulars, const char *format,
						 ...);

/* Lets somebody answer for @finding, counts it and hands it to options.report, whose result it
 * returns. */
int finding_tell(struct checker *checker, struct sessionlint_finding *finding);

/* What the session could be before the event, by rung @number or the first laxer one that agrees
 * with @from. */
sessionlint_belief belief_before(const struct session *session, sessionlint_belief from,
				 unsigned number);

/* "A", "A or B", "A, B or C"; "any state". The text lives until the finding has been reported. */
const char *belief_text(struct checker *checker, sessionlint_belief belief);

/* A line as findings show it: its number, with the file before it if that is not the one of the
 * line
 * @near. */
const char *line_text(struct checker *checker, uint64_t line, uint64_t near);

/* The name of an event, or its number. */
const char *event_text(struct checker *checker, uint32_t event);

#endif
