/* SPDX-License-Identifier: MIT */
/*
 * A stretch of a log, as a list of items: its records in their order, and in place of incarnations
 * that conform what of them must be known later. Events, which most records are, are stored as what
 * they say; others as what was handed over, and are read again.
 *
 * All that is known of the stretch is found out from its items alone, one after the other: merging
 * and loading add items as feeding does, so there is one way to do it, and one result.
 */
#ifndef CHECK_PARTIAL_PARTIAL_H
#define CHECK_PARTIAL_PARTIAL_H

#include "base/table.h"
#include "check/session/session.h"
#include "order/hosts.h"
#include "trace/reader.h"

#define ITEM_NONE UINT32_MAX
#define TEXT_NONE 0U

enum item_kind {
	ITEM_EVENT,
	ITEM_RAW,     /* another record */
	ITEM_OMITTED, /* an event that is left out and not yet part of an omission */
	ITEM_OMISSION,
	ITEM_KINDS,
};

/* What an omitted event does to the set of live sessions. */
enum item_turn {
	TURN_NONE,
	TURN_BEGINS,
	TURN_ENDS,
};

/* A record as it was handed over. */
struct raw_record {
	struct sessionlint_text line; /* no data: as pairs */
	const struct sessionlint_pair *pairs;
	size_t count;
};

/* What events that are left out between two records did. */
struct omission {
	uint64_t events;
	int64_t change; /* of the number of live sessions */
	struct omitted_lives lives;
	struct omitted_host {
		uint32_t host;
		bool timed;
		uint64_t time; /* of its last one that has a time */
	} * hosts;             /* in the order of their first ones; owned */
	struct omitted_turn {
		uint32_t owner; /* the session */
		uint32_t begun;
		bool was_alive, is_alive;
		uint64_t ended; /* line of the last end */
		uint64_t order; /* of the last of them */
	} * turns;              /* in that order; owned */
	uint32_t host_count, turn_count;
	size_t host_capacity, turn_capacity;
};

struct partial_item {
	uint8_t kind, turn, source, flags;
	uint16_t keys; /* of an event: KEY_BIT(), as far as those of events go */
	uint32_t session, event, from, to;
	uint32_t host, boot, user, address; /* numbers of texts */
	uint32_t owner;                     /* of an event: its session */
	uint32_t previous;                  /* of the incarnation that owner->last is of */
	uint64_t line, offset;              /* in the stretch; not of omissions */
	uint64_t time, seq;
	struct raw_record *raw;    /* owned */
	struct omission *omission; /* owned */
};

/* The keys that an ITEM_EVENT can have. */
#define EVENT_KEYS                                                                                 \
	(KEY_BIT(KEY_TIME) | KEY_BIT(KEY_SEQ) | KEY_BIT(KEY_HOST) | KEY_BIT(KEY_BOOT) |            \
	 KEY_BIT(KEY_SOURCE) | KEY_BIT(KEY_SESSION) | KEY_BIT(KEY_USER) | KEY_BIT(KEY_ADDRESS) |   \
	 KEY_BIT(KEY_EVENT) | KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO))

/* A text, stored once. */
struct partial_text {
	struct table_entry entry;
	uint32_t number;
	uint32_t host; /* the host of that name, or NO_HOST if not looked up yet */
};

struct partial_texts {
	struct table table;
	struct arena arena;
	struct partial_text **list; /* by number; the first is for TEXT_NONE */
	uint32_t count;
	size_t capacity;
};

/* What the stretch shows of a host, unless an era began since. */
struct partial_host {
	uint64_t eras; /* that began for this host alone */
	uint64_t era;  /* that the rest is of */
	uint64_t time; /* of its last record that has one */
	uint32_t boot; /* the text */
	bool timed, booted;
	uint64_t follows; /* its last record without a seq: 1 + partial->numbered then */
	uint32_t place;   /* in the omission that is being made, if stamp is its number */
	uint64_t stamp;
};

enum session_known {
	KNOWN_NOTHING,
	KNOWN_ENDED, /* its last record is a Terminated */
	KNOWN_ALIVE, /* it began after such a one, and all is in the published table */
};

