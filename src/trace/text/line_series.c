/* SPDX-License-Identifier: MIT */
#include "trace/text/line_series.h"

#include "trace/text/line_values.h"

#define NAME_SIZES 32U

/* ---- names ---- */

static inline unsigned name_slot(char first, size_t size)
{
	return ((unsigned)size % NAME_SIZES) | ((unsigned)first & 8) << 2;
}

static void name_add(struct series_name slots[], const char *text, unsigned number)
{
	size_t size = strlen(text), first = size < 16 ? size : 16;
	struct series_name name = { .number = (uint8_t)number, .wanted = (1U << first) - 1 };

	memcpy(name.bytes, text, first);
	name.rest = text + first;
	name.rest_size = (uint8_t)(size - first);
	slots[name_slot(text[0], size)] = name;
}

void series_names_init(struct series_names *names)
{
	for (unsigned i = 0; i < NAME_SLOTS; i++)
		names->events[i] = names->states[i] = (struct series_name) { .wanted = UINT32_MAX };
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < SESSIONLINT_EVENT_MAX; event++)
		name_add(names->events, sessionlint_event_name(event), event);
	for (unsigned state = 1; state < SESSIONLINT_STATE_MAX; state++)
		name_add(names->states, sessionlint_state_name(state), state);
}

/* ---- learning ---- */

static bool literal_add(struct series_literal *literal, const char *begin, const char *end)
{
	size_t size = (size_t)(end - begin);

	if (literal->size + size > SERIES_LITERAL)
		return false;
	memcpy(literal->bytes + literal->size, begin, size);
	memset(literal->masks + literal->size, 0xff, size);
	literal->size += (unsigned)size;
	memset(literal->stops, literal->bytes[0], sizeof literal->stops);
	return true;
}

/* Whether lines may differ in the value of @key. Values of other keys must be the same. */
static bool is_varying(enum record_key key)
{
	const uint64_t keys = KEY_BIT(KEY_TIME) | KEY_BIT(KEY_SESSION) | KEY_BIT(KEY_EVENT) |
			      KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO);

	return keys & KEY_BIT(key);
}

/* Whether a record is an event with nothing but what a series can have. */
static bool is_plain(const struct record *record)
{
	const uint64_t needed = KEY_BIT(KEY_SESSION) | KEY_BIT(KEY_EVENT);
	const uint64_t allowed = needed | KEY_BIT(KEY_TIME) | KEY_BIT(KEY_HOST) |
				 KEY_BIT(KEY_SOURCE) | KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO);

	return record->kind == RECORD_EVENT && (record->keys & needed) == needed &&
	       !(record->keys & ~allowed) && !record->activity && !record->flags &&
	       record->event != SESSIONLINT_EVENT_IGNORE && record->event < SESSIONLINT_EVENT_MAX;
}

/* Adds a part of the shape, whose literal begins at @at. Returns the end of its value, or NULL. */
static const char *part_add(struct line_series *series, const struct shape_part *part,
			    const char *at)
{
	struct series_literal *literal = &series->before[series->count];
	const char *value = at + part->before.size, *end = shape_value_end(part, value);

	if (!end)
		return NULL;
	if (!is_varying(part->key))
		return literal_add(literal, at, end) ? end : NULL;
	if (series->count == SERIES_VALUES || !literal_add(literal, at, value))
		return NULL;
	series->pattern |= (uint64_t)(part->key + 1) << 8 * series->count;
	series->count++;
	if (part->key == KEY_SESSION)
		series->is_json = part->form == PAIR_NUMBER;
	return end;
}

static bool is_name(enum record_key key)
{
	return KEY_BIT(key) & (KEY_BIT(KEY_EVENT) | KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO));
}

/* How long the literals of a series are. */
static unsigned literals_of(const struct line_series *series)
{
	enum record_key last =
		(enum record_key)((series->pattern >> 8 * (series->count - 1) & 0xff) - 1);
	bool is_tiny = series->before[series->count].size == 1 && is_name(last) && !series->is_json;

	for (unsigned i = 0; i <= series->count; i++) {
		if (series->before[i].size > 16)
			return LITERALS_LONG;
		if (i >= 2 && series->before[i].size > 8)
			is_tiny = false;
	}
	return is_tiny ? LITERALS_TINY : LITERALS_SHORT;
}

