/* SPDX-License-Identifier: MIT */
#include "trace/text/line_paths.h"

#include <stdlib.h>

#include "trace/text/line_values.h"
#include "trace/text/lines.h"

/* After MISSES_MAX more misses than hits, the next PAUSE lines go straight to the scanner. */
#define MISSES_MAX 32
#define PAUSE      1024

static void name_add(struct path_name slots[32], const char *name, unsigned number)
{
	size_t size = strlen(name);
	char bytes[16] = { 0 };
	uint64_t head;
	unsigned at;

	memcpy(bytes, name, size < 16 ? size : 16);
	head = load_word(bytes);
	for (at = (unsigned)(head * 0x9e3779b97f4a7c15U >> 59); slots[at].head; at = (at + 1) % 32)
		;
	slots[at] = (struct path_name) {
		.head = head,
		.tail = load_word(bytes + 8),
		.name = name,
		.size = (uint8_t)size,
		.number = (uint8_t)number,
	};
}

void paths_forget(struct line_paths *paths)
{
	paths->count = paths->misses = paths->pause = 0;
}

void paths_init(struct line_paths *paths)
{
	*paths = (struct line_paths) { .count = 0 };
	for (unsigned event = 0; sessionlint_event_name(event); event++)
		name_add(paths->names.events, sessionlint_event_name(event), event);
	for (unsigned state = 1; sessionlint_state_name(state); state++)
		name_add(paths->names.states, sessionlint_state_name(state), state);
}

void paths_free(struct line_paths *paths)
{
	free(paths->parts);
}

/* ---- learning ---- */

#define IN_RECORD(field)   offsetof(struct record, field)
#define IN_CONTRACT(field) offsetof(struct contract, field)

/* How values are read that are not numbers of JSON. */
static const struct {
	uint8_t value;
	uint16_t field;
} values[RECORD_KEYS] = {
	[KEY_TIME] = { VALUE_TIME, 0 },
	[KEY_SEQ] = { VALUE_SEQ, 0 },
	[KEY_SESSION] = { VALUE_SESSION, 0 },
	[KEY_EVENT] = { VALUE_EVENT, 0 },
	[KEY_NOTIFY] = { VALUE_NOTIFY, 0 },
	[KEY_FROM] = { VALUE_STATE, IN_RECORD(from) },
	[KEY_TO] = { VALUE_STATE, IN_RECORD(to) },
	[KEY_STATE] = { VALUE_STATE, IN_RECORD(state) },
	[KEY_DRIVER] = { VALUE_HANDLE, IN_CONTRACT(driver) },
	[KEY_IO] = { VALUE_HANDLE, IN_CONTRACT(io) },
	[KEY_REGISTRATION] = { VALUE_HANDLE, IN_CONTRACT(registration) },
	[KEY_SESSION_OBJECT] = { VALUE_HANDLE, IN_CONTRACT(session_object) },
	[KEY_CONTEXT] = { VALUE_HANDLE, IN_CONTRACT(context) },
	[KEY_SIZE] = { VALUE_NUMBER, IN_CONTRACT(size) },
	[KEY_LENGTH] = { VALUE_NUMBER, IN_CONTRACT(length) },
	[KEY_FLAGS] = { VALUE_NUMBER, IN_CONTRACT(flags) },
	[KEY_STATUS] = { VALUE_NUMBER, IN_CONTRACT(status) },
	[KEY_PAYLOAD_SESSION] = { VALUE_NUMBER, IN_CONTRACT(payload_session) },
	[KEY_PAYLOAD_LENGTH] = { VALUE_NUMBER, IN_CONTRACT(payload_length) },
	[KEY_DEVICE_SESSION] = { VALUE_NUMBER, IN_CONTRACT(device_session) },
};

/* How the value of a part is read. */
static enum path_value value_of(const struct shape_part *part)
{
	if (part->form == PAIR_NUMBER && part->key != KEY_SESSION)
		return VALUE_OTHER;
	return (enum path_value)values[part->key].value;
}

