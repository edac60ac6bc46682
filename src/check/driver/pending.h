/* SPDX-License-Identifier: MIT */
/*
 * Events that drivers have not been notified of yet. Each has a set of registrations, which shrinks
 * with their notifications. Memory is bounded: PENDING_OF_SESSION for each session, PENDING_IN_ALL,
 * and PENDING_WORDS of all sets together.
 */
#ifndef CHECK_DRIVER_PENDING_H
#define CHECK_DRIVER_PENDING_H

#include "check/context.h"

#define PENDING_OF_SESSION 64U
/* For how many registrations a session remembers that an event was dropped before they were
 * notified of it. */
#define LAGGING_OF_SESSION 64U
#define PENDING_IN_ALL     65536U
#define PENDING_WORDS      (32U << 20)

/* How many missed notifications are reported by name at once; others are counted. */
#define MISSED_NAMED 16U

/* An early notification is about one of the next EARLY_EVENTS events. */
#define EARLY_EVENTS 2U

struct pending {
	struct pending *next, *previous; /* of the same session, in the order of its events */
	struct pending *newer, *older;   /* of the log */
	struct pending *host_newer, *host_older;
	uint32_t host, session; /* their numbers */
	struct place place;     /* of the event */
	uint64_t made;          /* ordinal among all that were created */
	uint64_t at;            /* drivers->now */
	/* registrations that are not notified of it have missed it */
	bool required;
	bool early;             /* it was notified of, but has not happened yet */
	bool revealed;          /* known from a notification, without an event record */
	uint8_t local;          /* LocalSession, of a Connected: enum local */
	uint64_t local_line;    /* the line with that value */
	uint8_t tolerance;      /* if revealed: the one that was reported */
	uint32_t words;         /* size of each set */
	uint32_t waiting_count; /* number of registrations in the first set */
	unsigned age;           /* if early: events of the session since then */
	/* registrations: not notified yet; notified of a later event; may have been notified too
	 * early */
	uint64_t sets[];
};

/* How a notification matches the pending ones of its registration. */
enum notified {
	NOTIFIED_IN_TURN,
	NOTIFIED_EXCUSED, /* it may have been notified of this one too early */
	NOTIFIED_LATE,    /* a later event was notified first */
	NOTIFIED_NEW,     /* no such event is pending */
};

/* The event of subject->record has happened: expects notifications to all registrations that
 * select it. -ENOMEM, or what options.report returned. */
int pending_expect(struct subject *subject, uint32_t session);

/* subject->object was notified of the event of subject->record. -ENOMEM. */
int pending_notify(struct subject *subject, uint32_t session, enum notified *ret_notified);

/* In a trace with events: it was notified of an event that may still happen. -ENOMEM. */
int pending_anticipate(struct subject *subject, uint32_t session);

/*
 * In a trace without events, a notification shows that one happened. It becomes pending for the
 * other registrations that select it, but none has to receive it, since theirs may be different
 * events. @tolerance is the one that explains it, or TOLERANCE_COUNT if none does.
 * -ENOMEM.
 */
int pending_reveal(struct subject *subject, uint32_t session,
		   const struct registration *registration, unsigned tolerance);

/* The first pending event like that of subject->record for @registration, or NULL. */
struct pending *pending_waiting(const struct subject *subject, uint32_t session,
				const struct registration *registration);

/* The first pending event for @registration after @previous, or of all, or NULL. */
struct pending *pending_next(const struct subject *subject, uint32_t session,
			     const struct pending *previous,
			     const struct registration *registration);

/* Skips all events up to @pending for @registration, which has @missed them or need not receive
 * them. Returns whether there were any. */
bool pending_pass(struct pending *pending, const struct registration *registration, bool missed);

/* @registration has received its notification of @pending. */
void pending_settle(struct subject *subject, struct pending *pending,
		    const struct registration *registration, unsigned tolerance);

/* Whether @registration, which receives an event like that of subject->record now, skipped one
 * before. */
bool pending_late(struct subject *subject, uint32_t session,
		  const struct registration *registration);

/* @registration of subject->host ends, and has missed all pending events. */
int pending_unregister(struct subject *subject, const struct registration *registration);

/* Nothing is pending for @registration any more; it has missed nothing. */
void pending_forget(struct subject *subject, struct registration *registration);

/* The first event from @pending on that registration @number has not skipped, or NULL. */
struct pending *pending_waits(struct pending *pending, uint32_t number);

/* Registration @number need not be notified of it any more. */
void pending_take(struct checker *checker, struct pending *pending, uint32_t number);

/* @registration was live from @from at the latest, and at least until @until. */
void pending_prove(const struct drivers *drivers, struct registration *registration, uint64_t from,
		   uint64_t until);

/* It is no longer known which events of the session @registration was notified of. -ENOMEM. */
int pending_lag(struct session_detail *detail, const struct registration *registration);

/* Whether it is one of those that the session remembers. */
bool lagging_have(const struct session_detail *detail, const struct registration *registration);

/* Whether @registration may still be notified of events that were dropped because too many were
 * pending. */
static inline bool pending_lags(const struct session_detail *detail,
				const struct registration *registration)
{
	return registration->serial <= detail->lagging_until ||
	       (detail->lagging_count > 0 && lagging_have(detail, registration));
}

/* All pending events were missed: on one host, or on all if @host is NO_HOST. If the log is @cut
 * off, notifications may follow after its end, unless they would be too late. */
int pending_end(struct checker *checker, uint32_t host, bool cut);

/* Whether anything is pending on a host. */
bool pending_any(const struct host *host);

/* Forgets, because it is unknown what became of them, the pending events of a host, or of all if
 * @host is NO_HOST; or those that could be missed; or those of a session. */
void pending_drop_host(struct checker *checker, uint32_t host);
void pending_drop_required(struct checker *checker);
void pending_drop_session(struct checker *checker, uint32_t session);

/* All pending events of a session that is to be forgotten were missed. */
int pending_end_session(struct checker *checker, uint32_t session);

#endif
