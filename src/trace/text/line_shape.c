/* SPDX-License-Identifier: MIT */
#include "trace/text/line_shape.h"

#include "base/bytes.h"
#include "trace/time.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* After MISSES_MAX more misses than hits, the next PAUSE lines go straight to the scanner. */
#define MISSES_MAX 32
#define PAUSE      1024

/* Loads eight bytes with the first one lowest, on any machine. */
static inline uint64_t load_word(const char *at)
{
	return read_u64((const unsigned char *)at);
}

/* The first @size bytes of a word, at most 8; the rest is zero. */
static uint64_t word_head(uint64_t word, size_t size)
{
	return size >= 8 ? word : word & (((uint64_t)1 << 8 * size) - 1);
}

/* ---- learning ---- */

static bool literal_learn(struct shape_literal *literal, const char *begin, const char *end)
{
	size_t size = (size_t)(end - begin);
	char bytes[SHAPE_LITERAL] = { 0 }, masks[SHAPE_LITERAL] = { 0 };

	if (size > SHAPE_LITERAL)
		return false;
	memcpy(bytes, begin, size);
	memset(masks, 0xff, size);
	for (unsigned i = 0; i < 3; i++) {
		literal->words[i] = load_word(bytes + 8 * i);
		literal->masks[i] = load_word(masks + 8 * i);
	}
	literal->size = (unsigned)size;
	return true;
}

static bool part_learn(struct shape_part *part, const struct pair *pair, char separator,
		       const char *before)
{
	const char *near;

	if (pair->key_escaped || trace_key_find(pair->key, &part->key, &near) < 0)
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
	       memcmp(a->before.words, b->before.words, sizeof a->before.words) == 0 &&
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
	if (literal->size > 16 && (load_word(at + 16) ^ literal->words[2]) & literal->masks[2])
		return false;
#ifdef __SSE2__
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	const __m128i words = _mm_loadu_si128((const __m128i *)(const void *)literal->words);
	const __m128i masks = _mm_loadu_si128((const __m128i *)(const void *)literal->masks);

	return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_and_si128(bytes, masks), words)) == 0xffff;
#else
	return (((load_word(at) ^ literal->words[0]) & literal->masks[0]) |
		((load_word(at + 8) ^ literal->words[1]) & literal->masks[1])) == 0;
#endif
}

/* The end of a value without escapes: the first byte that cannot be part of it. A line feed always
 * ends it. */
static inline const char *value_end(const char *at, char last)
{
#ifdef __SSE2__
	const __m128i stop = _mm_set1_epi8(last);

	for (;; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
		__m128i ends =
			_mm_or_si128(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, stop)),
				     _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
						  _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
		unsigned mask = (unsigned)_mm_movemask_epi8(ends);

		if (mask)
			return at + __builtin_ctz(mask);
	}
#else
	for (;; at++) {
		unsigned char c = (unsigned char)*at;

		if (c < 0x20 || c == '"' || c == 0x7f || *at == last)
			return at;
	}
#endif
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

/* Parses HH:MM:SS at @at in units of 100 ns; or UINT64_MAX. */
static inline uint64_t clock_read(const char *at)
{
	/* after this, digits are their values and colons are zero */
	uint64_t v = load_word(at) ^ 0x30303a30303a3030U;
	uint64_t hours, minutes, seconds;

	if ((v | (v + 0x0606000606000606U)) & 0xf0f0fff0f0fff0f0U)
		return UINT64_MAX;
	hours = (v & 15) * 10 + (v >> 8 & 15);
	minutes = (v >> 24 & 15) * 10 + (v >> 32 & 15);
	seconds = (v >> 48 & 15) * 10 + (v >> 56 & 15);
	if (hours > 23 || minutes > 59 || seconds > 60)
		return UINT64_MAX;
	return ((hours * 60 + minutes) * 60 + seconds) * 10000000;
}

/* Parses a time that ends in Z. Returns its end, or NULL. */
static inline const char *time_follow(struct record_builder *builder, struct record *record,
				      const char *at)
{
	uint64_t clock = clock_read(at + 11), unit = 1000000;

	/* eleven bytes, as two words that overlap */
	if (load_word(at) != load_word(builder->day) ||
	    load_word(at + 3) != load_word(builder->day + 3)) {
		if (at[10] != 'T' || day_parse(at, &builder->day_ticks) < 0)
			return NULL;
		memcpy(builder->day, at, sizeof builder->day);
	}
	if (clock == UINT64_MAX)
		return NULL;
	at += 19;
	if (*at == '.') {
		const char *first = ++at;

		for (; *at >= '0' && *at <= '9' && unit; at++, unit /= 10)
			clock += (uint64_t)(*at - '0') * unit;
		if (at == first)
			return NULL;
	}
	if (*at != 'Z')
		return NULL;
	record->time = builder->day_ticks + clock;
	return at + 1;
}

/* Parses a session id of up to seven digits. Returns its end, or NULL. The number of digits
 * changes from line to line, so no branch depends on it. */
static inline const char *session_follow(struct record *record, const char *at, bool json)
{
	uint64_t digits = load_word(at) ^ 0x3030303030303030U;
	uint64_t others = (digits + 0x7676767676767676U) | digits;
	unsigned count;

	others &= 0x8080808080808080U;
	if (!others || (others & 0x80) || (json && *at == '0' && at[1] >= '0' && at[1] <= '9'))
		return NULL;
	count = (unsigned)__builtin_ctzll(others) / 8;
	/* move the digits to the end of the word, with zeros before them; then combine pairs,
	 * fours and eights */
	digits <<= 64 - 8 * count;
	digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ffU;
	digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffffU;
	digits = (digits * 10000 + (digits >> 32)) & 0xffffffffU;
	record->session = (uint32_t)digits;
	return at + count;
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

/* The end of a JSON number in plain notation, or NULL. */
static const char *number_end(const char *at)
{
	const char *first = at;

	while (*at >= '0' && *at <= '9')
		at++;
	return at == first || (*first == '0' && at - first > 1) ? NULL : at;
}

/* Finds the end of any other value, and parses it the usual way. */
static const char *value_follow(struct record_builder *builder, struct record *record,
				const struct shape_part *part, const char *at)
{
	const char *end = part->form == PAIR_NUMBER ? number_end(at) : value_end(at, part->stop);

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
		return time_follow(builder, record, at);
	case KEY_SESSION:
		return session_follow(record, at, part->form == PAIR_NUMBER);
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
