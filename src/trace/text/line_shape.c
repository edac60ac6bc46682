/* SPDX-License-Identifier: MIT */
#include "trace/text/line_shape.h"

#include "trace/text/line_values.h"

static bool literal_learn(struct shape_literal *literal, const char *begin, const char *end)
{
	size_t size = (size_t)(end - begin);

	if (size > SHAPE_LITERAL)
		return false;
	*literal = (struct shape_literal) { .size = (unsigned)size };
	memcpy(literal->bytes, begin, size);
	return true;
}

static bool part_learn(struct shape_part *part, const struct pair *pair, char separator,
		       const char *before)
{
	if (pair->key_escaped || trace_key_find(pair->key, &part->key, NULL) < 0)
		return false;
	part->form = pair->form;
	if (part->form == PAIR_NUMBER && part->key != KEY_SESSION && part->key != KEY_SEQ &&
	    part->key < KEY_CONTRACT_FIRST)
		return false;
	if (part->form != PAIR_BARE && part->form != PAIR_QUOTED && part->form != PAIR_NUMBER)
		return false;
	if (part->form == PAIR_QUOTED)
		part->stop = separator ? '"' : '\\';
	else
		part->stop = separator ? separator : ' ';
	/* an empty field means that the key is missing */
	part->empty = !separator || part->form == PAIR_QUOTED;
	return literal_learn(&part->before, before, pair->value.data);
}

void shape_learn(struct shape *shape, const struct pairs *pairs, const char *line, const char *next)
{
	const char *at = line;

	shape->count = 0;
	if (pairs->count == 0 || pairs->count > SHAPE_PARTS || pairs->doubtful)
		return;
	for (unsigned i = 0; i < pairs->count; i++) {
		const struct pair *pair = &pairs->pairs[i];

		if (!part_learn(&shape->parts[i], pair, pairs->separator, at))
			return;
		at = pair->value.data + pair->value.size;
	}
	if (literal_learn(&shape->tail, at, next))
		shape->count = pairs->count;
}

bool shape_literals_equal(const struct shape_literal *a, const struct shape_literal *b)
{
	return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

bool shape_parts_equal(const struct shape_part *a, const struct shape_part *b)
{
	return shape_literals_equal(&a->before, &b->before) && a->key == b->key &&
	       a->form == b->form && a->stop == b->stop && a->empty == b->empty;
}

const char *shape_value_end(const struct shape_part *part, const char *at)
{
	return part->form == PAIR_NUMBER ? number_end(at) : value_end(at, part->stop);
}