static void part_make(struct path_part *ret_part, const struct shape_part *part, bool is_end)
{
	char bytes[SHAPE_LITERAL + 8] = { 0 };
	unsigned size = part->before.size;

	memcpy(bytes, part->before.bytes, size);
	*ret_part = (struct path_part) {
		.head = load_word(bytes),
		.mask = word_head(~(uint64_t)0, size),
		.middle = load_word(bytes + 8),
		.tail = size > 8 ? load_word(bytes + size - 8) : 0,
		.size = size,
		.key = is_end ? 0 : KEY_BIT(part->key),
		.value = (uint8_t)value_of(part),
		.field = values[part->key].field,
		.part = *part,
	};
}

static bool begins(const struct shape_literal *literal, const struct shape_literal *other)
{
	return literal->size < other->size &&
	       memcmp(literal->bytes, other->bytes, literal->size) == 0;
}

/* The part that is @part, which is added if it is new; NULL: there is no room. */
static struct path_part *part_get(struct line_paths *paths, const struct shape_part *part,
				  bool is_end)
{
	struct path_part *added = &paths->parts[paths->count];

	for (struct path_part *one = paths->parts + 1; one < added; one++)
		if (shape_parts_equal(&one->part, part) && (one->key == 0) == is_end)
			return one;
	if (paths->count == PATH_PARTS)
		return NULL;
	part_make(added, part, is_end);
	for (struct path_part *one = paths->parts + 1; one < added; one++) {
		one->begins_another |= begins(&one->part.before, &part->before);
		added->begins_another |= begins(&part->before, &one->part.before);
	}
	paths->count++;
	return added;
}

/* Notes that @part has followed @last. One that begins another is tried after that: in CSV it would
 * have an empty value. */
static void part_join(struct path_part *last, struct path_part *part)
{
	unsigned at = 0;

	for (unsigned i = 0; i < last->next_count; i++)
		if (last->next[i] == part)
			return;
	if (last->next_count == PATH_NEXT)
		last->next_count--;
	while (at < last->next_count && !begins(&last->next[at]->part.before, &part->part.before))
		at++;
	memmove(last->next + at + 1, last->next + at,
		(last->next_count - at) * sizeof(struct path_part *));
	last->next[at] = part;
	last->next_count++;
}

void paths_learn(struct line_paths *paths, const struct record *record, const struct pairs *pairs,
		 const char *line, const char *next)
{
	struct path_part *last;
	struct shape shape;

	if (paths->pause || record->kind == RECORD_MALFORMED)
		return;
	shape_learn(&shape, pairs, line, next);
	/* a different line is no reason to forget the others */
	if (shape.count == 0)
		return;
	if (!paths->parts)
		paths->parts = malloc(PATH_PARTS * sizeof(struct path_part));
	/* all lines can be left to the scanner */
	if (!paths->parts)
		return;
	last = &paths->parts[0];
	if (paths->count == 0) {
		last->next_count = 0;
		paths->count = 1;
	}
	for (unsigned i = 0; i <= shape.count; i++) {
		const struct shape_part end = { .before = shape.tail };
		bool is_end = i == shape.count;
		struct path_part *part = part_get(paths, is_end ? &end : &shape.parts[i], is_end);

		if (!part) {
			paths->count = 0;
			return;
		}
		part_join(last, part);
		last = part;
	}
}

/* ---- values ---- */

static inline const struct path_name *name_find(const struct path_name slots[32], const char *at,
						size_t size)
{
	uint64_t head = word_head(load_word(at), size);
	uint64_t tail = word_head(load_word(at + 8), size > 8 ? size - 8 : 0);

	for (unsigned i = (unsigned)(head * 0x9e3779b97f4a7c15U >> 59); slots[i].head;
	     i = (i + 1) % 32)
		if (slots[i].head == head && slots[i].tail == tail && slots[i].size == size &&
		    (size <= 16 || memcmp(slots[i].name + 16, at + 16, size - 16) == 0))
			return &slots[i];
	return NULL;
}