bool series_learn(struct line_series *series, const struct shape *shape,
		  const struct record *record, const char *line)
{
	const char *at = line;

	*series = (struct line_series) { .like = *record };
	if (!is_plain(record) || record->host.size > sizeof series->host)
		return false;
	for (unsigned i = 0; i < shape->count && at; i++)
		at = part_add(series, &shape->parts[i], at);
	if (!at || !literal_add(&series->before[series->count], at, at + shape->tail.size)) {
		series->count = 0;
		return false;
	}
	series->literals = literals_of(series);
	if (record->host.size > 0)
		memcpy(series->host, record->host.data, record->host.size);
	/* the line is gone when the next block is read */
	if (record->host.data)
		series->like.host.data = series->host;
	return true;
}

/* ---- reading ---- */

/* Whether a literal is at @at: all of it has at most @max bytes if that is 8 or 16. */
__attribute__((always_inline)) static inline bool
literal_is_at(const struct series_literal *literal, unsigned max, const char *at)
{
	if (max == 8)
		return (load_word(at) & load_word(literal->masks)) == load_word(literal->bytes);
	if (!bytes_match(at, literal->bytes, literal->masks))
		return false;
	for (unsigned i = 16; max > 16 && i < literal->size; i += 16)
		if (!bytes_match(at + i, literal->bytes + i, literal->masks + i))
			return false;
	return true;
}

/* The size of the value at @at, which ends before one of @stops, all alike; NAME_SIZES - 1 if it is
 * longer. */
static inline size_t name_size(const char *at, const char *stops)
{
	unsigned mask = bytes_alike(at, stops);

	if (!mask)
		mask = bytes_alike(at + 16, stops) << 16;
	return mask ? (size_t)__builtin_ctz(mask) : NAME_SIZES - 1;
}

static inline const char *name_read(const struct series_name slots[], const char *at,
				    const char *stops, uint8_t *ret_number)
{
	size_t size = name_size(at, stops);
	/* it has that size */
	const struct series_name *name = &slots[name_slot(at[0], size)];

	*ret_number = name->number;
	if (name->wanted & ~bytes_alike(at, name->bytes) ||
	    (size > 16 && memcmp(at + 16, name->rest, name->rest_size) != 0))
		return NULL;
	return at + size;
}

/* With a time and the names of two keys, no head is shorter. */
#define HEAD_MIN 32U
#define HEAD_MAX 64U

/* What changes from line to line while a series is read. */
struct reading {
	const struct line_series *series;
	const struct series_names *names;
	struct record_builder *builder;
	uint64_t words[3], second; /* the last time without a fraction, as text and as time */
	/* Lines of the same time have the same bytes before their sessions. */
	unsigned head_size; /* 0: the two lines before have different times */
	char head[HEAD_MAX];
};

__attribute__((noinline)) static const char *other_instant_read(struct reading *reading,
								const char *at, uint64_t *ret_time)
{
	const char *end = time_read(reading->builder, ret_time, at);

	/* one with a fraction has more */
	if (end == at + 20) {
		reading->words[0] = load_word(at);
		reading->words[1] = load_word(at + 8);
		reading->words[2] = load_word(at + 12);
		reading->second = *ret_time;
	}
	return end;
}

/* Whether the time at @at is the one before, which has 20 bytes. */
static inline bool instant_is_known(const struct reading *reading, const char *at)
{
	return load_word(at) == reading->words[0] && load_word(at + 8) == reading->words[1] &&
	       load_word(at + 12) == reading->words[2];
}

/* Reads a time, which mostly is the same as the one before. */
static inline const char *instant_read(struct reading *reading, const char *at, uint64_t *ret_time)
{
	if (instant_is_known(reading, at)) {
		*ret_time = reading->second;
		return at + 20;
	}
	return other_instant_read(reading, at, ret_time);
}

