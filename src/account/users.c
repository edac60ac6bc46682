/* SPDX-License-Identifier: MIT */
/*
 * Compares the users that the witnesses of a session name. The session manager has their names,
 * System and User Profile Service their SIDs. Which name a SID has is known where a record of the
 * Security log has both within the window: at other times the user can have had another name.
 */
#include <errno.h>
#include <stdlib.h>

#include "account/annotations.h"
#include "account/internal.h"
#include "base/array.h"
#include "base/fold.h"
#include "trace/user_names.h"

int account_learn_person(struct account *account, const struct record *record)
{
	struct account_person *list, new = { .time = record->time };
	const struct account_naming names[] = {
		{ record->annotation->sid, &new.sid },
		{ record->user, &new.name },
	};
	int r;

	if (record->time == SESSIONLINT_NO_TIME || record->user.size == 0 ||
	    user_form(record->user) != USER_ACCOUNT ||
	    memchr(record->user.data, '@', record->user.size) ||
	    !user_sid_is_personal(record->annotation->sid))
		return 0;
	r = account_names_numbers(&account->names, names, 2);
	if (r < 0)
		return r;
	list = array_grow(account->persons, account->person_count, &account->person_capacity,
			  sizeof *list);
	if (!list)
		return -ENOMEM;
	account->persons = list;
	list[account->person_count++] = new;
	return 0;
}

static int compare_persons(const void *a, const void *b)
{
	const struct account_person *x = a, *y = b;

	if (x->sid != y->sid)
		return x->sid < y->sid ? -1 : 1;
	return x->time < y->time ? -1 : x->time > y->time;
}

