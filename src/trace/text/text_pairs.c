/* SPDX-License-Identifier: MIT */
/* Turns keys and values into records. */
#include <errno.h>

#include "trace/text/text_internal.h"
#include "trace/text/unescape.h"

struct sessionlint_text text_unknown_key(struct arena *arena, struct sessionlint_text key,
					 const char *near)
{
	int size = key.size < 40 ? (int)key.size : 40;

	if (near)
		return arena_format(arena, "unknown key '%.*s'; did you mean %s?", size, key.data,
				    near);
	return arena_format(arena,
			    "unknown key '%.*s'; your own keys must begin with " KEY_FREE_PREFIX,
			    size, key.data);
}

bool text_key_is_free(struct sessionlint_text key)
{
	size_t prefix = sizeof KEY_FREE_PREFIX - 1;

	return key.size > prefix && memcmp(key.data, KEY_FREE_PREFIX, prefix) == 0;
}

/* Replaces the escapes of a value: see text_unescape(). */
static int value_unescape(struct pair *pair, struct arena *arena)
{
	switch (pair->form) {
	case PAIR_ESCAPED:
		return text_unescape(pair->value, arena, &pair->value);
	case PAIR_DOUBLED:
		return text_undouble(pair->value, arena, &pair->value);
	case PAIR_BARE:
	case PAIR_QUOTED:
	case PAIR_NUMBER:
	case PAIR_WORD:
	case PAIR_NULL:
		break;
	}
	return 0;
}

/* Whether @name is the same as that of @known. */
static inline bool is_known(struct sessionlint_text name, const struct known_key *known)
{
	const size_t word = sizeof(uint64_t);
	size_t last = name.size - word;

	/* no key is longer than two words */
	if (name.size == 0 || name.size != known->name.size)
		return false;
	if (name.size <= word)
		return text_word(name.data, name.size) == text_word(known->name.data, name.size);
	return text_word(name.data, word) == text_word(known->name.data, word) &&
	       text_word(name.data + last, word) == text_word(known->name.data + last, word);
}

/* Sets one pair in @record; *ret_key is its key if that is known. -EINVAL with a reason, or
 * -ENOMEM. */
static int pair_put(struct text_reader *text, struct record *record, struct pair *pair,
		    struct arena *arena, enum record_key *ret_key,
		    struct sessionlint_text *ret_reason)
{
	struct known_key *known = &text->keys[pair - text->pairs.pairs];
	const char *near = NULL;
	enum record_key key;
	int r = pair->key_escaped ? text_unescape(pair->key, arena, &pair->key) : 0;

	if (r < 0)
		return r;
	if (r > 0) {
		*ret_reason = text_from("a key has " HALF);
		return -EINVAL;
	}
	/* usually the previous line had the same key here */
	key = known->key;
	if (!is_known(pair->key, known)) {
		if (text_key_is_free(pair->key))
			return 0;
		if (trace_key_find(pair->key, &key, &near) < 0) {
			*ret_reason = text_unknown_key(arena, pair->key, near);
			return -EINVAL;
		}
		*known = (struct known_key) { text_from(trace_keys[key].name), key };
	}
	*ret_key = key;
	if (pair->form == PAIR_NULL)
		return 0;
	r = value_unescape(pair, arena);
	if (r < 0)
		return r;
	if (r > 0) {
		*ret_reason = arena_format(arena, "%s has " HALF, trace_keys[key].name);
		return -EINVAL;
	}
	return record_put(&text->builder, record, key, pair->value, arena, ret_reason);
}

/* Keys that name the session of a record, or show that it is about more than a session. */
#define NAMING                                                                                     \
	(KEY_BIT(KEY_HOST) | KEY_BIT(KEY_BOOT) | KEY_BIT(KEY_SOURCE) | KEY_BIT(KEY_SESSION) |      \
	 KEY_BIT(KEY_MARKER) | KEY_BIT(KEY_CALL) | KEY_BIT(KEY_OBJECT))

int text_pairs_to_record(struct text_reader *text, struct record *record, struct arena *arena)
{
	struct sessionlint_text reason, first = text_of(NULL, 0);
	bool bad = false, named = !text->pairs.doubtful;

	if (text->pairs.count == 0 && !text->pairs.framed)
		return 0;
	for (unsigned i = 0; i < text->pairs.count; i++) {
		enum record_key key = RECORD_KEYS;
		int r = pair_put(text, record, &text->pairs.pairs[i], arena, &key, &reason);

		if (r == 0)
			continue;
		if (r != -EINVAL)
			return r;
		if (!bad)
			first = reason;
		bad = true;
		/* an unknown key may be a misspelt one */
		named &= key != RECORD_KEYS && !(KEY_BIT(key) & NAMING);
	}
	if (!bad && record_finish(&text->builder, record, arena, &first) < 0)
		bad = true;
	if (!bad)
		return 1;
	record_make_malformed(record, first);
	if (named && record_has(record, KEY_SESSION))
		record->flags |= RECORD_NAMES_SESSION;
	return 1;
}