/* Reads a time and the literals around it, and remembers them if the time is the one before. */
__attribute__((noinline)) static const char *other_head_read(struct reading *reading,
							     const char *line, uint64_t *ret_time)
{
	const struct series_literal *literal = reading->series->before;
	const char *at = line + literal[0].size;
	bool is_known;
	unsigned size;

	reading->head_size = 0;
	if (!literal_is_at(&literal[0], SERIES_LITERAL, line))
		return NULL;
	is_known = instant_is_known(reading, at);
	at = instant_read(reading, at, ret_time);
	if (!at || !literal_is_at(&literal[1], SERIES_LITERAL, at))
		return NULL;
	at += literal[1].size;
	size = (unsigned)(at - line);
	if (is_known && size >= HEAD_MIN && size <= HEAD_MAX) {
		memcpy(reading->head, line, size);
		reading->head_size = size;
	}
	return at;
}

/* Reads a line, which begins with a time, up to its session. */
static inline const char *head_read(struct reading *reading, const char *line, uint64_t *ret_time)
{
	const char *head = reading->head;
	const size_t size = reading->head_size, last = size - 16;

	/* the last 16 bytes may be compared again in part */
	if (!size ||
	    (bytes_alike(line, head) & bytes_alike(line + 16, head + 16) &
	     bytes_alike(line + last, head + last)) != 0xffff ||
	    (size > 48 && bytes_alike(line + 32, head + 32) != 0xffff))
		return other_head_read(reading, line, ret_time);
	*ret_time = reading->second;
	return line + size;
}

__attribute__((always_inline)) static inline const char *
value_read(struct reading *reading, enum record_key key, const char *at, const char *stops,
	   struct series_event *event)
{
	switch (key) {
	case KEY_TIME:
		return instant_read(reading, at, &event->time);
	case KEY_SESSION:
		return session_read(&event->session, at, reading->series->is_json);
	case KEY_EVENT:
		return name_read(reading->names->events, at, stops, &event->event);
	case KEY_FROM:
		return name_read(reading->names->states, at, stops, &event->from);
	default:
		return name_read(reading->names->states, at, stops, &event->to);
	}
}

#define PATTERN(place, key) ((uint64_t)(KEY_##key + 1) << 8 * (place))
/* The usual ones. */
#define HEAD   (PATTERN(0, TIME) | PATTERN(1, SESSION))
#define EVENTS (HEAD | PATTERN(2, EVENT))
#define STATES (EVENTS | PATTERN(3, FROM) | PATTERN(4, TO))

/* Reads a line whose values have these keys. Returns the place after it, or NULL. */
__attribute__((always_inline)) static inline const char *
line_read(struct reading *reading, uint64_t pattern, unsigned literals, const char *at,
	  struct series_event *event)
{
	const struct series_literal *literal = reading->series->before;
	unsigned max = literals == LITERALS_TINY    ? 8
		       : literals == LITERALS_SHORT ? 16
						    : SERIES_LITERAL;

	if ((pattern & 0xffff) == HEAD) {
		/* what is that short is no JSON */
		bool is_json = literals != LITERALS_TINY && reading->series->is_json;

		at = head_read(reading, at, &event->time);
		if (at)
			at = session_read(&event->session, at, is_json);
		if (!at)
			return NULL;
		pattern >>= 16;
		literal += 2;
	}
#pragma GCC unroll 5
	for (; pattern; pattern >>= 8, literal++) {
		if (!literal_is_at(literal, max, at))
			return NULL;
		at = value_read(reading, (enum record_key)((pattern & 0xff) - 1),
				at + literal->size, literal[1].stops, event);
		if (!at)
			return NULL;
	}
	/* a name ends before it */
	if (literals == LITERALS_TINY)
		return at + 1;
	return literal_is_at(literal, max, at) ? at + literal->size : NULL;
}

/* Reads the line at @at, of that pattern, which is a constant if it is usual. Returns the place
 * after it, or NULL. */
__attribute__((always_inline)) static inline const char *
event_read(struct reading *reading, uint64_t pattern, unsigned literals, const char *begin,
	   const char *at, struct series_event *event)
{
	/* for those that the lines lack */
	if (pattern != STATES)
		event->from = event->to = 0;
	if (pattern != STATES && pattern != EVENTS)
		event->time = SESSIONLINT_NO_TIME;
	event->offset = (uint32_t)(at - begin);
	return line_read(reading, pattern, literals, at, event);
}

