/* SPDX-License-Identifier: MIT */
/*
 * What seq shows: whether a record is next, has records missing before it, or is late. It may count
 * the records of the trace, of each host, or of each driver of a host, and no trace says which:
 * parts are assumed to share one count until they are seen not to.
 */
#ifndef ORDER_SEQUENCE_NUMBERS_H
#define ORDER_SEQUENCE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* One count. */
struct numbers {
	uint64_t number; /* largest so far, extended by numbers_extend() */
	uint64_t seq;    /* as in the trace */
	bool has;
	bool restarts; /* may restart, after a boot */
	bool booted;   /* the last record was a boot that continued the count */
	bool again;    /* it has begun again with a boot: then it need not go on over another one */
};

enum counting_parts {
	PARTS_UNKNOWN, /* the records so far agree with both */
	PARTS_TOGETHER,
	PARTS_APART,
};

/*
 * Evidence that parts share a count. A part rarely continues exactly where another stopped by
 * chance, having skipped unseen numbers of its own; not this often. But if numbers of the whole are
 * missing as well, records are lost, and each part may have lost those that the others have. Then
 * more evidence is needed, and each hole cancels some of it.
 */
struct evidence {
	unsigned agreements; /* minus holes */
	bool holes;
};

#define COUNTING_AGREEMENTS       6U
#define COUNTING_AGREEMENTS_HOLES 12U

/* Required while nothing has been passed on and more records are arriving: there is time to see
 * more. */
#define COUNTING_AGREEMENTS_SOON 12U

/* The count of a whole, and whether its parts share it: the hosts of a trace, or the streams of a
 * host. */
struct counting {
	struct numbers numbers;
	enum counting_parts parts;
	uint32_t last;            /* the part with the largest number */
	struct evidence evidence; /* that parts share the count */
	unsigned doubts;          /* contradictions since the last agreement */
};

/* Where a record belongs in its count. */
enum numbering_place {
	PLACE_NEXT,   /* continues the count, or starts one */
	PLACE_FIRST,  /* starts a count with another number: smaller ones may exist */
	PLACE_UNSURE, /* continues it if the parts share a count, or the count has not restarted */
	PLACE_AHEAD,  /* records are missing before it */
	PLACE_LATE,   /* duplicate, or too late */
};

/* The number of a seq of 0. A 32-bit count that wraps continues from here; earlier numbers are
 * smaller. */
#define NUMBER_ZERO ((uint64_t)1 << 32)

/*@ // a seq of 32 bits, and how often it has wrapped
    predicate is_extended(struct numbers *numbers) = numbers->seq < NUMBER_ZERO ==>
	NUMBER_ZERO <= numbers->number < 0x8000000000000000 &&
	numbers->number % NUMBER_ZERO == numbers->seq;
    predicate counts_on(struct numbers *numbers) = numbers->has && !numbers->restarts;
    predicate continues(struct numbers *numbers, integer number) =
	numbers->has && number == numbers->number + 1; */

/*@ requires \valid_read(numbers) && is_extended(numbers);
    assigns \nothing;
    ensures seq < NUMBER_ZERO ==> \result % NUMBER_ZERO == seq;
    ensures seq >= NUMBER_ZERO ==> \result == seq || \result == seq + NUMBER_ZERO;
    ensures counts_on(numbers) && seq < NUMBER_ZERO && numbers->seq < NUMBER_ZERO ==>
	-NUMBER_ZERO <= \result / NUMBER_ZERO * NUMBER_ZERO -
	    numbers->number / NUMBER_ZERO * NUMBER_ZERO <= NUMBER_ZERO; */
/* Extends @seq, which may have wrapped on either side of @numbers. */
uint64_t numbers_extend(const struct numbers *numbers, uint64_t seq);

/*
 * The place of @number in the finest count that it may belong to. It may also belong to the
 * coarsest, which is the same if nothing is unknown. @own is the finest, or that of the host if the
 * trace has one count. @begins: counts start with this number.
 */
