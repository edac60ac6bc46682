/* SPDX-License-Identifier: MIT */
#include "trace/evtx/binary_xml.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/bytes.h"
#include "trace/evtx/template.h"

#define NESTING_MAX  3
#define CHUNK_HEADER 512U

/* Cost of starting a definition, in bytes. */
#define WALK_COST 64U

struct visit {
	struct evtx_chunk *chunk;
	evtx_visit *call;
	void *userdata;
	const char *reason;
	uint32_t documents; /* number so far: the record's own, and those nested in it */
	uint64_t work, work_max;
};

void evtx_chunk_begin(struct evtx_chunk *chunk, const unsigned char *bytes, uint32_t size)
{
	chunk->bytes = bytes;
	chunk->size = size;
	chunk->template_count = chunk->pieces.count = chunk->walked = 0;
	memset(chunk->slots, 0, sizeof chunk->slots);
	memset(chunk->known, 0, sizeof chunk->known);
	chunk->provider_name.bytes = chunk->computer_name.bytes = NULL;
}

void evtx_chunk_free(struct evtx_chunk *chunk)
{
	free(chunk->templates);
	free(chunk->pieces.pieces);
	for (unsigned i = 0; i < NESTING_MAX; i++)
		free(chunk->scratch[i].pieces);
}

/*@ requires \valid(visit);
    assigns visit->reason \from reason;
    ensures \result < 0; */
static int damaged(struct visit *visit, const char *reason)
{
	visit->reason = reason;
	return -EBADMSG;
}

/* Counts steps of the record. */
/*@ requires \valid(visit);
    assigns visit->work, visit->reason \from visit->reason;
    ensures \result <= 0; */
static int spend(struct visit *visit, uint32_t steps)
{
	visit->work += steps;
	return visit->work > visit->work_max ? damaged(visit, "the record is too complex") : 0;
}

/* ---- templates ---- */

static int template_add(struct evtx_chunk *chunk, const struct evtx_template *template)
{
	struct evtx_template *grown = array_grow(chunk->templates, chunk->template_count,
						 &chunk->template_capacity, sizeof *grown);

	if (!grown)
		return -ENOMEM;
	chunk->templates = grown;
	chunk->templates[chunk->template_count++] = *template;
	return 0;
}

/* Walks a definition for the first time. A damaged one is remembered as well. */
static int template_walk(struct visit *visit, uint32_t offset, uint32_t begin, uint32_t end,
			 enum evtx_place place)
{
	struct evtx_chunk *chunk = visit->chunk;
	struct evtx_template template = { .offset = offset, .place = place };
	uint32_t cost = end - begin + WALK_COST;
	int r;

	if (chunk->template_count == EVTX_TEMPLATES_MAX || chunk->walked + cost > EVTX_WALK_MAX)
		return damaged(visit, "the templates of the chunk are too complex");
	chunk->walked += cost;
	chunk->work += cost;
	template.first = chunk->pieces.count;
	r = evtx_fragment_walk(chunk, &begin, end, true, place, &chunk->pieces, &template.reason);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		chunk->pieces.count = template.first;
	template.count = chunk->pieces.count - template.first;
	for (uint32_t i = template.first; i < chunk->pieces.count; i++)
		if (chunk->pieces.pieces[i].index > template.sized)
			template.sized = chunk->pieces.pieces[i].index;
	return template_add(chunk, &template);
}

/* The number of the definition at @offset, with its fragment from @begin to @end, as used in
 * @place. */
static int template_find(struct visit *visit, uint32_t offset, uint32_t begin, uint32_t end,
			 enum evtx_place place, uint32_t *ret_number)
{
	struct evtx_chunk *chunk = visit->chunk;
	uint32_t at = (offset * 8 + (uint32_t)place) * 0x9e3779b1U >> 21;
	const struct evtx_template *found;
	int r;

