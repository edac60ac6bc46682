/* SPDX-License-Identifier: MIT */
/* Detects records with a seq that occur twice. The last DUPLICATES_WINDOW records are remembered
 * by a hash of their contents. */
#ifndef ORDER_DUPLICATES_H
#define ORDER_DUPLICATES_H

#include "trace/record.h"

#define DUPLICATES_WINDOW 16384U

/* The max number of words in a record. */
#define DUPLICATES_WORDS 28

struct seen_record {
	uint64_t hash;
	uint64_t line;
};

struct duplicates {
	struct seen_record *seen; /* a ring, indexed by the count of records */
	uint64_t count;
	uint64_t filled, indexed; /* records from filled to indexed are or were in slots */
	uint32_t *slots; /* open addressing: index in the ring + 1; allocated when first needed */
	uint64_t seed;   /* of the hash, so that nobody can forge a duplicate */
	uint64_t factors[DUPLICATES_WORDS]; /* random, one for each word of a record */
};

/* Starts without records. */
void duplicates_init(struct duplicates *duplicates, uint64_t seed);

/* A hash of the contents of @record; @era distinguishes it from records before its count
 * restarted. */
uint64_t record_hash(const struct duplicates *duplicates, const struct record *record,
		     uint64_t era);

/* Allocates the ring. -ENOMEM. */
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

/* Finds a record with that hash among the last @window: *ret_line is its line, or 0. On -ENOMEM,
 * 0 too. */
int duplicates_find(struct duplicates *duplicates, uint64_t hash, uint32_t window,
		    uint64_t *ret_line);

/* The line of the newest record; 0: none. */
static inline uint64_t duplicates_newest(const struct duplicates *duplicates)
{
	uint64_t last = duplicates->count - 1;

	return duplicates->count ? duplicates->seen[last % DUPLICATES_WINDOW].line : 0;
}

void duplicates_free(struct duplicates *duplicates);

#endif