/* Finds the end of any value, and parses it the usual way. */
static const char *value_read(const struct shape_part *part, struct record_builder *builder,
			      struct record *record, const char *at)
{
	const char *end = shape_value_end(part, at);

	if (!end || (end == at && !part->empty) ||
	    record_put_value(builder, record, part->key, text_of(at, (size_t)(end - at))) < 0)
		return NULL;
	return end;
}

/* Reads a number of at most seven digits. */
static inline const char *number_read(uint32_t *ret_number, const struct shape_part *part,
				      const char *at)
{
	const char *end = session_read(ret_number, at, false);

	/* it may be hexadecimal */
	if (end && (*end == part->stop || *end == '"' || (unsigned char)*end < 0x20))
		return end;
	return NULL;
}

/* Reads a name or an address of the driver's contract. */
static inline const char *handle_read(struct sessionlint_text *ret_handle,
				      const struct shape_part *part, const char *at)
{
	const char *end = value_end(at, part->stop);
	size_t size = (size_t)(end - at);

	if (size == 0 || size > HANDLE_MAX_SIZE)
		return NULL;
	*ret_handle = text_of(at, size);
	return end;
}

/* Which event it is, is left to record_finish(), if it has another name. */
static inline const char *event_read(const struct path_names *names, struct record_builder *builder,
				     const struct shape_part *part, const char *at)
{
	const char *end = value_end(at, part->stop);
	const struct path_name *name = name_find(names->events, at, (size_t)(end - at));

	if (!name)
		return NULL;
	builder->event = text_of(at, (size_t)(end - at));
	builder->event_number = name->number;
	return end;
}

static inline const char *state_read(const struct path_names *names, uint32_t *ret_state,
				     const struct shape_part *part, const char *at)
{
	const char *end = value_end(at, part->stop);
	const struct path_name *name = name_find(names->states, at, (size_t)(end - at));

	if (!name)
		return NULL;
	*ret_state = name->number;
	return end;
}

/* Reads a value in the spelling that most have. Returns its end, or NULL: it has another one. */
static inline const char *value_read_simply(const struct path_names *names,
					    const struct path_part *part,
					    struct record_builder *builder, struct record *record,
					    const char *at)
{
	struct contract *contract;
	const char *end;
	uint32_t number;
	void *field;

	switch ((enum path_value)part->value) {
	case VALUE_OTHER:
		break;
	case VALUE_TIME:
		return time_read(builder, &record->time, at);
	case VALUE_SEQ:
		end = number_read(&number, &part->part, at);
		if (end)
			record->seq = number;
		return end;
	case VALUE_SESSION:
		return session_read(&record->session, at, part->part.form == PAIR_NUMBER);
	case VALUE_EVENT:
		return event_read(names, builder, &part->part, at);
	case VALUE_NOTIFY:
		return record_contract(builder, record)
			       ? event_read(names, builder, &part->part, at)
			       : NULL;
	case VALUE_STATE:
		return state_read(names, (void *)((char *)record + part->field), &part->part, at);
	case VALUE_HANDLE:
	case VALUE_NUMBER:
		contract = record_contract(builder, record);
		if (!contract)
			break;
		field = (char *)contract + part->field;
		return part->value == VALUE_HANDLE ? handle_read(field, &part->part, at)
						   : number_read(field, &part->part, at);
	}
	return NULL;
}

/* ---- following ---- */

static inline bool part_matches(const struct path_part *part, const char *at)
{
	if ((load_word(at) & part->mask) != part->head)
		return false;
	return part->size <= 8 || (load_word(at + part->size - 8) == part->tail &&
				   (part->size <= 16 || load_word(at + 8) == part->middle));
}

