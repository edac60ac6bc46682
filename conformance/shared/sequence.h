/* SPDX-License-Identifier: MIT */
/* Event sequences, as the proofs walk through them: all of them up to a length. */
#ifndef CONFORMANCE_SEQUENCE_H
#define CONFORMANCE_SEQUENCE_H

#include "sessionlint.h"
#include "tap.h"

#define SEQUENCE_LENGTH 8
#define SEQUENCE_EVENTS 6 /* Created to Logoff */

struct sequence {
	uint8_t events[SEQUENCE_LENGTH];
	unsigned length;
};

/* How many sequences there are of at most @length events, the empty one too. */
static inline uint64_t sequence_count(unsigned length)
{
	uint64_t count = 1;

	for (unsigned i = 0; i < length; i++)
		count = 1 + SEQUENCE_EVENTS * count;
	return count;
}

static inline void sequence_note(const char *what, const struct sequence *sequence)
{
	char text[SEQUENCE_LENGTH * 16] = "";
	size_t used = 0;

	for (unsigned i = 0; i < sequence->length; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, " %s",
					 sessionlint_event_name(sequence->events[i]));
	tap_note("%s:%s", what, sequence->length ? text : " (no events)");
}

#endif
