/* SPDX-License-Identifier: MIT */
/* Creates findings, and formats parts of their messages. */
#ifndef CHECK_FINDING_H
#define CHECK_FINDING_H

#include "check/context.h"

/* Additional details of a finding. */
struct particulars {
	uint32_t observed; /* a state, or SESSIONLINT_NO_STATE */
	bool cascade;
	bool repair;
	bool swapped;              /* legal before the previous event */
	sessionlint_belief from;   /* states observed before the event; NONE: nothing */
	const struct place *place; /* NULL: that of the record, or of the session's last event */
	int severity_change; /* steps above the severity of the rule; negative: below, but never off
			      */
};

#define NO_PARTICULARS ((struct particulars) { .observed = SESSIONLINT_NO_STATE })

/* Reports a breach of @rule; the message is formatted as by printf. Does nothing if the rule is
 * off. Returns what options.report returned. */
__attribute__((format(printf, 4, 5))) int report(struct subject *subject,
						 enum sessionlint_rule rule,
						 struct particulars particulars, const char *format,
						 ...);

/* Lets @finding be suppressed, counts it and passes it to options.report, whose result it
 * returns. */
int finding_deliver(struct checker *checker, struct sessionlint_finding *finding);

/* The possible states before the event, at rung @number or the first laxer one that agrees with
 * @from. */
sessionlint_belief belief_before(const struct session *session, sessionlint_belief from,
				 unsigned number);

/* "A", "A or B", "A, B or C"; "any state". Valid until the finding has been reported. */
const char *belief_text(struct checker *checker, sessionlint_belief belief);

/* Formats a line number for findings, with its file if that differs from the file of line @near. */
const char *line_text(struct checker *checker, uint64_t line, uint64_t near);

/* The name of an event, or its number. */
const char *event_text(struct checker *checker, uint32_t event);

#endif
