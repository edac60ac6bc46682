/* SPDX-License-Identifier: MIT */
#include "trace/evtx/template.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/bytes.h"

#define DEPTH_MAX 32

/* Real templates have about twenty fields; without a limit, a small file could cause large
 * allocations. */
#define PIECES_MAX 256

struct level {
	enum evtx_place place;
	struct evtx_name name;
	struct evtx_name data_name; /* of <Data Name="..."> */
	uint32_t leaf;
};

struct walk {
	struct evtx_chunk *chunk;
	const unsigned char *bytes;
	uint32_t at, end;
	bool definition;
	struct evtx_program *program;
	uint32_t first; /* of the added pieces */
	const char *reason;

	struct level levels[DEPTH_MAX + 1]; /* the first is where the fragment is */
	unsigned depth;
	struct evtx_name attribute; /* the current one */
	uint32_t leaves;
};

static int damaged(struct walk *walk, const char *reason)
{
	walk->reason = reason;
	return -EBADMSG;
}

/* Whether @size bytes are left. */
static bool has(const struct walk *walk, uint32_t size)
{
	return walk->end - walk->at >= size;
}

bool utf16_is(const unsigned char *bytes, size_t characters, const char *text)
{
	for (size_t i = 0; i < characters; i++)
		if (text[i] == '\0' || read_u16(bytes + 2 * i) != (unsigned char)text[i])
			return false;
	return text[characters] == '\0';
}

static bool name_is(const struct walk *walk, struct evtx_name name, const char *text)
{
	return name.offset && utf16_is(walk->bytes + name.offset, name.characters, text);
}

/* Reads a name by its offset in the chunk; skips one that is stored right here. */
static int name_read(struct walk *walk, struct evtx_name *ret_name)
{
	uint32_t offset, limit = walk->chunk->size, size;

	if (!has(walk, 4))
		return damaged(walk, "a name is truncated");
	offset = read_u32(walk->bytes + walk->at);
	walk->at += 4;
	if (offset > limit || limit - offset < 8)
		return damaged(walk, "a name is outside the chunk");
	ret_name->characters = read_u16(walk->bytes + offset + 6);
	ret_name->offset = offset + 8;
	/* next, hash, count, the characters, and a zero */
	size = 8 + 2 * ret_name->characters + 2;
	if (limit - offset < size)
		return damaged(walk, "a name exceeds the chunk");
	if (offset == walk->at) {
		if (!has(walk, size))
			return damaged(walk, "a name is truncated");
		walk->at += size;
	}
	return 0;
}

/* The place of an element's children, from its own place and its name. */
static enum evtx_place place_inside(const struct walk *walk, enum evtx_place place,
				    struct evtx_name name)
{
	switch (place) {
	case EVTX_AT_ROOT:
		return name_is(walk, name, "Event") ? EVTX_IN_EVENT : EVTX_ELSEWHERE;
	case EVTX_IN_EVENT:
		if (name_is(walk, name, "System"))
			return EVTX_IN_SYSTEM;
		if (name_is(walk, name, "UserData"))
			return EVTX_IN_USER_DATA;
		return name_is(walk, name, "EventData") ? EVTX_IN_EVENT_DATA : EVTX_ELSEWHERE;
	case EVTX_IN_USER_DATA:
		return EVTX_IN_USER_FIELDS;
	case EVTX_IN_SYSTEM:
	case EVTX_IN_USER_FIELDS:
	case EVTX_IN_EVENT_DATA:
		return EVTX_IN_FIELD;
	case EVTX_IN_FIELD:
	case EVTX_ELSEWHERE:
		break;
	}
	return EVTX_ELSEWHERE;
}

/* The section of the field at the current level; false if it is not a field. */
static bool field_section(const struct walk *walk, enum windows_section *ret_section)
{
	const struct level *level = &walk->levels[walk->depth];

	if (walk->depth == 0 || level->place != EVTX_IN_FIELD)
		return false;
	switch (walk->levels[walk->depth - 1].place) {
	case EVTX_IN_SYSTEM:
		*ret_section = WINDOWS_SYSTEM;
		return true;
	case EVTX_IN_USER_FIELDS:
		*ret_section = WINDOWS_USER_DATA;
		return true;
	case EVTX_IN_EVENT_DATA:
		*ret_section = WINDOWS_EVENT_DATA;
		return true;
	case EVTX_AT_ROOT:
	case EVTX_IN_EVENT:
	case EVTX_IN_USER_DATA:
	case EVTX_IN_FIELD:
	case EVTX_ELSEWHERE:
		break;
	}
	return false;
}

static enum windows_field field_search(const struct walk *walk, struct evtx_name name, bool system)
{
	for (const struct windows_name *row = windows_names; row->name; row++) {
		if (row->system != system || !name_is(walk, name, row->name))
			continue;
		if (row->attribute ? name_is(walk, walk->attribute, row->attribute)
				   : walk->attribute.offset == 0)
			return row->field;
	}
	return WINDOWS_NONE;
}

