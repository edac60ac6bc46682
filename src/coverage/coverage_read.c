/* SPDX-License-Identifier: MIT */
/* Reads what coverage_json.c writes. Members that can be computed from others are ignored. */
#include <errno.h>
#include <stdlib.h>

#include "base/json_reader.h"
#include "coverage/coverage.h"

/* The members of one object of a group. */
struct entry {
	struct ledger_item item; /* its names */
	struct sessionlint_text rule;
	struct ledger_tally tally, refused;
	struct dwell *dwell; /* borrowed, cleared for each entry */
	uint32_t shown_by;   /* sources, by bit */
};

static int add(uint64_t *sum, uint64_t number)
{
	return __builtin_add_overflow(*sum, number, sum) ? -EOVERFLOW : 0;
}

static int tally_merge(struct ledger_tally *tally, const struct ledger_tally *other)
{
	int r = add(&tally->certain, other->certain);

	return r < 0 ? r : add(&tally->possible, other->possible);
}

/* The name of a state or an event; numbers are not accepted. */
static int read_name(struct json *json, const char *(*name_of)(unsigned number),
		     uint8_t *ret_number)
{
	struct sessionlint_text name;
	int r = json_read_text(json, &name);

	for (unsigned i = 0; r == 0 && i <= MODEL_STATES; i++)
		if (name_of(i) && text_equal(name, text_from(name_of(i)))) {
			*ret_number = (uint8_t)i;
			return 0;
		}
	return -EBADMSG;
}

/* One [bucket, count]. */
static int read_bucket(struct json *json, struct dwell *dwell)
{
	uint64_t numbers[2] = { 0 };
	unsigned count = 0;
	bool first = true;
	int r = json_enter(json, '[');

	while (r == 0 && (r = json_next(json, &first, NULL)) > 0)
		r = count < 2 ? json_read_number(json, &numbers[count++]) : -EBADMSG;
	if (r < 0 || count != 2 || numbers[0] >= DWELL_BUCKETS || dwell->buckets[numbers[0]])
		return -EBADMSG;
	dwell->buckets[numbers[0]] = numbers[1];
	return 0;
}

/* The search for the median relies on the count: the sum of the buckets must match it. */
static int check_dwell(const struct dwell *dwell)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < DWELL_BUCKETS; i++)
		if (add(&sum, dwell->buckets[i]) < 0)
			return -EBADMSG;
	return sum == dwell->count && dwell->min <= dwell->max ? 0 : -EBADMSG;
}

static int read_dwell(struct json *json, struct dwell *dwell)
{
	struct sessionlint_text key;
	bool first = true, first_bucket = true;
	int r = json_enter(json, '{');

	while (r == 0 && (r = json_next(json, &first, &key)) > 0) {
		if (text_is(key, "count")) {
			r = json_read_number(json, &dwell->count);
		} else if (text_is(key, "least")) {
			r = json_read_number(json, &dwell->min);
		} else if (text_is(key, "most")) {
			r = json_read_number(json, &dwell->max);
		} else if (text_is(key, "histogram")) {
			r = json_enter(json, '[');
			while (r == 0 && (r = json_next(json, &first_bucket, NULL)) > 0)
				r = read_bucket(json, dwell);
		} else {
			r = json_skip(json);
		}
	}
	return r < 0 ? r : check_dwell(dwell);
}

/* Reads the names of sources into a set. */
static int read_sources(struct json *json, uint32_t *sources)
{
	bool first = true;
	int r = json_enter(json, '[');

	while (r == 0 && (r = json_next(json, &first, NULL)) > 0) {
		enum sessionlint_source source;
		struct sessionlint_text name;

		r = json_read_text(json, &name);
		if (r == 0)
			r = sessionlint_source_parse(name.data, name.size, &source) < 0 ? -EBADMSG
											: 0;
		if (r == 0)
			*sources |= 1U << source;
	}
	return r;
}

static int read_member(struct json *json, struct sessionlint_text key, struct entry *entry)
{
	static const struct {
		const char *key;
		size_t offset;
		const char *(*name_of)(unsigned number);
	} names[] = {
		{ "from", offsetof(struct ledger_item, from), sessionlint_state_name },
		{ "event", offsetof(struct ledger_item, event), sessionlint_event_name },
		{ "to", offsetof(struct ledger_item, to), sessionlint_state_name },
		{ "then", offsetof(struct ledger_item, then), sessionlint_event_name },
		{ "end", offsetof(struct ledger_item, end), sessionlint_state_name },
	};
	const struct {
		const char *key;
		uint64_t *number;
	} numbers[] = {
		{ "count", &entry->tally.certain },
		{ "possible", &entry->tally.possible },
		{ "refused", &entry->refused.certain },
		{ "refused_possible", &entry->refused.possible },
	};

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		if (text_equal(key, text_from(names[i].key)))
			return read_name(json, names[i].name_of,
					 (uint8_t *)&entry->item + names[i].offset);
	for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (text_equal(key, text_from(numbers[i].key)))
			return json_read_number(json, numbers[i].number);
	if (text_is(key, "rule"))
		return json_read_text(json, &entry->rule);
	if (text_is(key, "dwell"))
		return read_dwell(json, entry->dwell);
	if (text_is(key, "shown_by"))
		return read_sources(json, &entry->shown_by);
	return json_skip(json);
}

