/* SPDX-License-Identifier: MIT */
/* What few sessions need: their user, and what drivers were notified of. By the number of the
 * session. */
#ifndef CHECK_STATE_SESSION_DETAILS_H
#define CHECK_STATE_SESSION_DETAILS_H

#include "base/text.h"
#include "sessionlint.h"

struct agreement;
struct pending;
struct loose;
struct view;

/* A longer name is not kept. */
#define USER_MAX_SIZE 512

struct session_detail {
	/* who is logged on, as far as is known, and then from where; owned */
	char *user;
	uint16_t user_size, address_size, user_room;

	struct view *views; /* by number of the registration; owned */
	uint32_t view_room;
	/* whose view was the first to show the last event; serial 0: none that is live */
	uint32_t leader, leader_serial;
	uint64_t notified; /* when a registration was last notified of it: drivers->now; 0: never */
	struct agreement *agreement; /* NULL: nothing is kept */

	struct pending *first, *last; /* events of which drivers have yet to be told */
	unsigned waiting;
	struct loose *loose; /* registrations of which the first event is not known; owned */
	/* serials of registrations that waited for what was pushed out; owned. All up to
	 * lagging_until count as such, where the list would grow too long. */
	uint32_t *lagging;
	uint32_t lagging_count, lagging_until;
	uint32_t
		told; /* the last event that a notification brought, before the trace held events */
	uint8_t local;        /* LocalSession of the present connection: enum local */
	uint64_t local_line;  /* that says so */
	uint64_t local_since; /* how many pending notifications had been made when the connection
				 began */
	bool followed;        /* no record has been lost since its last event */

	/* a record is lost, and what drivers are told from now on may be of before */
	bool suspended;
};

struct details {
	struct session_detail **list; /* by session number; NULL if it has none */
	uint32_t capacity;
};

/* Forgets all, with the memory. */
void details_free(struct details *details);

/* NULL if it has none. */
static inline struct session_detail *details_at(const struct details *details, uint32_t number)
{
	return number < details->capacity ? details->list[number] : NULL;
}

/* The same; makes one if it has none. -ENOMEM. */
int details_make(struct details *details, uint32_t number, struct session_detail **ret_detail);

/* Forgets what single registrations know of the session. */
void detail_forget_views(struct session_detail *detail);

/* Records of the session are lost: who is logged on is not known. */
void detail_lose(struct session_detail *detail);

/* Forgets that of a session, which has no pending notifications left. */
void details_remove(struct details *details, uint32_t number);

#endif
