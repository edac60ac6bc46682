/* SPDX-License-Identifier: MIT */
#include "order/sequence_numbers.h"

/* One record can be late or wrong; this many in a row are not. */
#define DOUBTS_MAX 16

/* A count wraps from within this distance of its end to within this distance of its start. */
#define WRAP_REACH ((uint64_t)1 << 20)

uint64_t numbers_extend(const struct numbers *numbers, uint64_t seq)
{
	uint64_t before = numbers->seq, base = numbers->number - before;

	/* beyond 2^32, numbers have more than 32 bits and do not wrap */
	if (!numbers->has || numbers->restarts || seq >= NUMBER_ZERO || before >= NUMBER_ZERO)
		return seq > UINT64_MAX - NUMBER_ZERO ? seq : seq + NUMBER_ZERO;
	if (before >= NUMBER_ZERO - WRAP_REACH && seq < WRAP_REACH)
		return base + NUMBER_ZERO + seq;
	if (before < WRAP_REACH && seq >= NUMBER_ZERO - WRAP_REACH)
		return base - NUMBER_ZERO + seq;
	return base + seq;
}

enum numbering_place numbering_place(const struct numbers *finest, const struct numbers *coarsest,
				     const struct numbers *own, uint64_t number, bool begins)
{
	bool restarts = !finest->has || finest->restarts;

	if (begins && (restarts || finest->booted || !own->has || own->restarts))
		return PLACE_NEXT;
	/* what continues its host's count is next in any case, unless that is from before the count
	 * of the trace began again */
	if (own->has && number == own->number + 1 && own->number <= finest->number &&
	    !finest->restarts)
		return PLACE_NEXT;
	if (finest->has && number == finest->number + 1)
		return finest->restarts ? PLACE_UNSURE : PLACE_NEXT;
	if (!restarts && number <= finest->number)
		return PLACE_LATE;
	if (coarsest != finest && coarsest->has && number == coarsest->number + 1)
		return PLACE_UNSURE;
	return !finest->has || number <= finest->number ? PLACE_FIRST : PLACE_AHEAD;
}

void numbers_take(struct numbers *numbers, uint64_t number, uint64_t seq)
{
	/* one by one: of a whole structure that is assigned Frama-C does not know the members */
	numbers->number = number;
	numbers->seq = seq;
	numbers->has = true;
	numbers->restarts = false;
	numbers->booted = false;
}

void counting_agree(struct counting *counting, uint32_t part, uint64_t number, unsigned weight)
{
	const struct numbers *numbers = &counting->numbers;
	struct evidence *evidence = &counting->evidence;

	if (counting->parts != PARTS_UNKNOWN || !numbers->has || numbers->restarts)
		return;
	if (number > numbers->number + 1)
		evidence_hole(evidence);
	else if (counting_agrees(counting, part, number))
		evidence->agreements += weight;
	if (evidence_is_enough(evidence))
		counting->parts = PARTS_TOGETHER;
}

void counting_take(struct counting *counting, uint32_t part, uint64_t number, uint64_t seq,
		   bool back)
{
	const struct numbers *numbers = &counting->numbers;

	if (!numbers->has || numbers->restarts || number > numbers->number ||
	    (back && counting->last == part)) {
		numbers_take(&counting->numbers, number, seq);
		counting->last = part;
	}
	counting->numbers.restarts = false;
}

enum counting_parts counting_learn(struct counting *counting, const struct numbers *numbers,
				   uint32_t part, uint64_t number)
{
	const struct numbers *whole = &counting->numbers;
	bool again = numbers->has && !numbers->restarts && number <= numbers->number;

	if (!whole->has || whole->restarts || counting->last == part || again)
		return counting->parts;
	if (number > whole->number) {
		if (number == whole->number + 1)
			counting->doubts = 0;
		return counting->parts;
	}
	/* the whole has already passed this number, with a record of another part */
	if (counting->parts == PARTS_UNKNOWN)
		return PARTS_APART;
	if (counting->parts == PARTS_TOGETHER && ++counting->doubts >= DOUBTS_MAX)
		return PARTS_APART;
	return counting->parts;
}
