/* SPDX-License-Identifier: MIT */
/* Adds to the trails of sessions. Without options.trail these do nothing, or must not be called. */
#ifndef CHECK_SESSION_TRAIL_H
#define CHECK_SESSION_TRAIL_H

#include "check/context.h"
#include "check/state/trails.h"

/* Adds one of the codes in enum trail_code. */
void trail_note(struct checker *checker, const struct session *session, unsigned code);

/* An incarnation begins, with that code. */
void trail_begin(struct checker *checker, const struct session *session, enum trail_code code);

/* Adds a record of session @number that has been judged: what it says comes before it. */
void trail_record(struct checker *checker, uint32_t number, const struct record *record);

/* The same for an event that was not delivered as a record; @from, @to: 0 if it does not name them.
 */
void trail_event(struct checker *checker, uint32_t number, uint32_t event, uint32_t from,
		 uint32_t to);

/* Adds that a registration was notified of an event of session @number. */
void trail_notification(struct checker *checker, uint32_t number,
			const struct trail_notified *notified, uint32_t event);

/* Adds that @count records may be lost. */
static inline void trail_lose(struct checker *checker, const struct session *session,
			      unsigned count)
{
	trail_note(checker, session, TRAIL_LOST | (count < MODEL_LOST_MANY ? count : 0));
}

/* Passes on an incarnation that is over. */
void trail_end(struct checker *checker, const struct session *session,
	       enum incarnation_verdict verdict);

#endif