/* The field of the current element, or of its attribute. */
static enum windows_field field_find(struct walk *walk, enum windows_section section)
{
	const struct level *level = &walk->levels[walk->depth];
	struct evtx_name name = level->data_name.offset ? level->data_name : level->name;
	bool system = section == WINDOWS_SYSTEM;
	uint64_t key = (uint64_t)name.offset << 32 | walk->attribute.offset << 1 | system;
	struct evtx_known *known = &walk->chunk->known[(name.offset >> 1) % EVTX_KNOWN];

	if (known->key != key) {
		known->key = key;
		known->field = field_search(walk, name, system);
	}
	return known->field;
}

static int program_add(struct walk *walk, const struct evtx_piece *piece)
{
	struct evtx_program *program = walk->program;
	struct evtx_piece *pieces;

	if (program->count - walk->first == PIECES_MAX)
		return damaged(walk, "a template has too many fields");
	if (program->count == EVTX_PIECES_MAX)
		return damaged(walk, "the templates of the chunk are too complex");
	if (program->count == program->capacity) {
		pieces = array_grow(program->pieces, program->count, &program->capacity,
				    sizeof *pieces);
		if (!pieces)
			return -ENOMEM;
		program->pieces = pieces;
	}
	program->pieces[program->count++] = *piece;
	return 0;
}

/* Adds a piece of the current field, if that is needed. */
static int piece_add(struct walk *walk, struct evtx_piece piece)
{
	const struct level *level = &walk->levels[walk->depth];

	if (!field_section(walk, &piece.section))
		return 0;
	piece.field = field_find(walk, piece.section);
	if (piece.field == WINDOWS_NONE && !walk->chunk->keep_all)
		return 0;
	piece.element = level->name;
	piece.attribute = walk->attribute;
	piece.data_name = level->data_name;
	piece.leaf = level->leaf;
	return program_add(walk, &piece);
}

/* Whether the current element is <Data Name="...">, whose attribute names the field. In
 * EventData, other elements can be named like that too. */
static bool is_data(const struct walk *walk)
{
	enum evtx_place parent = walk->depth > 0 ? walk->levels[walk->depth - 1].place
						 : EVTX_ELSEWHERE;

	return parent == EVTX_IN_EVENT_DATA ||
	       (parent == EVTX_IN_USER_FIELDS &&
		name_is(walk, walk->levels[walk->depth].name, "Data"));
}

/* Text of the document: 16-bit count and UTF-16. */
static int literal_read(struct walk *walk)
{
	struct evtx_piece piece = { .kind = EVTX_LITERAL };
	struct level *level = &walk->levels[walk->depth];

	if (!has(walk, 2))
		return damaged(walk, "a text is truncated");
	piece.characters = read_u16(walk->bytes + walk->at);
	piece.offset = walk->at + 2;
	walk->at += 2;
	if (!has(walk, 2 * piece.characters))
		return damaged(walk, "a text exceeds its fragment");
	walk->at += 2 * piece.characters;
	if (is_data(walk) && name_is(walk, walk->attribute, "Name")) {
		level->data_name = (struct evtx_name) { piece.offset, piece.characters };
		return 0;
	}
	return piece_add(walk, piece);
}

static int value_read(struct walk *walk)
{
	if (!has(walk, 1))
		return damaged(walk, "a value is truncated");
	if (walk->bytes[walk->at] != EVTX_STRING)
		return damaged(walk, "a value of the document is not text");
	walk->at++;
	return literal_read(walk);
}

static int character_read(struct walk *walk)
{
	if (!has(walk, 2))
		return damaged(walk, "a character reference is truncated");
	walk->at += 2;
	return piece_add(walk, (struct evtx_piece) {
				       .kind = EVTX_LITERAL,
				       .character = read_u16(walk->bytes + walk->at - 2),
			       });
}

static int entity_read(struct walk *walk)
{
	static const struct {
		const char *name;
		uint16_t character;
	} entities[] = {
		{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }
	};
	struct evtx_piece piece = { .kind = EVTX_LITERAL, .character = 0xfffd };
	struct evtx_name name;
	int r = name_read(walk, &name);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < sizeof entities / sizeof entities[0]; i++)
		if (name_is(walk, name, entities[i].name))
			piece.character = entities[i].character;
	return piece_add(walk, piece);
}

static int substitution_read(struct walk *walk)
{
	const struct level *level = &walk->levels[walk->depth];
	struct evtx_piece piece = { .kind = EVTX_SUBSTITUTION };

	if (!has(walk, 3))
		return damaged(walk, "a substitution is truncated");
	if (!walk->definition)
		return damaged(walk, "a substitution outside a template");
	piece.index = read_u16(walk->bytes + walk->at);
	walk->at += 3;
	if (walk->bytes[walk->at - 1] != EVTX_XML)
		return piece_add(walk, piece);
	piece.kind = EVTX_NESTED;
	piece.place = level->place;
	piece.leaf = level->leaf;
	return program_add(walk, &piece);
}

