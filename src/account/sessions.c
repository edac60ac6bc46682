/* SPDX-License-Identifier: MIT */
/* The records of each session of each boot, and what the search makes of them. */
#include <errno.h>
#include <stdlib.h>

#include "account/internal.h"
#include "account/search.h"
#include "base/array.h"

/* A record, by its session. */
struct member {
	uint32_t boot, session, place;
	uint8_t log;
	bool unnamed;
};

struct explainer {
	struct account *account;
	struct member *members;
	size_t count;
	uint32_t *places[ACCOUNT_LOGS]; /* of the records of one session */
	struct search search;
};

static int compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	if (x->unnamed != y->unnamed)
		return x->unnamed ? 1 : -1;
	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static bool same_session(const struct member *x, const struct member *y)
{
	return x->boot == y->boot && x->session == y->session && x->unnamed == y->unnamed;
}

static int collect_members(struct explainer *explainer)
{
	const struct account *account = explainer->account;

	explainer->members = malloc((account->order.count + 1) * sizeof *explainer->members);
	if (!explainer->members)
		return -ENOMEM;
	for (uint32_t place = 0; place < account->order.count; place++) {
		const struct account_record *record = account_place(account, place);

		if (record->session == ACCOUNT_NONE ||
		    (record->kind != ACCOUNT_EVENT && record->kind != ACCOUNT_REPORTED))
			continue;
		explainer->members[explainer->count++] = (struct member) {
			.boot = record->boot,
			.session = record->session,
			.place = place,
			.log = account->order.list[place].log,
			.unnamed = record->flags & ACCOUNT_UNNAMED,
		};
	}
	qsort(explainer->members, explainer->count, sizeof *explainer->members, compare_members);
	return 0;
}

int account_add_item(struct account *account, const struct account_item *item)
{
	struct account_item *items = array_grow(account->items, account->item_count,
						&account->item_capacity, sizeof *items);

	if (!items)
		return -ENOMEM;
	account->items = items;
	items[account->item_count++] = *item;
	return 0;
}

static int add_left_out(struct account *account, uint32_t place)
{
	uint32_t *list = array_grow(account->left_out, account->left_out_count,
				    &account->left_out_capacity, sizeof *list);

	if (!list)
		return -ENOMEM;
	account->left_out = list;
	list[account->left_out_count++] = place;
	return 0;
}

/* The items of one session, while they are made from the steps of its run. */
struct telling {
	struct account *account;
	const struct search *search;
	struct account_item item;  /* what all have in common */
	uint32_t at[ACCOUNT_LOGS]; /* positions */
	uint32_t place;            /* of the last item: those of a session keep their order */
	size_t unseen;             /* items since the last one with a place, which wait for it */
	size_t open; /* the contradiction to which left-out records are added, or NONE */
};

#define NO_ITEM SIZE_MAX

static void sort_witnesses(struct account_item *item)
{
	for (unsigned i = 1; i < item->count; i++)
		for (unsigned j = i; j > 0 && item->witnesses[j] < item->witnesses[j - 1]; j--) {
			uint32_t place = item->witnesses[j];

			item->witnesses[j] = item->witnesses[j - 1];
			item->witnesses[j - 1] = place;
		}
}

/* Adds the record to the contradiction that is open if it is close to the one before; otherwise
 * begins another. */
static int tell_left_out(struct telling *telling, uint32_t place, uint8_t state)
{
	struct account *account = telling->account;
	struct account_item *item;
	int r;

	if (telling->open != NO_ITEM) {
		uint32_t last = account->left_out[account->left_out_count - 1];

		item = &account->items[telling->open];
		if (llabs(account->order.times[place] - account->order.times[last]) <=
		    (int64_t)account->window) {
			item->count = (uint8_t)(item->count + (item->count < UINT8_MAX));
			return add_left_out(account, place);
		}
	}
	telling->item.kind = ACCOUNT_ITEM_CONTRADICTION;
	telling->item.from = telling->item.to = state;
	telling->item.event = account_place(account, place)->event;
	telling->item.count = 1;
	telling->item.missing = 0;
	telling->item.witnesses[0] = (uint32_t)account->left_out_count;
	telling->open = account->item_count;
	r = add_left_out(account, place);
	return r < 0 ? r : account_add_item(account, &telling->item);
}

/* Places the next item at @place, or where the one before it is if that is later: the witnesses of
 * two transitions can be out of order. Unseen items that wait are placed there too. */
static void place_item(struct telling *telling, uint32_t place)
{
	struct account *account = telling->account;

	if (place < telling->place)
		place = telling->place;
	telling->item.place = telling->place = place;
	for (size_t i = account->item_count - telling->unseen; i < account->item_count; i++)
		account->items[i].place = place;
	telling->unseen = 0;
}

/* Adds a transition or a report with the records that @step consumes. */
static int tell_seen(struct telling *telling, const struct search_step *step, unsigned to)
{
	struct account_item *item = &telling->item;

	item->kind = step->action == SEARCH_REPORTED ? ACCOUNT_ITEM_REPORTED
						     : ACCOUNT_ITEM_TRANSITION;
	item->event = step->event;
	item->from = step->from;
	item->to = (uint8_t)to;
	item->missing = step->missing;
	item->count = 0;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		if (step->logs >> log & 1)
			item->witnesses[item->count++] =
				telling->search->records[log][telling->at[log]];
	sort_witnesses(item);
	place_item(telling, item->witnesses[0]);
	telling->open = NO_ITEM;
	return account_add_item(telling->account, item);
}

