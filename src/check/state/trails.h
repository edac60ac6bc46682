/* SPDX-License-Identifier: MIT */
/*
 * What each incarnation that has not ended was recorded to do, a byte or a few for each record: for
 * certificates, which need all of it. Kept only if somebody asks for it.
 */
#ifndef CHECK_STATE_TRAILS_H
#define CHECK_STATE_TRAILS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/run_trail.h"

/*
 * The bytes of a trail. A record is one byte, after those that say more about it: the states that
 * it names, and the rules that it breaks.
 */
enum trail_code {
	TRAIL_EVENT = 0x00,    /* and the event; a record */
	TRAIL_INVALID = 0x07,  /* an event outside the enumeration; a record */
	TRAIL_REPORTED = 0x08, /* Windows' own report; a record */
	TRAIL_ASIDE = 0x09,    /* a record from which nothing follows for the states */
	TRAIL_FROM = 0x10,     /* and a state */
	TRAIL_TO = 0x20,       /* and a state */
	TRAIL_SAMPLE = 0x30,   /* and a state, or 0 if that is invalid; a record */
	TRAIL_ACTIVITY = 0x40, /* and enum model_activity; a record */
	TRAIL_LOST = 0x50,     /* and how many records may be lost, or 0: anything has happened */
	TRAIL_BEGIN = 0x60,    /* in Initialized */
	TRAIL_BEGIN_ANY,       /* in any state */
	TRAIL_RENEWED,         /* after the end of the previous incarnation of the id */
	TRAIL_UNCOVERED,       /* notifications of drivers have shown what is not here */
	TRAIL_SEVERAL,         /* since it appeared, not one registration alone has shown it */
	TRAIL_UNCLEAR,         /* it was not certain who was notified of what is aside here */
	TRAIL_KNOWN,           /* and a struct trail_notified: who was notified of it before */
	TRAIL_NOTIFIED = 0x70, /* before an event: and a struct trail_notified */
	TRAIL_RULE = 0x80,     /* and the rule that the record breaks, as an error */
};

#define TRAIL_KIND(code) ((code)&0xf0)

/* So many registrations of a session are known to its later incarnations. */
#define TRAIL_KNOWN_MAX 8U

#define TRAIL_FEW 20U

/* Half a cache line. */
struct trail {
	uint32_t size, capacity; /* capacity: of @many; 0: @few */
	union {
		struct {
			uint8_t few[TRAIL_FEW];
			struct incarnation_carried carried;
		} own;
		uint8_t *many;
	} bytes;
};

/* By number of session. */
struct trails {
	struct trail *list;
	size_t count;
	bool failed; /* memory ran out, and something is missing */
};

void trails_free(struct trails *trails);

/* Makes the trail of session @number. NULL: no memory. */
struct trail *trails_make(struct trails *trails, uint32_t number);

/* The trail of session @number, which may be new. NULL: no memory. */
static inline struct trail *trails_at(struct trails *trails, uint32_t number)
{
	return number < trails->count ? &trails->list[number] : trails_make(trails, number);
}

static inline void trails_prefetch(const struct trails *trails, uint32_t number)
{
	if (number < trails->count)
		__builtin_prefetch(&trails->list[number]);
}

static inline const uint8_t *trail_bytes(const struct trail *trail)
{
	return trail->capacity ? trail->bytes.many : trail->bytes.own.few;
}

/* How many bytes follow the code that belong to it. */
static inline uint32_t trail_more(uint8_t code)
{
	return code == TRAIL_KNOWN || code == TRAIL_NOTIFIED ? sizeof(struct trail_notified) : 0;
}

/* Forgets the bytes. */
void trail_clear(struct trail *trail);

/* Makes room for more, and adds a byte. -ENOMEM. */
int trail_grow(struct trail *trail, uint8_t code);

/* Adds many bytes. -ENOMEM. */
int trail_extend(struct trail *trail, const void *bytes, uint32_t size);

/* Adds a byte. -ENOMEM. */
static inline int trail_add(struct trail *trail, uint8_t code)
{
	if (trail->capacity || trail->size == TRAIL_FEW)
		return trail_grow(trail, code);
	trail->bytes.own.few[trail->size++] = code;
	return 0;
}

#endif