	for (; chunk->slots[at]; at = (at + 1) % EVTX_SLOTS) {
		found = &chunk->templates[chunk->slots[at] - 1];
		if (found->offset == offset && found->place == place)
			break;
	}
	if (!chunk->slots[at]) {
		r = template_walk(visit, offset, begin, end, place);
		if (r < 0)
			return r;
		chunk->slots[at] = (uint16_t)chunk->template_count;
	}
	*ret_number = chunk->slots[at] - 1U;
	found = &chunk->templates[*ret_number];
	return found->reason ? damaged(visit, found->reason) : 0;
}

_Static_assert(EVTX_SLOTS == 1U << (32 - 21), "the hash of a template has a place for each slot");

/* ---- documents ---- */

static int document_visit(struct visit *visit, uint32_t at, uint32_t end, enum evtx_place place,
			  unsigned nesting);

/* The values of a template instance: the places of their descriptors, and of the values
 * themselves; and the number of the template. */
struct values {
	uint32_t count, descriptors, begin, end, template;
};

/* The last value looked up: programs mostly go forward, or a little back. */
struct cursor {
	uint32_t index, offset;
};

/*@ predicate is_visit(struct visit *visit) = \valid(visit) && \valid_read(visit->chunk) &&
	\valid_read(visit->chunk->bytes + (0 .. visit->chunk->size - 1));
    predicate are_values(struct visit *visit, struct values *values) = \valid_read(values) &&
	values->descriptors + 4 * values->count <= values->end &&
	values->end <= visit->chunk->size; */
/*@ requires is_visit(visit) && are_values(visit, values);
    requires \valid(cursor) && \valid(ret_value) && cursor->index <= values->count;
    requires \separated(visit, visit->chunk, values, cursor, ret_value,
	visit->chunk->bytes + (0 .. visit->chunk->size - 1));
    assigns visit->work, *cursor, *ret_value, visit->reason \from visit->reason;
    ensures cursor->index <= values->count;
    ensures \result <= 0;
    ensures \result == 0 ==> index < values->count &&
	ret_value->bytes == visit->chunk->bytes + cursor->offset &&
	cursor->offset + ret_value->size <= values->end; */
static int value_find(struct visit *visit, const struct values *values, uint32_t index,
		      struct cursor *cursor, struct evtx_value *ret_value)
{
	const unsigned char *descriptor = visit->chunk->bytes + values->descriptors;
	int r;

	if (index >= values->count)
		return damaged(visit, "a value is outside the record");
	if (index < cursor->index / 2) {
		cursor->index = 0;
		cursor->offset = values->begin;
	}
	r = spend(visit, index < cursor->index ? cursor->index - index : index - cursor->index);
	if (r < 0)
		return r;
	/*@ loop invariant cursor->index <= values->count;
	    loop assigns *cursor;
	    loop variant cursor->index; */
	while (cursor->index > index)
		cursor->offset -= read_u16(descriptor + 4 * --cursor->index);
	/*@ loop invariant cursor->index <= index;
	    loop assigns *cursor;
	    loop variant index - cursor->index; */
	for (; cursor->index < index; ++cursor->index)
		cursor->offset += read_u16(descriptor + 4 * cursor->index);
	ret_value->size = read_u16(descriptor + 4 * index);
	ret_value->type = descriptor[4 * index + 2];
	if (cursor->offset > values->end || values->end - cursor->offset < ret_value->size)
		return damaged(visit, "a value is outside the record");
	ret_value->bytes = visit->chunk->bytes + cursor->offset;
	return 0;
}

/* The same for a value at @offset that was found with these descriptors in another record, in so
 * many steps. */
/*@ requires is_visit(visit) && are_values(visit, values) && index < values->count;
    requires \valid(ret_value);
    requires \separated(visit, visit->chunk, values, ret_value,
	visit->chunk->bytes + (0 .. visit->chunk->size - 1));
    assigns visit->work, *ret_value, visit->reason \from visit->reason;
    ensures \result <= 0;
    ensures \result == 0 ==> ret_value->bytes == visit->chunk->bytes + offset &&
	offset + ret_value->size <= values->end; */
