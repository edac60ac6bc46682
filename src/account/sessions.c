/* SPDX-License-Identifier: MIT */
/* The records of each session of each boot, and what the search makes of them. */
#include <errno.h>
#include <stdlib.h>

#include "account/internal.h"
#include "account/search.h"
#include "base/array.h"

/* So many records before their turn they are asked for. */
#define AHEAD 16U

struct explainer {
	struct account *account;
	uint32_t *members; /* places of the records, by session */
	size_t count;
	/* of one session, by log */
	struct search_record *records[ACCOUNT_LOGS];
	size_t capacities[ACCOUNT_LOGS];
	struct search search;
};

static bool is_unnamed(const struct account_record *record)
{
	return record->flags & ACCOUNT_UNNAMED;
}

static bool same_session(const struct account_record *x, const struct account_record *y)
{
	return x->boot == y->boot && x->session == y->session && is_unnamed(x) == is_unnamed(y);
}

/* Digits of what records are sorted by: the least significant first. */
enum {
	SESSION_DIGITS = 4,
	NAMED_DIGIT = SESSION_DIGITS,
	BOOT_DIGITS = NAMED_DIGIT + 1,
	DIGITS = BOOT_DIGITS + 4,
	DIGIT_VALUES = 256,
};

static unsigned digit_of(const struct account_record *record, unsigned digit)
{
	if (digit < SESSION_DIGITS)
		return record->session >> digit * 8 & 255;
	if (digit == NAMED_DIGIT)
		return is_unnamed(record);
	return record->boot >> (digit - BOOT_DIGITS) * 8 & 255;
}

struct digit_counts {
	uint32_t of[DIGITS][DIGIT_VALUES];
};

static void count_digits(const struct explainer *explainer, struct digit_counts *counts)
{
	memset(counts, 0, sizeof *counts);
	for (size_t i = 0; i < explainer->count; i++) {
		const struct account_record *record = account_place(explainer->account,
								    explainer->members[i]);

		for (unsigned digit = 0; digit < DIGITS; digit++)
			counts->of[digit][digit_of(record, digit)]++;
	}
}

/* Sorts the members by one digit; those with the same keep their order. */
static void sort_by_digit(const struct explainer *explainer, unsigned digit,
			  const uint32_t counts[DIGIT_VALUES], uint32_t *to)
{
	uint32_t next[DIGIT_VALUES], before = 0;

	for (unsigned value = 0; value < DIGIT_VALUES; value++) {
		next[value] = before;
		before += counts[value];
	}
	for (size_t i = 0; i < explainer->count; i++) {
		uint32_t place = explainer->members[i];

		to[next[digit_of(account_place(explainer->account, place), digit)]++] = place;
	}
}

/* Sorts the members by boot and session, those of a session by place. It takes the same time for
 * each record, and little memory. -ENOMEM. */
static int sort_members(struct explainer *explainer)
{
	uint32_t *sorted = malloc((explainer->count + 1) * sizeof *sorted);
	struct digit_counts *counts = malloc(sizeof *counts);

	if (!sorted || !counts) {
		free(sorted);
		free(counts);
		return -ENOMEM;
	}
	count_digits(explainer, counts);
	for (unsigned digit = 0; explainer->count > 0 && digit < DIGITS; digit++) {
		const struct account_record *first = account_place(explainer->account,
								   explainer->members[0]);
		uint32_t *members = explainer->members;

		/* all have the same */
		if (counts->of[digit][digit_of(first, digit)] == explainer->count)
			continue;
		sort_by_digit(explainer, digit, counts->of[digit], sorted);
		explainer->members = sorted;
		sorted = members;
	}
	free(sorted);
	free(counts);
	return 0;
}

static int collect_members(struct explainer *explainer)
{
	const struct account *account = explainer->account;

	explainer->members = malloc((account->order.count + 1) * sizeof *explainer->members);
	if (!explainer->members)
		return -ENOMEM;
	for (uint32_t place = 0; place < account->order.count; place++) {
		const struct account_record *record = account_place(account, place);

		if (record->session != ACCOUNT_NONE &&
		    (record->kind == ACCOUNT_EVENT || record->kind == ACCOUNT_REPORTED))
			explainer->members[explainer->count++] = place;
	}
	return sort_members(explainer);
}

/* Adds a place to the witnesses from number @first on, which are in order. */
static int add_in_order(struct account *account, size_t first, uint32_t place)
{
	size_t at = account->witness_count;
	int r = account_add_witness(account, place);
	uint32_t *list = account->witnesses;

	for (; r == 0 && at > first && list[at - 1] > place; at--) {
		list[at] = list[at - 1];
		list[at - 1] = place;
	}
	return r;
}