/* The first person of @sid at or after @time. */
static size_t find_person(const struct account *account, uint32_t sid, uint64_t time)
{
	const struct account_person wanted = { .time = time, .sid = sid };
	size_t low = 0, high = account->person_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_persons(&account->persons[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct sessionlint_text name_of(const struct account *account, uint32_t number)
{
	return account_names_text(&account->names, number);
}

/* After so many records of one SID it is not certain that none has the name. */
#define PERSONS_MAX 256U

/* Whether the user with a SID can have that name at that time. Domains are not compared: that of a
 * local user is the name of the computer, which can change. */
static bool may_be_called(const struct account *account, uint32_t sid, struct sessionlint_text name,
			  uint64_t time)
{
	uint64_t first = time > account->window ? time - account->window : 0;
	unsigned tried = 0;

	if (memchr(name.data, '@', name.size))
		return true;
	for (size_t i = find_person(account, sid, first);
	     i < account->person_count && account->persons[i].sid == sid &&
	     account_distance(account->persons[i].time, time) <= account->window;
	     i++) {
		if (text_alike(user_account(name_of(account, account->persons[i].name)),
			       user_account(name)))
			return true;
		if (++tried == PERSONS_MAX)
			return true;
	}
	return tried == 0;
}

/* Whether two numbers can be of one user, named at @time. */
static bool may_be_one(const struct account *account, uint32_t a, uint32_t b, uint64_t time)
{
	struct sessionlint_text first = name_of(account, a), second = name_of(account, b);

	if (user_form(first) == USER_SID && user_form(second) == USER_ACCOUNT)
		return may_be_called(account, a, second, time);
	if (user_form(first) == USER_ACCOUNT && user_form(second) == USER_SID)
		return may_be_called(account, b, first, time);
	return user_may_be(first, second);
}

/* Who is logged on to a session, by form: numbers in names, or 0. */
struct logged_on {
	uint32_t users[USER_FORMS];
};

/* Only the first conflict of an item is stored. */
static int add_conflict(struct account *account, struct account_item *item, uint32_t user,
			uint32_t other, bool same)
{
	struct account_user_conflict *list;

	if (item->users)
		return 0;
	list = array_grow(account->conflicts, account->conflict_count, &account->conflict_capacity,
			  sizeof *list);
	if (!list)
		return -ENOMEM;
	account->conflicts = list;
	list[account->conflict_count++] = (struct account_user_conflict) {
		.item = (uint32_t)(item - account->items),
		.user = user,
		.other = other,
		.same = same,
	};
	item->users = 1;
	return 0;
}

const struct account_user_conflict *account_user_conflict(const struct account *account,
							  const struct account_item *item)
{
	uint32_t number = (uint32_t)(item - account->items);
	size_t low = 0, high = account->conflict_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (account->conflicts[middle].item < number)
			low = middle + 1;
		else
			high = middle;
	}
	return &account->conflicts[low];
}

/* The user that the record at @place names. */
static uint32_t user_of(const struct account *account, uint32_t place)
{
	return account_details(account, account_place(account, place)).user;
}

/* Compares the witnesses of a transition with each other. */
static int compare_witnesses(struct account *account, struct account_item *item)
{
	const uint32_t *places = account_witnesses(account, item);
	int r = 0;

	for (unsigned i = 0; i < item->count; i++) {
		uint64_t time = account_place(account, places[i])->time;
		uint32_t one = user_of(account, places[i]);

		for (unsigned j = 0; one && r == 0 && j < i; j++) {
			uint32_t two = user_of(account, places[j]);

			if (two && !may_be_one(account, one, two, time))
				r = add_conflict(account, item, one, two, true);
		}
	}
	return r;
}

/* Compares the witnesses with who is logged on. Records that the judge sees, it compares itself:
 * those of the session manager, if one names a user. */
static int compare_logged_on(struct account *account, struct account_item *item,
			     const struct logged_on *logged_on)
{
	const uint32_t *places = account_witnesses(account, item);
	bool named = false;
	int r = 0;

	for (unsigned i = 0; i < item->count; i++)
		named |= account->order.list[places[i]].log == ACCOUNT_LOG_LSM &&
			 user_of(account, places[i]);
	for (unsigned i = 0; named && r == 0 && i < item->count; i++) {
		uint32_t one = user_of(account, places[i]), known;

		if (!one || account->order.list[places[i]].log == ACCOUNT_LOG_LSM)
			continue;
		known = logged_on->users[user_form(name_of(account, one))];
		if (known && !user_may_be(name_of(account, one), name_of(account, known)))
			r = add_conflict(account, item, one, known, false);
	}
	return r;
}

static void learn(const struct account *account, const struct account_item *item,
		  struct logged_on *logged_on)
{
	const uint32_t *places = account_witnesses(account, item);

	if (item->event == SESSIONLINT_EVENT_LOGON)
		*logged_on = (struct logged_on) { 0 };
	for (unsigned i = 0; i < item->count; i++) {
		uint32_t user = user_of(account, places[i]);
		uint32_t *known = user ? &logged_on->users[user_form(name_of(account, user))]
				       : NULL;

		if (known && !*known)
			*known = user;
	}
	if (item->event == SESSIONLINT_EVENT_LOGOFF ||
	    item->event == SESSIONLINT_EVENT_TERMINATED || item->event == SESSIONLINT_EVENT_CREATED)
		*logged_on = (struct logged_on) { 0 };
}

void account_sort_persons(struct account *account)
{
	if (account->person_count > 0)
		qsort(account->persons, account->person_count, sizeof *account->persons,
		      compare_persons);
}

int account_compare_users(struct account *account, size_t first)
{
	struct logged_on logged_on = { 0 };
	int r = 0;

	for (size_t i = first; r == 0 && i < account->item_count; i++) {
		struct account_item *item = &account->items[i];

		if (item->kind != ACCOUNT_ITEM_TRANSITION)
			continue;
		r = compare_witnesses(account, item);
		if (r == 0 && item->event != SESSIONLINT_EVENT_LOGON)
			r = compare_logged_on(account, item, &logged_on);
		learn(account, item, &logged_on);
	}
	return r;
}
