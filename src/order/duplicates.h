/* SPDX-License-Identifier: MIT */
/*
 * Which records with a seq there have been, to know one that comes twice. The last
 * DUPLICATES_WINDOW are remembered, by a hash of all that they say.
 */
#ifndef ORDER_DUPLICATES_H
#define ORDER_DUPLICATES_H

#include "trace/record.h"

#define DUPLICATES_WINDOW 16384U

/* What a record says, at most. */
#define DUPLICATES_WORDS 28

struct seen_record {
	uint64_t hash;
	uint64_t line;
};

struct duplicates {
	struct seen_record *seen; /* a ring, by how many there have been */
	uint64_t count;
	uint64_t filled, indexed; /* of these, those between are or were in slots */
	uint32_t *slots; /* open addressing: place in the ring + 1; made when first needed */
	uint64_t seed;   /* of the hash: nobody can make a record that is taken for another */
	uint64_t factors[DUPLICATES_WORDS]; /* of each word of a record, as different as chance has
					       it */
};

/* Begins with nothing seen. */
void duplicates_init(struct duplicates *duplicates, uint64_t seed);

/* What @record says, as one number; @era tells records from those before their count began again.
 */
uint64_t record_hash(const struct duplicates *duplicates, const struct record *record,
		     uint64_t era);

/* Makes room for what is remembered. -ENOMEM. */
int duplicates_make(struct duplicates *duplicates);

/* Remembers a record. -ENOMEM. */
static inline int duplicates_add(struct duplicates *duplicates, uint64_t hash, uint64_t line)
{
	int r = duplicates->seen ? 0 : duplicates_make(duplicates);

	if (r < 0)
		return r;
	duplicates->seen[duplicates->count++ % DUPLICATES_WINDOW] = (struct seen_record) {
		.hash = hash,
		.line = line,
	};
	return 0;
}

/*
 * Whether there has been a record with that hash among the last @window: its line, or 0. -ENOMEM,
 * and nothing is found.
 */
int duplicates_find(struct duplicates *duplicates, uint64_t hash, uint32_t window,
		    uint64_t *ret_line);

/* The line of the last record; 0: none. */
static inline uint64_t duplicates_newest(const struct duplicates *duplicates)
{
	uint64_t last = duplicates->count - 1;

	return duplicates->count ? duplicates->seen[last % DUPLICATES_WINDOW].line : 0;
}

void duplicates_free(struct duplicates *duplicates);

#endif