/* What the stretch shows of a session, unless an era began since. */
struct partial_session {
	uint32_t host, id;
	uint8_t source, known;
	sessionlint_belief beliefs[TOLERANCE_COUNT];
	uint64_t era;
	uint64_t ended; /* line of that Terminated */
	uint32_t user;  /* whom the incarnation names; a text */
	uint32_t last;  /* last item of the incarnation that is KNOWN_ALIVE, or was until it
			   ended; ITEM_NONE */
	uint32_t place; /* as that of a host */
	uint64_t stamp;
};

struct partial_sessions {
	struct partial_session *list;
	uint32_t count;
	size_t capacity;
	uint32_t *slots; /* open addressing: number + 1; 0 is empty */
	uint32_t slot_count;
	uint64_t seed;
};

struct sessionlint_partial {
	enum sessionlint_partial_kind kind;
	int error; /* why nothing more can be done */
	struct reader reader;
	struct batch *batch;

	struct partial_item *items;
	uint32_t count, omitted; /* omitted: those of that kind */
	size_t capacity;
	struct partial_texts texts;

	/* of a condensed one */
	struct hosts names;
	struct partial_host *hosts; /* by number */
	uint32_t host_count;
	size_t host_capacity;
	struct partial_sessions sessions;
	uint64_t eras;     /* that began for all hosts */
	uint64_t numbered; /* events with a seq */
	uint64_t stamp;    /* number of omissions made */
	/* by source, of those that a session is of; owned */
	struct model_ladder *ladders[SOURCE_COUNT];

	unsigned char *bytes; /* what was saved last; owned */
};

/* ---- texts.c ---- */

int partial_texts_init(struct partial_texts *texts);
void partial_texts_free(struct partial_texts *texts);
/* The number of a text, which is copied; TEXT_NONE if it is empty. -ENOMEM. */
int partial_text_number(struct partial_texts *texts, struct sessionlint_text text,
			uint32_t *ret_number);
static inline struct sessionlint_text partial_text(const struct partial_texts *texts,
						   uint32_t number)
{
	return number == TEXT_NONE ? text_of(NULL, 0) : texts->list[number]->entry.key;
}

/* ---- known.c: hosts and sessions of the stretch ---- */

int known_init(struct sessionlint_partial *partial);
void known_free(struct sessionlint_partial *partial);
/* The host with that name, or the one without. -ENOMEM. */
int known_host(struct sessionlint_partial *partial, uint32_t name, uint32_t *ret_host);
/* Its session. -ENOMEM. */
int known_session(struct sessionlint_partial *partial, uint32_t host, uint32_t id, uint8_t source,
		  uint32_t *ret_session);

/* ---- items.c ---- */

/* Adds an item and what it owns, which is freed on failure. -ENOMEM. */
int items_add(struct sessionlint_partial *partial, const struct partial_item *item);
void item_free(struct partial_item *item);
/* Joins omitted events between two records to one omission. -ENOMEM. */
int items_compact(struct sessionlint_partial *partial);
/* A copy with its texts, in one allocation. NULL: no memory. */
struct raw_record *raw_copy(const struct raw_record *raw);

/* ---- omission.c ---- */

void omission_free(struct omission *omission);
/* Adds an omitted event. -ENOMEM. */
int omission_take(struct sessionlint_partial *partial, struct omission *omission,
		  const struct partial_item *item);
/* Adds what follows it. -ENOMEM. */
int omission_join(struct sessionlint_partial *partial, struct omission *omission,
		  const struct omission *next);
/* Puts the sessions in order: nothing is added any more. */
void omission_end(struct omission *omission);

/* ---- condense.c ---- */

/* Adds an event, or another record, to a partial, and omits what need not be known any longer.
 * -ENOMEM, -ENOTSUP. */
int condense_event(struct sessionlint_partial *partial, struct partial_item *item);
int condense_other(struct sessionlint_partial *partial, struct partial_item *item,
		   const struct record *record);
/* The same for an omission that is loaded or merged, whose hosts and sessions are those of the
 * partial. */
int condense_omission(struct sessionlint_partial *partial, struct omission *omission);

/* The same for an event of another partial that was omitted there. */
int condense_omitted(struct sessionlint_partial *partial, struct partial_item *item);

/* ---- partial.c ---- */

int partial_new(enum sessionlint_partial_kind kind, enum sessionlint_source source, bool assumed,
		struct sessionlint_partial **ret_partial);
/* Reads a record. -EINVAL, -ENOMEM, -ENOTSUP. */
int partial_take(struct sessionlint_partial *partial, const struct raw_record *raw);

#endif