static bool is_same(const struct ledger_item *item, const struct entry *entry)
{
	const struct ledger_item *other = &entry->item;

	if (item->rule || entry->rule.data)
		return item->rule && text_equal(text_from(item->rule), entry->rule);
	return item->from == other->from && item->event == other->event && item->to == other->to &&
	       item->then == other->then && item->end == other->end;
}

/* Adds an entry to that of the ledger with the same names; if there is none, it is from another
 * model. */
static int entry_merge(struct ledger *ledger, enum ledger_group group, const struct entry *entry)
{
	struct ledger_item item;
	unsigned i = 0;
	int r;

	do {
		if (!ledger_item_at(ledger, group, i++, &item))
			return -EBADMSG;
	} while (!is_same(&item, entry));
	if (item.findings)
		return add(item.findings, entry->tally.certain);
	r = tally_merge(item.tally, &entry->tally);
	if (r == 0 && item.refused)
		r = tally_merge(item.refused, &entry->refused);
	if (r == 0 && item.dwell)
		r = dwell_merge(item.dwell, entry->dwell);
	if (r == 0 && item.shown_by)
		*item.shown_by |= entry->shown_by;
	return r;
}

static int read_group(struct json *json, struct ledger *ledger, enum ledger_group group,
		      struct dwell *dwell)
{
	bool first = true;
	int r = json_enter(json, '[');

	while (r == 0 && (r = json_next(json, &first, NULL)) > 0) {
		struct entry entry = { .dwell = dwell };
		struct sessionlint_text key;
		bool first_member = true;

		*dwell = (struct dwell) { 0 };
		r = json_enter(json, '{');
		while (r == 0 && (r = json_next(json, &first_member, &key)) > 0)
			r = read_member(json, key, &entry);
		if (r == 0)
			r = entry_merge(ledger, group, &entry);
	}
	return r;
}

static int read_counts(struct json *json, struct ledger *ledger)
{
	struct sessionlint_text key;
	bool first = true;
	int r = json_enter(json, '{');

	while (r == 0 && (r = json_next(json, &first, &key)) > 0) {
		uint64_t number;
		unsigned i = 0;

		r = json_read_number(json, &number);
		while (ledger_count_name(i) && !text_equal(key, text_from(ledger_count_name(i))))
			i++;
		if (r == 0)
			r = ledger_count_name(i) ? add(&ledger->counts[i], number) : -EBADMSG;
	}
	return r;
}

static int read_top(struct json *json, struct ledger *ledger, struct sessionlint_text key,
		    struct dwell *dwell, bool *is_ledger)
{
	struct sessionlint_text text;
	uint64_t version = 0;
	int r;

	if (text_is(key, "ledger")) {
		r = json_read_text(json, &text);
		*is_ledger = r == 0 && text_is(text, "sessionlint");
		return *is_ledger ? 0 : -EBADMSG;
	}
	if (text_is(key, "version")) {
		r = json_read_number(json, &version);
		return r == 0 && version == 1 ? 0 : -EBADMSG;
	}
	if (text_is(key, "counts"))
		return read_counts(json, ledger);
	for (unsigned group = 0; ledger_group_name(group); group++)
		if (text_equal(key, text_from(ledger_group_name(group))))
			return read_group(json, ledger, group, dwell);
	return json_skip(json);
}

int coverage_read(struct ledger *ledger, const char *data, size_t size)
{
	struct json json = { .at = data, .end = data + size };
	struct dwell *dwell = malloc(sizeof *dwell);
	struct sessionlint_text key;
	bool first = true, is_ledger = false;
	int r;

	if (!dwell)
		return -ENOMEM;
	r = json_enter(&json, '{');
	while (r == 0 && (r = json_next(&json, &first, &key)) > 0)
		r = read_top(&json, ledger, key, dwell, &is_ledger);
	if (r == 0 && (!is_ledger || !json_is_over(&json)))
		r = -EBADMSG;
	free(dwell);
	return r;
}