static inline int value_take(struct visit *visit, const struct values *values, uint32_t index,
			     uint32_t offset, uint32_t steps, struct evtx_value *ret_value)
{
	const unsigned char *descriptor = visit->chunk->bytes + values->descriptors + 4 * index;
	int r = spend(visit, steps);

	if (r < 0)
		return r;
	ret_value->size = read_u16(descriptor);
	ret_value->type = descriptor[2];
	if (offset > values->end || values->end - offset < ret_value->size)
		return damaged(visit, "a value is outside the record");
	ret_value->bytes = visit->chunk->bytes + offset;
	return 0;
}

static struct evtx_value literal_value(const struct evtx_chunk *chunk,
				       const struct evtx_piece *piece, unsigned char character[2])
{
	if (piece->offset)
		return (struct evtx_value) { .type = EVTX_STRING,
					     .size = 2 * piece->characters,
					     .bytes = chunk->bytes + piece->offset };
	character[0] = (unsigned char)piece->character;
	character[1] = (unsigned char)(piece->character >> 8);
	return (struct evtx_value) { .type = EVTX_STRING, .size = 2, .bytes = character };
}

/* Finds the value of @piece, the one numbered @i of its template: where it was in the last
 * instance, unless a nested document has used the same template since. */
static int piece_find(struct visit *visit, const struct values *values, struct evtx_piece *piece,
		      uint32_t i, struct cursor *cursor, struct evtx_value *ret_value)
{
	struct evtx_template *template = &visit->chunk->templates[values->template];
	const bool is_last = template->descriptors == values->descriptors;
	const uint64_t work = visit->work;
	int r;

	if (is_last && i < template->found) {
		*cursor = (struct cursor) { piece->index, values->begin + piece->at };
		return value_take(visit, values, piece->index, cursor->offset, piece->steps,
				  ret_value);
	}
	r = value_find(visit, values, piece->index, cursor, ret_value);
	if (r == 0 && is_last) {
		piece->at = cursor->offset - values->begin;
		piece->steps = (uint32_t)(visit->work - work);
		template->found = i + 1;
	}
	return r;
}

/* Visits @count pieces of @program from @first on. The program may grow while nested documents
 * are visited. */
static int program_visit(struct visit *visit, const struct evtx_program *program, uint32_t first,
			 uint32_t count, const struct values *values, unsigned nesting)
{
	struct cursor cursor = { 0, values ? values->begin : 0 };
	uint32_t document = visit->documents++;

	for (uint32_t i = 0; i < count; i++) {
		struct evtx_piece *piece = &program->pieces[first + i];
		enum evtx_place place = piece->place;
		bool nested = piece->kind == EVTX_NESTED;
		struct evtx_value value;
		unsigned char character[2];
		uint32_t begin;
		int r = spend(visit, 1);

		if (r < 0)
			return r;
		if (piece->kind == EVTX_LITERAL) {
			value = literal_value(visit->chunk, piece, character);
		} else {
			if (!values)
				return damaged(visit, "a value is outside the record");
			r = piece_find(visit, values, piece, i, &cursor, &value);
			if (r < 0)
				return r;
			if (value.type == EVTX_NULL)
				continue;
		}
		value.leaf = document << 16 | piece->leaf;
		r = visit->call(visit->userdata, visit->chunk, piece, &value);
		if (r != 0)
			return r;
		if (!nested || value.type != EVTX_XML)
			continue;
		begin = (uint32_t)(value.bytes - visit->chunk->bytes);
		r = document_visit(visit, begin, begin + value.size, place, nesting + 1);
		if (r != 0)
			return r;
	}
	return 0;
}

/* Prepares a template for another instance: values are where they were in the last one if all
 * descriptors are the same that this depends on. */