/* Lines that are read one after the other, and where their events go. */
struct stretch {
	const char *at, *end;
	struct series_event *event, *last;
};

/* Reads lines until one does not belong to the series, or nothing is left of a stretch. */
__attribute__((always_inline)) static inline void stretch_read(struct reading *reading,
							       uint64_t pattern, unsigned literals,
							       const char *begin,
							       struct stretch *stretch)
{
	const char *next;

	for (; stretch->at < stretch->end && stretch->event < stretch->last; stretch->event++) {
		next = event_read(reading, pattern, literals, begin, stretch->at, stretch->event);
		if (!next)
			break;
		stretch->at = next;
	}
}

/* The beginning of the line in whose middle a series is cut in two, or NULL: it is too short. */
static const char *middle_of(const struct line_series *series, const char *begin, const char *end)
{
	size_t size = (size_t)series->line_size * (SERIES_EVENTS / 2 - SERIES_EVENTS / 32);
	const char *feed;

	if (size == 0 || size >= (size_t)(end - begin))
		return NULL;
	feed = memchr(begin + size, '\n', (size_t)(end - begin) - size);
	return feed + 1 < end ? feed + 1 : NULL;
}

/* Reads lines in two stretches at once, since a line has to wait for the end of the one before.
 * What the second one has counts if the first one has been read to its end. */
__attribute__((always_inline)) static inline void
stretches_read(struct reading *reading, uint64_t pattern, unsigned literals, const char *begin,
	       struct stretch *all, const char *middle)
{
	struct reading other = *reading;
	struct series_event *const half = all->event + SERIES_EVENTS / 2;
	struct stretch one = { all->at, middle, all->event, half };
	struct stretch two = { middle, all->end, half, all->last };
	const char *next, *next2;

	while (one.at < one.end && one.event < one.last && two.at < two.end &&
	       two.event < two.last) {
		next = event_read(reading, pattern, literals, begin, one.at, one.event);
		next2 = event_read(&other, pattern, literals, begin, two.at, two.event);
		if (!next || !next2)
			break;
		one.at = next;
		one.event++;
		two.at = next2;
		two.event++;
	}
	stretch_read(reading, pattern, literals, begin, &one);
	all->at = one.at;
	all->event = one.event;
	if (one.at != middle)
		return;
	memmove(one.event, half, (size_t)(two.event - half) * sizeof *half);
	all->at = two.at;
	all->event += two.event - half;
}

/* Reads lines of that pattern. */
__attribute__((always_inline)) static inline const char *
lines_read(struct reading *reading, uint64_t pattern, unsigned literals, const char *begin,
	   const char *end, struct series *ret)
{
	struct stretch all = { begin, end, ret->events, ret->events + SERIES_EVENTS };
	const char *middle = middle_of(reading->series, begin, end);

	if (middle)
		stretches_read(reading, pattern, literals, begin, &all, middle);
	stretch_read(reading, pattern, literals, begin, &all);
	ret->count = (unsigned)(all.event - ret->events);
	return all.at;
}

const char *series_read(const struct line_series *series, const struct series_names *names,
			struct record_builder *builder, const char *at, const char *end,
			struct series *ret)
{
	/* the second word and the third have four bytes in common: no time is known yet */
	struct reading reading = {
		.series = series,
		.names = names,
		.builder = builder,
		.words = { 0, 0, UINT64_MAX },
	};

	ret->like = series->like;
	if (series->pattern == EVENTS && series->literals == LITERALS_TINY)
		return lines_read(&reading, EVENTS, LITERALS_TINY, at, end, ret);
	if (series->pattern == EVENTS && series->literals == LITERALS_SHORT)
		return lines_read(&reading, EVENTS, LITERALS_SHORT, at, end, ret);
	if (series->pattern == EVENTS)
		return lines_read(&reading, EVENTS, LITERALS_LONG, at, end, ret);
	if (series->pattern == STATES)
		return lines_read(&reading, STATES, LITERALS_LONG, at, end, ret);
	return lines_read(&reading, series->pattern, LITERALS_LONG, at, end, ret);
}
