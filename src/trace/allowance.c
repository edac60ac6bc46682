/* SPDX-License-Identifier: MIT */
#include "trace/allowance.h"

#include <errno.h>

#include "base/utf.h"

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct sessionlint_text text_trim(struct sessionlint_text text)
{
	while (text.size > 0 && is_blank(text.data[0]))
		text = text_of(text.data + 1, text.size - 1);
	while (text.size > 0 && is_blank(text.data[text.size - 1]))
		text.size--;
	return text;
}

/* Malformed records and unused suppressions cannot be suppressed. */
static bool is_allowable(unsigned rule)
{
	return rule != SESSIONLINT_RULE_MALFORMED && rule != SESSIONLINT_RULE_NEWEST_FIRST &&
	       rule != SESSIONLINT_RULE_UNUSED_SUPPRESSION;
}

/* Parses rules separated by commas. -EINVAL: *ret_bad is the first unknown name. */
static int rules_parse(struct sessionlint_text list, uint64_t *ret_rules,
		       struct sessionlint_text *ret_bad)
{
	uint64_t rules = 0;

	for (;;) {
		const char *comma = list.size ? memchr(list.data, ',', list.size) : NULL;
		size_t size = comma ? (size_t)(comma - list.data) : list.size;
		struct sessionlint_text name = text_trim(text_of(list.data, size));
		enum sessionlint_rule rule;

		if (sessionlint_rule_parse(name.data, name.size, &rule) < 0 ||
		    !is_allowable(rule)) {
			*ret_bad = name;
			return -EINVAL;
		}
		rules |= (uint64_t)1 << rule;
		if (!comma)
			break;
		list = text_of(comma + 1, list.size - size - 1);
	}
	*ret_rules = rules;
	return 0;
}

int allowance_put(struct record *record, enum record_key key, struct sessionlint_text value,
		  struct arena *arena)
{
	struct sessionlint_text bad;
	uint64_t rules = 0;

	if (key == KEY_ALLOW ? rules_parse(value, &rules, &bad) < 0
			     : !utf8_is_visible(value.data, value.size))
		return -EINVAL;
	if (!record->allowance) {
		record->allowance = arena_allocate(arena, sizeof *record->allowance);
		if (!record->allowance)
			return -ENOMEM;
		*record->allowance = (struct allowance) { 0 };
	}
	if (key == KEY_ALLOW)
		record->allowance->rules = rules;
	else
		record->allowance->reason = value;
	return 0;
}

struct sessionlint_text allowance_bad_name(struct sessionlint_text rules)
{
	struct sessionlint_text bad = rules;
	uint64_t read;

	rules_parse(rules, &read, &bad);
	return bad;
}

const char *allowance_name_at(unsigned index)
{
	for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
		const char *name = sessionlint_rule_info(rule)->name;

		if (!is_allowable(rule))
			continue;
		if (index < 2)
			return index == 0 ? name : strchr(name, '/') + 1;
		index -= 2;
	}
	return NULL;
}

const char *allowance_malformed(const struct record *record)
{
	if (!record->allowance ||
	    (record_has(record, KEY_ALLOW) && record_has(record, KEY_ALLOW_REASON)))
		return NULL;
	return record_has(record, KEY_ALLOW)
		       ? "allow without allow_reason, which must say why the finding is known"
		       : "allow_reason without allow";
}