/* The items of one session, while they are made from the steps of its run. */
struct writer {
	struct account *account;
	const struct search *search;
	struct account_subject subject;
	uint32_t at[ACCOUNT_LOGS]; /* positions */
	uint32_t place;            /* of the last item: those of a session keep their order */
	size_t unseen;             /* items since the last one with a place, which wait for it */
	uint32_t consumed;         /* records */
	size_t open; /* the contradiction to which left-out records are added, or NONE */
};

#define NO_ITEM SIZE_MAX

/* Adds the record to the contradiction that is open if it is close to the one before; otherwise
 * begins another. */
static int add_to_contradiction(struct writer *writer, uint32_t place, unsigned state)
{
	struct account *account = writer->account;
	size_t first = account->witness_count;
	int r;

	if (writer->open != NO_ITEM) {
		struct account_item *item = &account->items[writer->open];
		uint32_t last = account->witnesses[first - 1];

		if (llabs(account_time(account, place) - account_time(account, last)) <=
		    (int64_t)account->window) {
			item->count = (item->count + (item->count < UINT8_MAX ? 1U : 0U)) &
				      UINT8_MAX;
			return add_in_order(account, item->first, place);
		}
	}
	writer->open = account->item_count;
	r = add_in_order(account, first, place);
	return r < 0 ? r
		     : account_add_item(account, writer->subject,
					(struct account_item) {
						.kind = ACCOUNT_ITEM_CONTRADICTION,
						.place = writer->place,
						.first = (uint32_t)first,
						.event = account_place(account, place)->event & 15U,
						.from = state & 15U,
						.to = state & 15U,
						.count = 1,
					});
}

/* Places the next item at @place, or where the one before it is if that is later: the witnesses of
 * two transitions can be out of order. Unseen items that wait are placed there too. */
static void place_item(struct writer *writer, uint32_t place)
{
	struct account *account = writer->account;

	if (place < writer->place)
		place = writer->place;
	writer->place = place;
	for (size_t i = account->item_count - writer->unseen; i < account->item_count; i++)
		account->items[i].place = place;
	writer->unseen = 0;
}

/* The item of a step, as far as that is the same for all. */
static struct account_item begin_item(const struct writer *writer, const struct search_step *step,
				      unsigned to)
{
	return (struct account_item) {
		.kind = step->action == SEARCH_REPORTED ? ACCOUNT_ITEM_REPORTED
							: ACCOUNT_ITEM_TRANSITION,
		.place = writer->place,
		.first = (uint32_t)writer->account->witness_count,
		.event = step->event & 15U,
		.from = step->from,
		.to = to & 15U,
		.missing = step->missing & 127U,
	};
}

/* Adds a transition or a report with the records that @step consumes. */
static int add_seen(struct writer *writer, const struct search_step *step, unsigned to)
{
	struct account *account = writer->account;
	struct account_item item = begin_item(writer, step, to);
	int r = 0;

	for (unsigned log = 0; r == 0 && log < ACCOUNT_LOGS; log++)
		if (step->logs >> log & 1) {
			item.count = (item.count + 1U) & UINT8_MAX;
			r = add_in_order(account, item.first,
					 writer->search->records[log][writer->at[log]].place);
		}
	if (r < 0)
		return r;
	place_item(writer, account->witnesses[item.first]);
	item.place = writer->place;
	writer->open = NO_ITEM;
	return account_add_item(account, writer->subject, item);
}

/* Adds an item where the search gave up runs, after the step that consumes the last of @records. */
static int note_narrowing(struct writer *writer, unsigned records)
{
	uint32_t before = writer->consumed, narrowed = writer->search->narrowed;

	writer->consumed += records;
	if (before > narrowed || narrowed >= writer->consumed)
		return 0;
	writer->open = NO_ITEM;
	return account_add_note(writer->account, ACCOUNT_ITEM_NARROWED, writer->subject,
				writer->place);
}

static int add_step(struct writer *writer, const struct search_step *step, unsigned to)
{
	unsigned log = step->logs ? (unsigned)__builtin_ctz(step->logs) : 0;
	int r = 0;

	switch ((enum search_action)step->action) {
	case SEARCH_START:
		return 0;
	case SEARCH_UNSEEN:
		r = account_add_item(writer->account, writer->subject,
				     begin_item(writer, step, to));
		writer->unseen++;
		break;
	case SEARCH_TRANSITION:
	case SEARCH_REPORTED:
		r = add_seen(writer, step, to);
		break;
	case SEARCH_LEFT_OUT: {
		uint32_t place = writer->search->records[log][writer->at[log]].place;

		place_item(writer, place);
		r = add_to_contradiction(writer, place, step->from);
		break;
	}
	}
	for (log = 0; log < ACCOUNT_LOGS; log++)
		writer->at[log] += step->logs >> log & 1;
	return r < 0 ? r : note_narrowing(writer, (unsigned)__builtin_popcount(step->logs));
}