/*@ requires \valid_read(finest) && \valid_read(coarsest) && \valid_read(own);
    requires number < UINT64_MAX && finest->number < UINT64_MAX && coarsest->number < UINT64_MAX &&
	own->number < UINT64_MAX;
    assigns \nothing;
    // nothing is missing before what is next, and something is before what is ahead
    ensures \result == PLACE_NEXT ==> begins || continues(finest, number) ||
	(continues(own, number) && own->number <= finest->number);
    ensures \result == PLACE_AHEAD ==> finest->has && number > finest->number + 1 &&
	(!own->has || finest->restarts || number != own->number + 1 ||
	    own->number > finest->number) &&
	(coarsest == finest || !continues(coarsest, number));
    ensures \result == PLACE_LATE ==> counts_on(finest) && number <= finest->number;
    ensures counts_on(finest) && number > finest->number + 1 && !begins &&
	!continues(own, number) ==>
	\result == PLACE_AHEAD || \result == PLACE_UNSURE && continues(coarsest, number); */
enum numbering_place numbering_place(const struct numbers *finest, const struct numbers *coarsest,
				     const struct numbers *own, uint64_t number, bool begins);

/* Advances the count to @number, which is @seq in the trace. */
/*@ requires \valid(numbers);
    assigns *numbers;
    ensures counts_on(numbers) && numbers->number == number && numbers->seq == seq;
    ensures !numbers->booted; */
void numbers_take(struct numbers *numbers, uint64_t number, uint64_t seq);

/* The same for a whole, with a record of @part; @back: the count of the part has restarted. */
/*@ requires \valid(counting);
    assigns counting->numbers, counting->last;
    ensures counts_on(&counting->numbers);
    ensures counting->numbers.number == number ||
	counting->numbers.number == \old(counting->numbers.number);
    ensures \old(counts_on(&counting->numbers)) && (!back || \old(counting->last) != part) ==>
	counting->numbers.number == \max(number, \old(counting->numbers.number)); */
void counting_take(struct counting *counting, uint32_t part, uint64_t number, uint64_t seq,
		   bool back);

/* Decides whether the parts share the count, given an arrived record of @part with @number;
 * @numbers is the part's own count. */
/*@ requires \valid(counting) && \valid_read(numbers) && \separated(counting, numbers);
    requires number < UINT64_MAX && counting->numbers.number < UINT64_MAX;
    assigns counting->doubts;
    ensures \result == counting->parts || \result == PARTS_APART;
    ensures \result != counting->parts ==> counts_on(&counting->numbers) &&
	counting->last != part && number <= counting->numbers.number; */
enum counting_parts counting_learn(struct counting *counting, const struct numbers *numbers,
				   uint32_t part, uint64_t number);

/*@ predicate is_enough(struct evidence *evidence) =
	evidence->agreements >=
	(evidence->holes != 0 ? COUNTING_AGREEMENTS_HOLES : COUNTING_AGREEMENTS); */

/* Adds evidence: @weight (of COUNTING_AGREEMENTS) if @number, of @part, continues from another
 * part; a hole if numbers of the whole are missing before it. */
/*@ requires \valid(counting) && counting->numbers.number < UINT64_MAX;
    assigns counting->evidence, counting->parts;
    ensures counting->parts == \old(counting->parts) || counting->parts == PARTS_TOGETHER &&
	\old(counting->parts) == PARTS_UNKNOWN && is_enough(&counting->evidence); */
void counting_agree(struct counting *counting, uint32_t part, uint64_t number, unsigned weight);

/* Whether @number, of @part, continues from a record of another part. */
/*@ requires \valid_read(counting) && counting->numbers.number < UINT64_MAX;
    assigns \nothing;
    ensures \result <==> counts_on(&counting->numbers) && counting->last != part &&
	continues(&counting->numbers, number); */
static inline bool counting_agrees(const struct counting *counting, uint32_t part, uint64_t number)
{
	return counting->numbers.has && !counting->numbers.restarts && counting->last != part &&
	       number == counting->numbers.number + 1;
}

/* Notes a gap in the numbers of the whole. */
/*@ requires \valid(evidence);
    assigns *evidence;
    ensures evidence->holes && evidence->agreements == \max(0, \old(evidence->agreements) - 1); */
static inline void evidence_hole(struct evidence *evidence)
{
	evidence->holes = true;
	evidence->agreements -= evidence->agreements > 0;
}

/* Whether the evidence rules out coincidence. */
/*@ requires \valid_read(evidence);
    assigns \nothing;
    ensures \result <==> is_enough(evidence); */
static inline bool evidence_is_enough(const struct evidence *evidence)
{
	return evidence->agreements >=
	       (evidence->holes ? COUNTING_AGREEMENTS_HOLES : COUNTING_AGREEMENTS);
}

#endif
