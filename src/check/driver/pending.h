/* SPDX-License-Identifier: MIT */
/*
 * Events of which drivers are yet to be notified: each is a set of registrations, which shrinks as
 * they are notified. Memory is bounded: PENDING_OF_SESSION for each session, PENDING_IN_ALL, and
 * PENDING_WORDS of the sets of all.
 */
#ifndef CHECK_DRIVER_PENDING_H
#define CHECK_DRIVER_PENDING_H

#include "check/context.h"

#define PENDING_OF_SESSION 64U
/* Registrations of which a session knows one by one that an event was pushed out before they got
 * it. */
#define LAGGING_OF_SESSION 64U
#define PENDING_IN_ALL     65536U
#define PENDING_WORDS      (32U << 20)

/* Of what is missed at once, so many are named and the others counted. */
#define MISSED_NAMED 16U

/* A notification that comes too early is of one of that many events that follow. */
#define EARLY_EVENTS 2U

struct pending {
	struct pending *next, *previous; /* of the session, in the order of its events */
	struct pending *newer, *older;   /* of the log */
	uint32_t host, session;          /* numbers */
	struct place place;              /* of the event */
	uint64_t made;                   /* of those that have been made */
	uint64_t at;                     /* drivers->now */
	bool recorded;                   /* who is not notified of it has missed it */
	bool early;                      /* it was notified of, and has yet to happen */
	bool revealed;                   /* a notification showed it, and no event record */
	uint8_t local;                   /* LocalSession, of a Connected: enum local */
	uint64_t local_line;             /* that says so */
	uint8_t tolerance;               /* of one that was revealed: as it was reported */
	uint32_t words;                  /* of each of the sets */
	uint32_t left;                   /* registrations in the first */
	unsigned age;                    /* of an early one: events of the session since */
	/* registrations: those that are yet to be notified; those that were notified of a later
	 * one; those that may have been notified too early */
	uint64_t sets[];
};

/* How a notification fits what its registration has yet to be notified. */
enum notified {
	NOTIFIED_IN_TURN,
	NOTIFIED_EXCUSED, /* it may have been notified of that too early */
	NOTIFIED_LATE,    /* a later event was notified before */
	NOTIFIED_NEW,     /* nothing of the kind is waiting */
};

/* The event of subject->record has happened: whoever selects it is to be notified. -ENOMEM, or what
 * options.report returned. */
int pending_expect(struct subject *subject, uint32_t session);

/* subject->object has been notified of the event of subject->record. -ENOMEM. */
int pending_notify(struct subject *subject, uint32_t session, enum notified *ret_notified);

/* The same where the trace holds the events: this one may yet happen. -ENOMEM. */
int pending_anticipate(struct subject *subject, uint32_t session);

/*
 * Where the trace holds no events, a notification shows that one happened. The other registrations
 * that select it wait for theirs; none needs to get it, for its own events may be different ones.
 * TOLERANCE_COUNT as a tolerance: nothing explains it. -ENOMEM.
 */
int pending_reveal(struct subject *subject, uint32_t session,
		   const struct registration *registration, unsigned tolerance);

/* The first event like that of subject->record that @registration waits for, or NULL. */
struct pending *pending_waiting(const struct subject *subject, uint32_t session,
				const struct registration *registration);

/* The next one after @previous, or the first, that @registration waits for, or NULL. */
struct pending *pending_next(const struct subject *subject, uint32_t session,
			     const struct pending *previous,
			     const struct registration *registration);

/* What @registration waits for up to @pending, it does not get in order: it has @missed it, or it
 * was not to get it. Returns whether there was something. */
bool pending_pass(struct pending *pending, const struct registration *registration, bool missed);

/* @registration has got its notification of @pending. */
void pending_settle(struct subject *subject, struct pending *pending,
		    const struct registration *registration, unsigned tolerance);

/* Whether an event like that of subject->record was passed over for @registration, which gets it
 * now.
 */
bool pending_late(struct subject *subject, uint32_t session,
		  const struct registration *registration);

/* @registration of subject->host ends: what it was not notified, it has missed. */
int pending_unregister(struct subject *subject, const struct registration *registration);

/* @registration waits for nothing any more; none of it is missed. */
void pending_forget(struct subject *subject, struct registration *registration);

/* The first one from @pending on that registration @number waits for in order, or NULL. */
struct pending *pending_waits(struct pending *pending, uint32_t number);

/* Registration @number does not wait for it any more. */
void pending_take(struct checker *checker, struct pending *pending, uint32_t number);

/* @registration was live at @from at the latest, and was still at @until. */
void pending_prove(struct registration *registration, uint64_t from, uint64_t until);

/* It is not known any more which events of the session @registration was notified of. -ENOMEM. */
int pending_lag(struct session_detail *detail, const struct registration *registration);

/* Whether @registration may still be notified of events that too many others have pushed out. */
bool pending_lags(const struct session_detail *detail, const struct registration *registration);

/* Whatever waits was missed: on one host, or on all if @host is NO_HOST. Where the log is @cut, it
 * may be notified after the end, unless that is too late already. */
int pending_end(struct checker *checker, uint32_t host, bool cut);

/* Whether anything waits on a host. */
bool pending_any(const struct checker *checker, uint32_t host);

/* Forgets what waits on a host, or on all if @host is NO_HOST, or could be missed, or is of a
 * session: nobody knows what became of it. */
void pending_drop_host(struct checker *checker, uint32_t host);
void pending_drop_recorded(struct checker *checker);
void pending_drop_session(struct checker *checker, uint32_t session);

/* Whatever waits of a session that is to be forgotten was missed. */
int pending_end_session(struct checker *checker, uint32_t session);

#endif