static int tell_step(struct telling *telling, const struct search_step *step, unsigned to)
{
	unsigned log = step->logs ? (unsigned)__builtin_ctz(step->logs) : 0;
	int r = 0;

	telling->item.sequence++;
	switch ((enum search_action)step->action) {
	case SEARCH_START:
		return 0;
	case SEARCH_UNSEEN:
		telling->item.kind = ACCOUNT_ITEM_TRANSITION;
		telling->item.event = step->event;
		telling->item.from = step->from;
		telling->item.to = (uint8_t)to;
		telling->item.missing = telling->item.count = 0;
		r = account_add_item(telling->account, &telling->item);
		telling->unseen++;
		break;
	case SEARCH_TRANSITION:
	case SEARCH_REPORTED:
		r = tell_seen(telling, step, to);
		break;
	case SEARCH_LEFT_OUT: {
		uint32_t place = telling->search->records[log][telling->at[log]];

		place_item(telling, place);
		r = tell_left_out(telling, place, step->from);
		break;
	}
	}
	for (log = 0; log < ACCOUNT_LOGS; log++)
		telling->at[log] += step->logs >> log & 1;
	return r;
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

static int tell_run(struct account *account, const struct search *search,
		    const struct member *first)
{
	struct telling telling = {
		.account = account,
		.search = search,
		.item = { .session = first->session,
			  .boot = first->boot,
			  .unnamed = first->unnamed },
		.open = NO_ITEM,
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < search->step_count; i++)
		r = tell_step(&telling, &search->steps[i], state_after(search, i));
	return r;
}

/* Explains the records of the session of @first, @count of them. */
static int explain(struct explainer *explainer, const struct member *first, size_t count)
{
	struct search *search = &explainer->search;
	int r;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		search->counts[log] = 0;
		search->records[log] = explainer->places[log];
	}
	for (size_t i = 0; i < count; i++) {
		unsigned log = first[i].log;

		explainer->places[log][search->counts[log]++] = first[i].place;
	}
	search->begins = explainer->account->begins[first->boot];
	search->known = first->boot > 0;
	search->logs = first->unnamed ? 1U << ACCOUNT_LOG_WINLOGON : UINT8_MAX;
	r = search_run(search);
	if (r < 0)
		return r;
	return tell_run(explainer->account, search, first);
}

static int explain_all(struct explainer *explainer)
{
	size_t first = 0;
	int r = 0;

	for (size_t i = 1; r == 0 && i <= explainer->count; i++) {
		if (i < explainer->count &&
		    same_session(&explainer->members[i], &explainer->members[first]))
			continue;
		r = explain(explainer, &explainer->members[first], i - first);
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
	for (unsigned log = 0; r == 0 && log < ACCOUNT_LOGS; log++) {
		explainer.places[log] =
			malloc((account->logs[log].count + 1) * sizeof *explainer.places[log]);
		if (!explainer.places[log])
			r = -ENOMEM;
	}
	if (r == 0)
		r = explain_all(&explainer);
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		free(explainer.places[log]);
	free(explainer.members);
	search_free(&explainer.search);
	return r;
}

static int compare_items(const void *a, const void *b)
{
	const struct account_item *x = a, *y = b;
	bool x_boots = x->kind == ACCOUNT_ITEM_BOOT, y_boots = y->kind == ACCOUNT_ITEM_BOOT;
	bool x_adds = x->kind == ACCOUNT_ITEM_ANNOTATION;
	bool y_adds = y->kind == ACCOUNT_ITEM_ANNOTATION;

	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	if (x_boots != y_boots)
		return x_boots ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	/* an annotation is after the record of its place */
	if (x_adds != y_adds)
		return x_adds ? 1 : -1;
	for (unsigned i = 0; x_adds && i < 2; i++)
		if (x->witnesses[i] != y->witnesses[i])
			return x->witnesses[i] < y->witnesses[i] ? -1 : 1;
	if (x->session != y->session && !x_adds)
		return x->session < y->session ? -1 : 1;
	return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* Adds the items that are about the machine. */
static int add_machine_items(struct account *account)
{
	int r = 0;

	for (uint32_t boot = 1; r == 0 && boot <= account->boots; boot++)
		r = account_add_item(account, &(struct account_item) {
						      .kind = ACCOUNT_ITEM_BOOT,
						      .place = account->begins[boot],
						      .boot = boot,
						      .count = 1,
						      .witnesses = { account->begins[boot] },
					      });
	for (size_t i = 0; r == 0 && i < account->jump_count; i++) {
		uint32_t place = account->jumps[i].place;

		r = account_add_item(account, &(struct account_item) {
						      .kind = ACCOUNT_ITEM_JUMP,
						      .place = place,
						      .boot = account_place(account, place)->boot,
						      .session = (uint32_t)i,
						      .count = 1,
						      .witnesses = { place },
					      });
	}
	return r;
}

int account_sort_items(struct account *account)
{
	int r = add_machine_items(account);

	if (account->item_count > 0)
		qsort(account->items, account->item_count, sizeof *account->items, compare_items);
	return r;
}
