/* SPDX-License-Identifier: MIT */
#include "trace/evtx_xml.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "trace/evtx_walk.h"

#define NESTING_MAX  3
#define CHUNK_HEADER 512U

/* Pieces of one record in all: templates can be nested in each other again and again. */
#define VISITS_MAX 4096

struct visit {
	struct evtx_chunk *chunk;
	evtx_visit *call;
	void *userdata;
	const char *reason;
	unsigned visits;
};

void evtx_chunk_begin(struct evtx_chunk *chunk, const unsigned char *bytes, uint32_t size)
{
	chunk->bytes = bytes;
	chunk->size = size;
	for (unsigned i = 0; i < EVTX_TEMPLATES; i++)
		chunk->templates[i].offset = 0;
	memset(chunk->known, 0, sizeof chunk->known);
}

void evtx_chunk_free(struct evtx_chunk *chunk)
{
	for (unsigned i = 0; i < EVTX_TEMPLATES; i++)
		free(chunk->templates[i].program.pieces);
	for (unsigned i = 0; i < NESTING_MAX; i++)
		free(chunk->scratch[i].pieces);
}

/* The program of the definition at @offset, whose fragment begins at @begin and ends at @end. */
static int template_find(struct visit *visit, uint32_t offset, uint32_t begin, uint32_t end,
			 enum evtx_place place, const struct evtx_program **ret_program)
{
	/* definitions are 8 bytes apart at least; a collision only costs another walk */
	struct evtx_template *slot = &visit->chunk->templates[(offset >> 3) % EVTX_TEMPLATES];
	int r;

	if (slot->offset != offset || slot->place != place) {
		slot->offset = 0;
		r = evtx_fragment_walk(visit->chunk, &begin, end, true, place, &slot->program,
				       &visit->reason);
		if (r < 0)
			return r;
		slot->offset = offset;
		slot->place = place;
	}
	*ret_program = &slot->program;
	return 0;
}

static int damaged(struct visit *visit, const char *reason)
{
	visit->reason = reason;
	return -EBADMSG;
}

static int document_visit(struct visit *visit, uint32_t at, uint32_t end, enum evtx_place place,
			  unsigned nesting);

/* The values of a template instance: where their descriptors are, and where they begin themselves.
 */
struct values {
	uint32_t count, descriptors, begin, end;
};

/* Finds value @index; the one before is where the last call left off, since programs go mostly
 * forward. */
static int value_find(const struct visit *visit, const struct values *values, uint32_t index,
		      uint32_t *known_index, uint32_t *known_offset, struct evtx_value *ret_value)
{
	const unsigned char *descriptor = visit->chunk->bytes + values->descriptors;

	if (index >= values->count)
		return -ENOENT;
	if (index < *known_index) {
		*known_index = 0;
		*known_offset = values->begin;
	}
	for (; *known_index < index; ++*known_index)
		*known_offset += read_u16(descriptor + 4 * *known_index);
	ret_value->size = read_u16(descriptor + 4 * index);
	ret_value->type = descriptor[4 * index + 2];
	if (*known_offset > values->end || values->end - *known_offset < ret_value->size)
		return -ENOENT;
	ret_value->bytes = visit->chunk->bytes + *known_offset;
	return 0;
}

static struct evtx_value literal_value(const struct evtx_chunk *chunk,
				       const struct evtx_piece *piece, unsigned char character[2])
{
	if (piece->offset)
		return (struct evtx_value) { EVTX_STRING, 2 * piece->characters,
					     chunk->bytes + piece->offset };
	character[0] = (unsigned char)piece->character;
	character[1] = (unsigned char)(piece->character >> 8);
	return (struct evtx_value) { EVTX_STRING, 2, character };
}