/* The state in which a step ends: that in which the next one begins. Nothing follows the last one.
 */
static unsigned state_after(const struct search *search, size_t number)
{
	const struct search_step *step = &search->steps[number];

	if (number + 1 < search->step_count)
		return search->steps[number + 1].from;
	if (step->action != SEARCH_TRANSITION && step->action != SEARCH_UNSEEN)
		return step->from;
	return search->account->visibility.next[step->event][step->from];
}

static int add_run(struct account *account, const struct search *search,
		   const struct account_record *first)
{
	struct writer writer = {
		.account = account,
		.search = search,
		.subject = { .session = first->session,
			     .boot = first->boot,
			     .unnamed = is_unnamed(first) },
		.open = NO_ITEM,
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < search->step_count; i++)
		r = add_step(&writer, &search->steps[i], state_after(search, i));
	return r;
}

/* Adds a record to those that the search is about. */
static int add_member(struct explainer *explainer, uint32_t place)
{
	struct search *search = &explainer->search;
	unsigned log = explainer->account->order.list[place].log;
	struct search_record *records = array_grow(explainer->records[log], search->counts[log],
						   &explainer->capacities[log], sizeof *records);

	if (!records)
		return -ENOMEM;
	explainer->records[log] = records;
	search->records[log] = records;
	records[search->counts[log]++] = search_record(explainer->account, place);
	return 0;
}

static void add_cost(struct account_cost *total, uint64_t cost)
{
	total->left_out += cost / COST_LEFT_OUT;
	total->missing += cost % COST_LEFT_OUT / COST_MISSING;
	total->unlikely += cost % COST_MISSING;
}

/* Asks for what add_member() will read, first the entry of the order: the records of a session are
 * far apart in memory. */
static void prefetch_members(const struct account *account, const uint32_t *members, size_t at,
			     size_t count)
{
	if (count - at > 2 * AHEAD)
		__builtin_prefetch(&account->order.list[members[at + 2 * AHEAD]]);
	if (count - at > AHEAD)
		__builtin_prefetch(account_place(account, members[at + AHEAD]));
}

/* Explains the records of a session: @count members. */
static int explain(struct explainer *explainer, const uint32_t *members, size_t count)
{
	const struct account *account = explainer->account;
	const struct account_record *first = account_place(account, members[0]);
	struct search *search = &explainer->search;
	size_t items = account->item_count;
	int r = 0;

	memset(search->counts, 0, sizeof search->counts);
	for (size_t i = 0; r == 0 && i < count; i++) {
		prefetch_members(account, members, i, count);
		r = add_member(explainer, members[i]);
	}
	search->begins = account->begins[first->boot];
	search->shutdown = account->shutdowns[first->boot];
	search->known = first->boot > 0;
	search->logs = is_unnamed(first) ? 1U << ACCOUNT_LOG_WINLOGON : UINT8_MAX;
	if (r == 0)
		r = search_run(search);
	if (r == 0)
		r = add_run(explainer->account, search, first);
	if (r == 0)
		add_cost(&explainer->account->cost, search->cost);
	if (r == 0 && !search->known && search->step_count > 0)
		explainer->account->cost.unlikely +=
			COST_UNSEEN * account->visibility.before[search->steps[0].from];
	if (is_unnamed(first))
		explainer->account->cost.unlikely += COST_UNSEEN;
	return r < 0 ? r : account_compare_users(explainer->account, items);
}

static int explain_all(struct explainer *explainer)
{
	const struct account *account = explainer->account;
	const uint32_t *members = explainer->members;
	size_t first = 0;
	int r = 0;

	for (size_t i = 1; r == 0 && i <= explainer->count; i++) {
		if (i < explainer->count && same_session(account_place(account, members[i]),
							 account_place(account, members[first])))
			continue;
		r = explain(explainer, &members[first], i - first);
		first = i;
	}
	return r;
}

int account_explain_sessions(struct account *account)
{
	struct explainer explainer = { .account = account };
	int r = search_init(&explainer.search, account);

	if (r == 0)
		r = collect_members(&explainer);
	account->cost = (struct account_cost) { .jumps = account->jump_count };
	if (r == 0)
		r = explain_all(&explainer);
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		free(explainer.records[log]);
	free(explainer.members);
	search_free(&explainer.search);
	return r;
}