static int open_read(struct walk *walk, bool attributes)
{
	struct level *level;
	struct evtx_name name;
	uint32_t fixed = walk->definition ? 6 : 4;
	int r;

	/* the dependency id, and the size of the element */
	if (!has(walk, fixed))
		return damaged(walk, "an element is truncated");
	walk->at += fixed;
	r = name_read(walk, &name);
	if (r < 0)
		return r;
	if (attributes) {
		if (!has(walk, 4))
			return damaged(walk, "an attribute list is truncated");
		walk->at += 4;
	}
	if (walk->depth == DEPTH_MAX)
		return damaged(walk, "elements are nested too deeply");
	level = &walk->levels[walk->depth + 1];
	level->place = place_inside(walk, walk->levels[walk->depth].place, name);
	level->name = name;
	level->data_name = walk->attribute = (struct evtx_name) { 0 };
	level->leaf = ++walk->leaves;
	walk->depth++;
	return 0;
}

static int close_read(struct walk *walk)
{
	if (walk->depth == 0)
		return damaged(walk, "an end of an element without its begin");
	walk->depth--;
	return 0;
}

static int instruction_read(struct walk *walk, bool target)
{
	struct evtx_name name;
	uint32_t characters;

	if (target)
		return name_read(walk, &name);
	if (!has(walk, 2))
		return damaged(walk, "a processing instruction is truncated");
	characters = read_u16(walk->bytes + walk->at);
	walk->at += 2;
	if (!has(walk, 2 * characters))
		return damaged(walk, "a processing instruction exceeds its fragment");
	walk->at += 2 * characters;
	return 0;
}

static int token_read(struct walk *walk, enum evtx_token token, bool more)
{
	int r;

	switch (token) {
	case EVTX_TOKEN_OPEN:
		return open_read(walk, more);
	case EVTX_TOKEN_CLOSE_START:
		walk->attribute = (struct evtx_name) { 0 };
		return 0;
	case EVTX_TOKEN_CLOSE_EMPTY:
	case EVTX_TOKEN_END_ELEMENT:
		walk->attribute = (struct evtx_name) { 0 };
		return close_read(walk);
	case EVTX_TOKEN_VALUE:
		return value_read(walk);
	case EVTX_TOKEN_ATTRIBUTE:
		r = name_read(walk, &walk->attribute);
		walk->levels[walk->depth].leaf = ++walk->leaves;
		return r;
	case EVTX_TOKEN_CDATA:
		return literal_read(walk);
	case EVTX_TOKEN_CHARACTER:
		return character_read(walk);
	case EVTX_TOKEN_ENTITY:
		return entity_read(walk);
	case EVTX_TOKEN_PI_TARGET:
	case EVTX_TOKEN_PI_DATA:
		return instruction_read(walk, token == EVTX_TOKEN_PI_TARGET);
	case EVTX_TOKEN_SUBSTITUTION:
	case EVTX_TOKEN_OPTIONAL:
		return substitution_read(walk);
	case EVTX_TOKEN_HEADER:
		if (!has(walk, 3))
			return damaged(walk, "a fragment header is truncated");
		walk->at += 3;
		return 0;
	case EVTX_TOKEN_TEMPLATE:
		return damaged(walk, "a template instance inside a document");
	case EVTX_TOKEN_END:
	case EVTX_MORE:
		break;
	}
	return damaged(walk, "an unknown token");
}

/* Splits a token from the flag that more of its kind follow, which only some tokens can have. */
static int token_take(struct walk *walk, unsigned char byte)
{
	unsigned token = byte & ~(unsigned)EVTX_MORE;
	bool more = byte & EVTX_MORE;

	if (more && token != EVTX_TOKEN_OPEN &&
	    (token < EVTX_TOKEN_VALUE || token > EVTX_TOKEN_ENTITY))
		return damaged(walk, "an unknown token");
	return token_read(walk, (enum evtx_token)token, more);
}

int evtx_fragment_walk(struct evtx_chunk *chunk, uint32_t *at, uint32_t end, bool definition,
		       enum evtx_place place, struct evtx_program *program, const char **ret_reason)
{
	struct walk walk = {
		.chunk = chunk,
		.bytes = chunk->bytes,
		.at = *at,
		.end = end,
		.definition = definition,
		.program = program,
		.first = program->count,
	};

	walk.levels[0].place = place;
	while (has(&walk, 1)) {
		unsigned char byte = walk.bytes[walk.at++];
		int r;

		if (byte == EVTX_TOKEN_END)
			break;
		r = token_take(&walk, byte);
		if (r < 0) {
			*ret_reason = walk.reason;
			return r;
		}
		/* a nested fragment that starts with an element may have no end token */
		if (walk.depth == 0 && walk.leaves > 0 && !definition)
			break;
	}
	if (walk.depth > 0) {
		*ret_reason = "an element does not end";
		return -EBADMSG;
	}
	*at = walk.at;
	return 0;
}
