/* SPDX-License-Identifier: MIT */
/*
 * What seq says: whether a record is the next one, has others missing before it, or comes too late.
 * It may count the records of the trace, of each host, or of each driver of a host, and no trace
 * says which: a whole is counted together until its parts are seen to count apart.
 */
#ifndef ORDER_SEQUENCE_NUMBERS_H
#define ORDER_SEQUENCE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* One count. */
struct numbers {
	uint64_t number; /* the largest so far, as numbers_extend() makes it */
	uint64_t seq;    /* the same as the trace has it */
	bool has;
	bool restarts; /* it may begin again, after a boot */
	bool booted;   /* the last record was a boot that went on with it */
};

enum counting_parts {
	PARTS_UNKNOWN, /* as long as the records seen agree with both */
	PARTS_TOGETHER,
	PARTS_APART,
};

/*
 * What speaks for parts that count together. A part that goes on exactly where another has left
 * off, past numbers of its own that nobody has seen, does so by chance rarely; so often, it does
 * not. But where numbers of the whole are missing as well, records are lost, and each part can have
 * lost what the others have: then more is needed, and each hole takes some of it away.
 */
struct evidence {
	unsigned agreements; /* less the holes */
	bool holes;
};

#define COUNTING_AGREEMENTS       6U
#define COUNTING_AGREEMENTS_HOLES 12U

/* While nothing has been passed on and more arrives, there is time to see more. */
#define COUNTING_AGREEMENTS_SOON 12U

/* The count of a whole, and whether its parts share it: the hosts of a trace, or the streams of a
 * host. */
struct counting {
	struct numbers numbers;
	enum counting_parts parts;
	uint32_t last;            /* the part whose record had the largest number */
	struct evidence evidence; /* of parts that count together */
	unsigned doubts;          /* how much has spoken against it since something spoke for it */
};

/* Where a record belongs. */
enum numbering_place {
	PLACE_NEXT,   /* goes on from the last, or begins a count */
	PLACE_FIRST,  /* begins a count with another number: there may be smaller ones */
	PLACE_UNSURE, /* goes on if the parts count together, or the count was not begun again */
	PLACE_AHEAD,  /* records are missing before it */
	PLACE_LATE,   /* twice, or too late */
};

/* The number of a seq of 0. A count of 32 bits that wraps goes on from there, and what it had
 * before is less. */
#define NUMBER_ZERO ((uint64_t)1 << 32)

/* The number of a record with @seq, which may have wrapped since or before @numbers. */
uint64_t numbers_extend(const struct numbers *numbers, uint64_t seq);

/*
 * The place of @number in the finest count that it can be of. It may also be of the coarsest, which
 * is the same where nothing is unknown. @own is the finest again, or, in a trace that is counted
 * together, that of the host. @begins: it is a number that counts begin with.
 */
enum numbering_place numbering_place(const struct numbers *finest, const struct numbers *coarsest,
				     const struct numbers *own, uint64_t number, bool begins);

/* Goes on to @number, which the trace shows as @seq. */
void numbers_take(struct numbers *numbers, uint64_t number, uint64_t seq);

/* The same for a whole, of a record of @part; @back: the count of the part has begun again. */
void counting_take(struct counting *counting, uint32_t part, uint64_t number, uint64_t seq,
		   bool back);

/*
 * What the parts do, judging by a record of @part with @number that has arrived as well; @numbers
 * is the part's own count.
 */
enum counting_parts counting_learn(struct counting *counting, const struct numbers *numbers,
				   uint32_t part, uint64_t number);

/* Counts it if @number, of @part, goes on from a record of another part: @weight of
 * COUNTING_AGREEMENTS; or if numbers of the whole are missing before it. */
void counting_agree(struct counting *counting, uint32_t part, uint64_t number, unsigned weight);

/* Whether @number, of @part, goes on from a record of another part. */
static inline bool counting_agrees(const struct counting *counting, uint32_t part, uint64_t number)
{
	return counting->numbers.has && !counting->numbers.restarts && counting->last != part &&
	       number == counting->numbers.number + 1;
}

/* Notes that numbers of the whole are missing. */
static inline void evidence_hole(struct evidence *evidence)
{
	evidence->holes = true;
	evidence->agreements -= evidence->agreements > 0;
}

/* Whether it is no coincidence. */
static inline bool evidence_is_enough(const struct evidence *evidence)
{
	return evidence->agreements >=
	       (evidence->holes ? COUNTING_AGREEMENTS_HOLES : COUNTING_AGREEMENTS);
}

#endif
