/* SPDX-License-Identifier: MIT */
#include "trace/text/telltale.h"

#include "base/suggest.h"
#include "trace/text/text_reader.h"

/* The keys that determine the kind of a record, and the one that most records need. */
#define KINDS                                                                                      \
	(KEY_BIT(KEY_EVENT) | KEY_BIT(KEY_STATE) | KEY_BIT(KEY_NOTIFY) | KEY_BIT(KEY_CALL) |       \
	 KEY_BIT(KEY_OBJECT) | KEY_BIT(KEY_MARKER))
#define NEEDED (KINDS | KEY_BIT(KEY_SESSION))

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The key at @at that is followed by an equals sign, or RECORD_KEYS. */
static unsigned key_at(const char *at, const char *end)
{
	for (unsigned key = 0; key < RECORD_KEYS; key++) {
		const char *name = trace_keys[key].name;
		size_t size = 0;

		while (name[size] && at + size < end && at[size] == name[size])
			size++;
		if (name[size] == '\0' && at + size < end && at[size] == '=')
			return key;
	}
	return RECORD_KEYS;
}

uint64_t telltale_keys(const char *at, const char *end)
{
	uint64_t keys = 0;

	while (at < end) {
		unsigned key = key_at(at, end);

		if (key < RECORD_KEYS)
			keys |= KEY_BIT(key);
		while (at < end && !is_blank(*at))
			at++;
		while (at < end && is_blank(*at))
			at++;
	}
	return keys;
}

bool telltale_leads(const char *at, const char *end)
{
	return key_at(at, end) < RECORD_KEYS;
}

bool telltale_record(const char *at, const char *end)
{
	struct pairs pairs;
	const char *next;
	enum record_key key;
	uint64_t keys = 0;

	/* most lines do not need the scanner */
	if (!(telltale_keys(at, end) & KINDS) || logfmt_scan(at, end, &pairs, &next) < 0)
		return false;
	for (unsigned i = 0; i < pairs.count; i++) {
		if (text_key_is_free(pairs.pairs[i].key))
			continue;
		if (trace_key_find(pairs.pairs[i].key, &key, NULL) < 0)
			return false;
		keys |= KEY_BIT(key);
	}
	return keys & KINDS && keys & TELLTALE_KEYS;
}

bool telltale_name(struct sessionlint_text name)
{
	struct suggestion near = { .word = name };

	for (unsigned key = 0; key < RECORD_KEYS; key++)
		if (KEY_BIT(key) & NEEDED)
			suggestion_offer(&near, trace_keys[key].name);
	/* a single typing error */
	return near.best && near.distance <= 1;
}

bool telltale_line(const char *at, const char *end)
{
	while (at < end) {
		const char *word = at;

		while (at < end && !is_blank(*at) && *at != '=')
			at++;
		if (at < end && *at == '=') {
			struct sessionlint_text name = text_of(word, (size_t)(at - word));

			if (text_key_is_free(name) || telltale_name(name))
				return true;
		}
		while (at < end && !is_blank(*at))
			at++;
		while (at < end && is_blank(*at))
			at++;
	}
	return false;
}

bool telltale_json(const struct head_json *json)
{
	for (unsigned i = 0; i < json->count; i++) {
		const struct head_member *member = &json->members[i];

		if (member->value != '{' && member->value != '[' && telltale_name(member->name))
			return true;
	}
	return false;
}