static void template_follow(struct evtx_template *template, const unsigned char *bytes,
			    const struct values *values)
{
	uint32_t sized = template->sized < values->count ? template->sized : values->count;

	if (template->values != values->count ||
	    memcmp(bytes + template->descriptors, bytes + values->descriptors, 4 * sized) != 0)
		template->found = 0;
	template->descriptors = values->descriptors;
	template->values = values->count;
}

/* A template instance at @at, just after its token. */
static int instance_visit(struct visit *visit, uint32_t at, uint32_t end, enum evtx_place place,
			  unsigned nesting)
{
	const struct evtx_chunk *chunk = visit->chunk;
	struct evtx_template *template;
	uint32_t id, definition, size;
	struct values values;
	int r;

	if (end - at < 9)
		return damaged(visit, "a template instance is truncated");
	id = read_u32(chunk->bytes + at + 1);
	definition = read_u32(chunk->bytes + at + 5);
	at += 9;
	if (definition < CHUNK_HEADER || definition > chunk->size || chunk->size - definition < 24)
		return damaged(visit, "a template definition is outside the chunk");
	/* its identifier starts with the number that the record uses */
	if (read_u32(chunk->bytes + definition + 4) != id)
		return damaged(visit,
			       "the template definition is not the one that the record names");
	size = read_u32(chunk->bytes + definition + 20);
	if (size > chunk->size - definition - 24)
		return damaged(visit, "a template definition exceeds the chunk");
	r = template_find(visit, definition, definition + 24, definition + 24 + size, place,
			  &values.template);
	if (r < 0)
		return r;
	if (definition == at) {
		if (end - at < 24 + size)
			return damaged(visit, "a template definition exceeds its record");
		at += 24 + size;
	}
	if (end - at < 4)
		return damaged(visit, "the values are truncated");
	values.count = read_u32(chunk->bytes + at);
	values.descriptors = at + 4;
	values.end = end;
	if (values.count > (end - at - 4) / 4)
		return damaged(visit, "more values than fit into the record");
	values.begin = values.descriptors + 4 * values.count;
	template = &chunk->templates[values.template];
	template_follow(template, chunk->bytes, &values);
	return program_visit(visit, &chunk->pieces, template->first, template->count, &values,
			     nesting);
}

static int document_visit(struct visit *visit, uint32_t at, uint32_t end, enum evtx_place place,
			  unsigned nesting)
{
	const unsigned char *bytes = visit->chunk->bytes;
	struct evtx_program *scratch;
	int r;

	if (nesting >= NESTING_MAX)
		return damaged(visit, "documents are nested too deeply");
	/* the fragment header, which is optional */
	if (end - at >= 4 && bytes[at] == EVTX_TOKEN_HEADER)
		at += 4;
	if (end == at)
		return 0;
	if (bytes[at] == EVTX_TOKEN_TEMPLATE)
		return instance_visit(visit, at + 1, end, place, nesting);
	r = spend(visit, end - at);
	if (r < 0)
		return r;
	scratch = &visit->chunk->scratch[nesting];
	scratch->count = 0;
	r = evtx_fragment_walk(visit->chunk, &at, end, false, place, scratch, &visit->reason);
	return r < 0 ? r : program_visit(visit, scratch, 0, scratch->count, NULL, nesting);
}

int evtx_document_visit(struct evtx_chunk *chunk, uint32_t begin, uint32_t end, evtx_visit *visit,
			void *userdata, const char **ret_reason)
{
	struct visit state = {
		.chunk = chunk,
		.call = visit,
		.userdata = userdata,
		.work_max = (uint64_t)(end - begin) * EVTX_WORK_FACTOR + EVTX_WORK_BASE,
	};
	int r = document_visit(&state, begin, end, EVTX_AT_ROOT, 0);

	chunk->work += state.work;
	if (r == -EBADMSG && state.reason)
		*ret_reason = state.reason;
	return r;
}
