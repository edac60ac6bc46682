/* SPDX-License-Identifier: MIT */
/*
 * Events of which drivers have yet to be told: each is a set of registrations, which shrinks as
 * they are told. Memory is bounded: DELIVERIES_OF_SESSION for each session, DELIVERIES_IN_ALL, and
 * DELIVERIES_WORDS of the sets of all.
 */
#ifndef CHECK_DELIVERIES_H
#define CHECK_DELIVERIES_H

#include "check/checker.h"

#define DELIVERIES_OF_SESSION 64U
/* Registrations of which a session knows one by one that an event was pushed out before they got
 * it. */
#define BEHIND_OF_SESSION 64U
#define DELIVERIES_IN_ALL 65536U
#define DELIVERIES_WORDS  (32U << 20)

/* Of what is missed at once, so many are named and the others counted. */
#define MISSED_NAMED 16U

/* A notification that comes too early is of one of that many events that follow. */
#define EARLY_EVENTS 2U

struct delivery {
	struct delivery *next, *previous; /* of the session, in the order of its events */
	struct delivery *newer, *older;   /* of the log */
	uint32_t host, session;           /* numbers */
	struct place place;               /* of the event */
	uint64_t made;                    /* of those that have been made */
	uint64_t at;                      /* drivers->now */
	bool recorded;                    /* who is not told of it has missed it */
	bool early;                       /* it was told of, and has yet to happen */
	bool revealed;                    /* a notification showed it, and no event record */
	uint8_t local;                    /* LocalSession, of a Connected: enum local */
	uint64_t local_line;              /* that says so */
	uint8_t tolerance;                /* of one that was revealed: as it was reported */
	uint32_t words;                   /* of each of the sets */
	uint32_t left;                    /* registrations in the first */
	unsigned age;                     /* of an early one: events of the session since */
	/* registrations: those that have yet to be told; those that were told of a later one; those
	 * that may have been told too early */
	uint64_t sets[];
};

/* How a notification fits what its registration has yet to be told. */
enum told {
	TOLD_IN_TURN,
	TOLD_EXCUSED, /* it may have been told of that too early */
	TOLD_LATE,    /* a later event was told before */
	TOLD_NEW,     /* nothing of the kind is waiting */
};

/* The event of subject->record has happened: whoever selects it is to be told. -ENOMEM, or what
 * options.report returned. */
int delivery_expect(struct subject *subject, uint32_t session);

/* subject->object has been told of the event of subject->record. -ENOMEM. */
int delivery_tell(struct subject *subject, uint32_t session, enum told *ret_told);

/* The same where the trace holds the events: this one may yet happen. -ENOMEM. */
int delivery_anticipate(struct subject *subject, uint32_t session);

/*
 * Where the trace holds no events, a notification shows that one happened. The other registrations
 * that select it wait for theirs; none needs to get it, for its own events may be different ones.
 * SESSIONLINT_TOLERANCES as a tolerance: nothing explains it. -ENOMEM.
 */
int delivery_reveal(struct subject *subject, uint32_t session,
		    const struct registration *registration, unsigned tolerance);

/* The first event like that of subject->record that @registration waits for, or NULL. */
struct delivery *delivery_waiting(const struct subject *subject, uint32_t session,
				  const struct registration *registration);

/* The next one after @previous, or the first, that @registration waits for, or NULL. */
struct delivery *delivery_next(const struct subject *subject, uint32_t session,
			       const struct delivery *previous,
			       const struct registration *registration);

/* What @registration waits for up to @delivery, it does not get in order: it has @missed it, or it
 * was not to get it. Returns whether there was something. */
bool delivery_pass(struct delivery *delivery, const struct registration *registration, bool missed);

/* @registration has got its notification of @delivery. */
void delivery_settle(struct subject *subject, struct delivery *delivery,
		     const struct registration *registration, unsigned tolerance);

/* Whether an event like that of subject->record was passed over for @registration, which gets it
 * now.
 */
bool delivery_late(struct subject *subject, uint32_t session,
		   const struct registration *registration);

/* @registration of subject->host ends: what it was not told, it has missed. */
int delivery_unregister(struct subject *subject, const struct registration *registration);

/* @registration waits for nothing any more; none of it is missed. */
void delivery_forget(struct subject *subject, struct registration *registration);

/* The first one from @delivery on that registration @number waits for in order, or NULL. */
struct delivery *delivery_waits(struct delivery *delivery, uint32_t number);

/* Registration @number does not wait for it any more. */
void delivery_take(struct checker *checker, struct delivery *delivery, uint32_t number);

/* @registration was live at @from at the latest, and was still at @until. */
void delivery_prove(struct registration *registration, uint64_t from, uint64_t until);

/* It is not known any more which events of the session @registration was notified of. -ENOMEM. */
int delivery_fall_behind(struct session_detail *detail, const struct registration *registration);

/* Whether @registration may still be notified of events that too many others have pushed out. */
bool delivery_is_behind(const struct session_detail *detail,
			const struct registration *registration);

/* Whatever waits was missed: on one host, or on all if @host is NO_HOST. Where the log is @cut, it
 * may be told behind the end, unless that is too late already. */
int deliveries_end(struct checker *checker, uint32_t host, bool cut);

/* Whether anything waits on a host. */
bool deliveries_wait(const struct checker *checker, uint32_t host);

/* Forgets what waits on a host, or on all if @host is NO_HOST, or could be missed, or is of a
 * session: nobody knows what became of it. */
void deliveries_drop_host(struct checker *checker, uint32_t host);
void deliveries_drop_recorded(struct checker *checker);
void deliveries_drop_session(struct checker *checker, uint32_t session);

/* Whatever waits of a session that is to be forgotten was missed. */
int deliveries_end_session(struct checker *checker, uint32_t session);

#endif