/* The part at @at after @last, or NULL. Parts that are frequent move up. */
static inline struct path_part *part_next(struct path_part *last, const char *at)
{
	for (unsigned i = 0; i < last->next_count; i++) {
		struct path_part *part = last->next[i];

		if (!part_matches(part, at))
			continue;
		if (i > 0 && !part->begins_another) {
			last->next[i] = last->next[i - 1];
			last->next[i - 1] = part;
		}
		return part;
	}
	return NULL;
}

/* Keys of which the values matter too: the record depends on them, or they may be wrong together.
 */
#define DECIDING                                                                                   \
	(KEY_BIT(KEY_SOURCE) | KEY_BIT(KEY_PHASE) | KEY_BIT(KEY_SEQ_END) | KEY_BIT(KEY_ALLOW) |    \
	 KEY_BIT(KEY_ALLOW_REASON))

/* Whether any record with these keys is one of this kind, as nearly all records are. */
static inline bool is_kept(const struct record *record)
{
	return (record->kind == RECORD_EVENT || record->kind == RECORD_NOTIFY) &&
	       !(record->keys & DECIDING);
}

/* Does what record_finish() does. Returns whether the keys form a record. */
static inline bool keys_finish(struct line_paths *paths, struct record_builder *builder,
			       struct record *record)
{
	struct sound_keys *sound =
		&paths->sound[record->keys * 0x9e3779b97f4a7c15U >> 32 & (SOUND_KEYS - 1)];
	struct sessionlint_text reason;

	if (sound->keys == record->keys && builder->event_number != SESSIONLINT_NO_EVENT) {
		record->kind = sound->kind;
		record->source = sound->source;
		record->event = builder->event_number;
		return true;
	}
	if (record_finish(builder, record, builder->arena, &reason) < 0)
		return false;
	if (is_kept(record))
		*sound = (struct sound_keys) { record->keys, record->kind, record->source };
	return true;
}

static const char *line_follow(struct line_paths *paths, struct record_builder *builder,
			       struct record *record, const char *at)
{
	struct path_part *part = &paths->parts[0];
	uint64_t keys = 0;

	/* each part has another key, and values cannot contain a line feed: the loop cannot leave
	 * the line */
	for (;;) {
		const char *end;

		part = part_next(part, at);
		if (!part)
			return NULL;
		at += part->size;
		if (part->key == 0)
			break;
		if (keys & part->key)
			return NULL;
		keys |= part->key;
		end = value_read_simply(&paths->names, part, builder, record, at);
		at = end ? end : value_read(&part->part, builder, record, at);
		if (!at)
			return NULL;
	}
	record->keys = keys;
	return keys_finish(paths, builder, record) ? at : NULL;
}

const char *paths_follow(struct line_paths *paths, struct record_builder *builder,
			 struct record *record, const char *line)
{
	const char *next;

	if (paths->pause) {
		paths->pause--;
		return NULL;
	}
	next = line_follow(paths, builder, record, line);
	if (next && (size_t)(next - line) > LINE_MAX_SIZE + 1)
		next = NULL;
	if (next)
		paths->misses -= paths->misses > 0;
	else
		paths->misses++;
	if (paths->misses == MISSES_MAX) {
		paths->misses = 0;
		paths->pause = PAUSE;
	}
	return next;
}

void paths_shape(struct line_paths *paths, const char *line, struct shape *ret_shape)
{
	struct path_part *part = &paths->parts[0];
	const char *at = line;

	ret_shape->count = 0;
	while (at && (part = part_next(part, at))) {
		if (part->key == 0) {
			ret_shape->tail = part->part.before;
			return;
		}
		/* more than any line had that was learned */
		if (ret_shape->count == SHAPE_PARTS)
			break;
		ret_shape->parts[ret_shape->count++] = part->part;
		at = shape_value_end(&part->part, at + part->size);
	}
	ret_shape->count = 0;
}