static int program_visit(struct visit *visit, const struct evtx_program *program,
			 const struct values *values, unsigned nesting)
{
	uint32_t known_index = 0, known_offset = values ? values->begin : 0;

	for (uint32_t i = 0; i < program->count; i++) {
		const struct evtx_piece *piece = &program->pieces[i];
		struct evtx_value value;
		unsigned char character[2];
		uint32_t begin;
		int r;

		if (++visit->visits > VISITS_MAX)
			return damaged(visit, "a record has too many fields");
		if (piece->kind == EVTX_LITERAL) {
			value = literal_value(visit->chunk, piece, character);
		} else {
			if (!values || value_find(visit, values, piece->index, &known_index,
						  &known_offset, &value) < 0)
				return damaged(visit, "a value lies outside the record");
			if (value.type == EVTX_NULL)
				continue;
		}
		r = visit->call(visit->userdata, visit->chunk, piece, &value);
		if (r != 0)
			return r;
		if (piece->kind != EVTX_NESTED || value.type != EVTX_XML)
			continue;
		begin = (uint32_t)(value.bytes - visit->chunk->bytes);
		r = document_visit(visit, begin, begin + value.size, piece->place, nesting + 1);
		if (r != 0)
			return r;
	}
	return 0;
}

/* A template instance at @at, which is behind its token. */
static int instance_visit(struct visit *visit, uint32_t at, uint32_t end, enum evtx_place place,
			  unsigned nesting)
{
	const struct evtx_chunk *chunk = visit->chunk;
	const struct evtx_program *program;
	uint32_t id, definition, size;
	struct values values;
	int r;

	if (end - at < 9)
		return damaged(visit, "a template instance is cut off");
	id = read_u32(chunk->bytes + at + 1);
	definition = read_u32(chunk->bytes + at + 5);
	at += 9;
	if (definition < CHUNK_HEADER || definition > chunk->size || chunk->size - definition < 24)
		return damaged(visit, "a template definition lies outside the chunk");
	/* its identifier begins with the number by which the record calls it */
	if (read_u32(chunk->bytes + definition + 4) != id)
		return damaged(visit,
			       "the template definition is another one than the record names");
	size = read_u32(chunk->bytes + definition + 20);
	if (size > chunk->size - definition - 24)
		return damaged(visit, "a template definition runs over the end of the chunk");
	r = template_find(visit, definition, definition + 24, definition + 24 + size, place,
			  &program);
	if (r < 0)
		return r;
	if (definition == at) {
		if (end - at < 24 + size)
			return damaged(visit,
				       "a template definition runs over the end of its record");
		at += 24 + size;
	}
	if (end - at < 4)
		return damaged(visit, "the values are cut off");
	values.count = read_u32(chunk->bytes + at);
	values.descriptors = at + 4;
	values.end = end;
	if (values.count > (end - at - 4) / 4)
		return damaged(visit, "there are more values than the record can hold");
	values.begin = values.descriptors + 4 * values.count;
	return program_visit(visit, program, &values, nesting);
}

static int document_visit(struct visit *visit, uint32_t at, uint32_t end, enum evtx_place place,
			  unsigned nesting)
{
	const unsigned char *bytes = visit->chunk->bytes;
	struct evtx_program *scratch;
	int r;

	if (nesting >= NESTING_MAX)
		return damaged(visit, "documents are nested too deeply");
	/* the fragment header, which is not always there */
	if (end - at >= 4 && bytes[at] == EVTX_TOKEN_HEADER)
		at += 4;
	if (end == at)
		return 0;
	if (bytes[at] == EVTX_TOKEN_TEMPLATE)
		return instance_visit(visit, at + 1, end, place, nesting);
	scratch = &visit->chunk->scratch[nesting];
	r = evtx_fragment_walk(visit->chunk, &at, end, false, place, scratch, &visit->reason);
	return r < 0 ? r : program_visit(visit, scratch, NULL, nesting);
}

int evtx_document_visit(struct evtx_chunk *chunk, uint32_t begin, uint32_t end, evtx_visit *visit,
			void *userdata, const char **ret_reason)
{
	struct visit state = { .chunk = chunk, .call = visit, .userdata = userdata };
	int r = document_visit(&state, begin, end, EVTX_AT_ROOT, 0);

	if (r == -EBADMSG)
		*ret_reason = state.reason;
	return r;
}
