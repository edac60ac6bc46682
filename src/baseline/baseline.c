/* SPDX-License-Identifier: MIT */
#include "baseline/baseline.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/utf.h"
#include "trace/time.h"

#define DAY_SIZE 10

void baseline_init(struct baseline *baseline)
{
	*baseline = (struct baseline) { 0 };
	table_init(&baseline->table);
}

void baseline_free(struct baseline *baseline)
{
	free(baseline->entries);
	table_free(&baseline->table);
	arena_free(&baseline->arena);
	*baseline = (struct baseline) { 0 };
}

struct baseline_entry *baseline_find(const struct baseline *baseline,
				     struct sessionlint_text fingerprint)
{
	return (struct baseline_entry *)table_find(&baseline->table, fingerprint);
}

struct baseline_entry *baseline_add(struct baseline *baseline, struct sessionlint_text fingerprint)
{
	struct baseline_entry *entry = arena_allocate(&baseline->arena, sizeof *entry);
	char *key = arena_allocate(&baseline->arena, fingerprint.size + 1);
	struct baseline_entry **entries = array_grow(baseline->entries, baseline->count,
						     &baseline->capacity, sizeof *entries);

	if (entries)
		baseline->entries = entries;
	if (!entry || !key || !entries)
		return NULL;
	*entry = (struct baseline_entry) { 0 };
	memcpy(key, fingerprint.data, fingerprint.size);
	key[fingerprint.size] = '\0';
	if (table_add(&baseline->table, &entry->by_fingerprint, text_of(key, fingerprint.size)) < 0)
		return NULL;
	baseline->entries[baseline->count++] = entry;
	return entry;
}

static int compare_texts(struct sessionlint_text a, struct sessionlint_text b)
{
	size_t size = a.size < b.size ? a.size : b.size;
	int order = size > 0 ? memcmp(a.data, b.data, size) : 0;

	return order ? order : (a.size > b.size) - (a.size < b.size);
}

/* By hash, then by number: a longer number is larger. */
static int compare_fingerprints(struct sessionlint_text a, struct sessionlint_text b)
{
	int order = compare_texts(text_of(a.data, strcspn(a.data, ":")),
				  text_of(b.data, strcspn(b.data, ":")));

	if (order || a.size == b.size)
		return order ? order : compare_texts(a, b);
	return a.size < b.size ? -1 : 1;
}

static int compare_entries(const void *a, const void *b)
{
	const struct baseline_entry *x = *(struct baseline_entry *const *)a;
	const struct baseline_entry *y = *(struct baseline_entry *const *)b;
	int order = compare_texts(x->log, y->log);

	if (order == 0)
		order = compare_texts(x->rule, y->rule);
	return order ? order : compare_fingerprints(x->by_fingerprint.key, y->by_fingerprint.key);
}

void baseline_sort(struct baseline *baseline)
{
	if (baseline->count > 0)
		qsort(baseline->entries, baseline->count, sizeof *baseline->entries,
		      compare_entries);
}

/* ---- checks of values ---- */

bool baseline_day(struct sessionlint_text text, int64_t now, bool *ret_past)
{
	static const uint64_t epoch = 11644473600; /* seconds from 1601 to 1970 */
	static const uint64_t day = 86400;
	uint64_t ticks, today = ((uint64_t)now + epoch) / day;

	if (text.size != DAY_SIZE || day_parse(text.data, &ticks) < 0)
		return false;
	*ret_past = ticks / (day * 10000000) < today;
	return true;
}

bool baseline_has_text(struct sessionlint_text text)
{
	return utf8_is_visible(text.data, text.size);
}
