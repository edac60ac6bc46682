/* SPDX-License-Identifier: MIT */
#include "trace/text/line_shape.h"

#include "trace/text/line_values.h"

/* After MISSES_MAX more misses than hits, the next PAUSE lines go straight to the scanner. */
#define MISSES_MAX 32
#define PAUSE      1024

/* ---- learning ---- */

static bool literal_learn(struct shape_literal *literal, const char *begin, const char *end)
{
	size_t size = (size_t)(end - begin);

	if (size > SHAPE_LITERAL)
		return false;
	*literal = (struct shape_literal) { .size = (unsigned)size };
	memcpy(literal->bytes, begin, size);
	memset(literal->masks, 0xff, size);
	return true;
}

static bool part_learn(struct shape_part *part, const struct pair *pair, char separator,
		       const char *before)
{
	if (pair->key_escaped || trace_key_find(pair->key, &part->key, NULL) < 0)
		return false;
	/* its value must be checked against seq */
	if (part->key == KEY_SEQ_END)
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

void shape_learn(struct shape *shape, const struct record *record, const struct pairs *pairs,
		 const char *line, const char *next)
{
	const char *at = line;

	shape->count = 0;
	/* a notification has one source, which is not checked here */
	if (record->kind != RECORD_EVENT &&
	    (record->kind != RECORD_NOTIFY || record_has(record, KEY_SOURCE)))
		return;
	if (pairs->count == 0 || pairs->count > SHAPE_PARTS || pairs->doubtful)
		return;
	for (unsigned i = 0; i < pairs->count; i++) {
		const struct pair *pair = &pairs->pairs[i];

		if (!part_learn(&shape->parts[i], pair, pairs->separator, at))
			return;
		at = pair->value.data + pair->value.size;
	}
	if (!literal_learn(&shape->tail, at, next))
		return;
	shape->keys = record->keys;
	shape->kind = (enum record_kind)record->kind;
	shape->phase = (uint8_t)(record->contract ? record->contract->phase : PHASE_WHOLE);
	shape->count = pairs->count;
}

static bool parts_equal(const struct shape_part *a, const struct shape_part *b)
{
	return a->before.size == b->before.size &&
	       memcmp(a->before.bytes, b->before.bytes, sizeof a->before.bytes) == 0 &&
	       a->key == b->key && a->form == b->form && a->stop == b->stop && a->empty == b->empty;
}

static uint8_t parts_common(const struct shape *a, const struct shape *b)
{
	uint8_t common = 0;

	while (common < a->count && common < b->count &&
	       parts_equal(&a->parts[common], &b->parts[common]))
		common++;
	return common;
}

void shapes_learn(struct shapes *shapes, const struct record *record, const struct pairs *pairs,
		  const char *line, const char *next)
{
	unsigned at = 0;
	struct shape shape;

	if (shapes->pause)
		return;
	shape_learn(&shape, record, pairs, line, next);
	/* a different line is no reason to forget these shapes */
	if (shape.count == 0)
		return;
	while (at < shapes->count &&
	       (shapes->list[at].keys != shape.keys || shapes->list[at].phase != shape.phase))
		at++;
	if (at == SHAPES) {
		at = shapes->oldest;
		shapes->oldest = (shapes->oldest + 1) % SHAPES;
	} else if (at == shapes->count) {
		shapes->count++;
	}
	shapes->list[at] = shape;
	for (unsigned i = 0; i < shapes->count; i++)
		shapes->common[at][i] = shapes->common[i][at] = parts_common(&shape,
									     &shapes->list[i]);
	shapes->recent = at;
}

static void name_add(struct shape_name slots[32], const char *name, unsigned number)
{
	size_t size = strlen(name);
	char bytes[16] = { 0 };
	uint64_t head;
	unsigned at;

	memcpy(bytes, name, size < 16 ? size : 16);
	head = load_word(bytes);
	for (at = (unsigned)(head * 0x9e3779b97f4a7c15U >> 59); slots[at].head; at = (at + 1) % 32)
		;
	slots[at] = (struct shape_name) {
		.head = head,
		.tail = load_word(bytes + 8),
		.name = name,
		.size = (uint8_t)size,
		.number = (uint8_t)number,
	};
}

void shape_names_init(struct shape_names *names)
{
	*names = (struct shape_names) { 0 };
	for (unsigned event = 0; sessionlint_event_name(event); event++)
		name_add(names->events, sessionlint_event_name(event), event);
	for (unsigned state = 1; sessionlint_state_name(state); state++)
		name_add(names->states, sessionlint_state_name(state), state);
}

/* ---- matching ---- */

static inline bool literal_matches(const struct shape_literal *literal, const char *at)
{
	if (literal->size > 16 &&
	    (load_word(at + 16) ^ load_word(literal->bytes + 16)) & load_word(literal->masks + 16))
		return false;
	return bytes_match(at, literal->bytes, literal->masks);
}

static inline const struct shape_name *name_find(const struct shape_name slots[32], const char *at,
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

static inline const char *name_follow(const struct shape_name slots[32],
				      const struct shape_part *part, const char *at,
				      uint32_t *ret_number)
{
	const char *end = value_end(at, part->stop);
	const struct shape_name *name = name_find(slots, at, (size_t)(end - at));

	if (!name)
		return NULL;
	*ret_number = name->number;
	return end;
}

const char *shape_value_end(const struct shape_part *part, const char *at)
{
	return part->form == PAIR_NUMBER ? number_end(at) : value_end(at, part->stop);
}

/* Finds the end of any other value, and parses it the usual way. */
static const char *value_follow(struct record_builder *builder, struct record *record,
				const struct shape_part *part, const char *at)
{
	const char *end = shape_value_end(part, at);

	if (!end || (end == at && !part->empty) ||
	    record_put_value(builder, record, part->key, text_of(at, (size_t)(end - at))) < 0)
		return NULL;
	return end;
}

static inline const char *part_follow(const struct shape_part *part,
				      const struct shape_names *names,
				      struct record_builder *builder, struct record *record,
				      const char *at)
{
	switch (part->key) {
	case KEY_TIME:
		return time_read(builder, &record->time, at);
	case KEY_SESSION:
		return session_read(&record->session, at, part->form == PAIR_NUMBER);
	case KEY_EVENT:
	case KEY_NOTIFY:
		return name_follow(names->events, part, at, &record->event);
	case KEY_FROM:
		return name_follow(names->states, part, at, &record->from);
	case KEY_TO:
		return name_follow(names->states, part, at, &record->to);
	default:
		return value_follow(builder, record, part, at);
	}
}

/* How far a line has matched. */
struct progress {
	unsigned part;  /* the next one */
	const char *at; /* expected place of it */
	bool partial;   /* the record may contain part of its value */
};

static inline const char *stop_at(struct progress *progress, unsigned part, const char *at,
				  bool partial)
{
	*progress = (struct progress) { .part = part, .at = at, .partial = partial };
	return NULL;
}

/* Matches a line from part @i on, which is expected at @at. Returns the place after its line
 * feed; NULL: the part in *ret_progress does not match. */
__attribute__((always_inline)) static inline const char *
shape_follow_from(const struct shape *shape, const struct shape_names *names,
		  struct record_builder *builder, struct record *record, unsigned i, const char *at,
		  struct progress *ret_progress)
{
	/* parts cannot contain a line feed, so the loop cannot leave the line */
	for (; i < shape->count; i++) {
		const struct shape_part *part = &shape->parts[i];
		const char *next;

		if (!literal_matches(&part->before, at))
			return stop_at(ret_progress, i, at, false);
		next = part_follow(part, names, builder, record, at + part->before.size);
		if (!next)
			return stop_at(ret_progress, i, at, true);
		at = next;
	}
	if (!literal_matches(&shape->tail, at))
		return stop_at(ret_progress, i, at, false);
	if (shape->keys & KEY_BIT(KEY_PHASE) && record->contract->phase != shape->phase)
		return stop_at(ret_progress, i, at, true);
	record->kind = (uint8_t)shape->kind;
	record->keys = shape->keys;
	if (shape->kind == RECORD_NOTIFY)
		record->source = SESSIONLINT_SOURCE_WDM;
	return at + shape->tail.size;
}

__attribute__((noinline)) static const char *line_follow(const struct shape *shape,
							 const struct shape_names *names,
							 struct record_builder *builder,
							 struct record *record, const char *line,
							 struct progress *ret_progress)
{
	return shape_follow_from(shape, names, builder, record, 0, line, ret_progress);
}

const char *shape_follow(const struct shape *shape, const struct shape_names *names,
			 struct record_builder *builder, struct record *record, const char *line)
{
	struct progress progress;

	return line_follow(shape, names, builder, record, line, &progress);
}

/* Tries the other shapes for a line that does not match the last one. */
__attribute__((noinline)) static const char *others_follow(struct shapes *shapes,
							   const struct shape_names *names,
							   struct record_builder *builder,
							   struct record *record, const char *line,
							   struct progress progress)
{
	uint64_t number = record->line, offset = record->offset;
	unsigned first = shapes->recent, last = first;
	const char *next = NULL;

	for (unsigned i = 0; !next && i < shapes->count; i++) {
		if (i == first)
			continue;
		/* skip parts that both have in common; otherwise the record may contain values
		 * of the last shape */
		if (progress.partial || shapes->common[last][i] < progress.part) {
			record_begin(builder, record);
			record->line = number;
			record->offset = offset;
			progress = (struct progress) { .at = line };
		}
		next = shape_follow_from(&shapes->list[i], names, builder, record, progress.part,
					 progress.at, &progress);
		last = i;
		if (next)
			shapes->recent = i;
	}
	return next;
}

const char *shapes_follow(struct shapes *shapes, const struct shape_names *names,
			  struct record_builder *builder, struct record *record, const char *line)
{
	struct progress progress;
	const char *next;

	if (shapes->pause) {
		shapes->pause--;
		return NULL;
	}
	next = line_follow(&shapes->list[shapes->recent], names, builder, record, line, &progress);
	if (!next)
		next = others_follow(shapes, names, builder, record, line, progress);
	if (next)
		shapes->misses -= shapes->misses > 0;
	else
		shapes->misses++;
	if (shapes->misses == MISSES_MAX) {
		shapes->misses = 0;
		shapes->pause = PAUSE;
	}
	return next;
}
