/* SPDX-License-Identifier: MIT */
/* What few sessions need: the user, and what drivers were notified of. Indexed by session
 * number. */
#ifndef CHECK_STATE_SESSION_DETAILS_H
#define CHECK_STATE_SESSION_DETAILS_H

#include "base/text.h"
#include "sessionlint.h"

struct agreement;
struct pending;
struct unsure_registration;
struct view;

/* Longer names are not stored. */
#define USER_MAX_SIZE 512

struct lagging {
	uint32_t number, serial;
};

struct session_detail {
	/* who is logged on, if known, followed by the address; owned */
	char *user;
	uint16_t user_size, address_size, user_room;

	struct view *views; /* by registration number, in ascending order; owned */
	size_t view_room;
	uint32_t view_count, views_over; /* the registrations of the first ones have ended */
	/* the registration whose view was the first to include the last event; serial 0: none is
	 * live */
	uint32_t leader, leader_serial;
	uint32_t shown_by;    /* the first registration that was notified of it; 0: none */
	uint64_t notified_at; /* drivers->now when a registration was last notified of it; 0: never
			       */
	struct agreement *agreement; /* NULL: none */

	struct pending *first, *last; /* events that drivers have not been notified of yet */
	unsigned waiting;
	struct unsure_registration *unsure; /* registrations whose first event is unknown; owned */
	uint32_t unsure_count;
	/* registrations with a pending notification that was dropped; owned. To keep the list
	 * short, all with serials up to lagging_until count as such. */
	struct lagging *lagging;
	uint32_t lagging_count, lagging_until;
	uint32_t last_notified; /* event of the last notification before the trace had events */
	uint8_t local;          /* LocalSession of the current connection: enum local */
	uint64_t local_line;    /* the line with that value */
	uint64_t local_since;   /* number of pending notifications created before the connection */
	bool complete;          /* no record was lost since its last event */

	/* records are lost, and later notifications may be of earlier events */
	bool suspended;
};

struct details {
	struct session_detail **list; /* by session number; NULL: none */
	size_t capacity;
};

/* Frees everything. */
void details_free(struct details *details);

/* NULL: none. */
static inline struct session_detail *details_at(const struct details *details, uint32_t number)
{
	return number < details->capacity ? details->list[number] : NULL;
}

/* The same, but creates one if it is missing. -ENOMEM. */
int details_make(struct details *details, uint32_t number, struct session_detail **ret_detail);

/* Forgets the views of single registrations. */
void detail_forget_views(struct session_detail *detail);

/* Records of the session are lost: the user is unknown. */
void detail_lose(struct session_detail *detail);

/* Removes the details of a session, which has no pending notifications left. */
void details_remove(struct details *details, uint32_t number);

#endif
