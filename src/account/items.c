/* SPDX-License-Identifier: MIT */
/* The lines of an account: made in any order, and then put into that of the machine. */
#include <errno.h>
#include <stdlib.h>

#include "account/internal.h"
#include "base/array.h"

/* The number of a subject. Most items are of that of the one before. -ENOMEM. */
static int number_subject(struct account *account, struct account_subject subject,
			  uint32_t *ret_number)
{
	struct account_subject *list = account->subjects;
	const struct account_subject *last = account->subject_count > 0
						     ? &list[account->subject_count - 1]
						     : NULL;

	if (!last || last->session != subject.session || last->boot != subject.boot ||
	    last->unnamed != subject.unnamed) {
		list = array_grow(list, account->subject_count, &account->subject_capacity,
				  sizeof *list);
		if (!list)
			return -ENOMEM;
		account->subjects = list;
		list[account->subject_count++] = subject;
	}
	*ret_number = (uint32_t)account->subject_count - 1;
	return 0;
}

int account_add_item(struct account *account, struct account_subject subject,
		     struct account_item item)
{
	struct account_item *items = array_grow(account->items, account->item_count,
						&account->item_capacity, sizeof *items);

	if (!items)
		return -ENOMEM;
	account->items = items;
	if (number_subject(account, subject, &item.subject) < 0)
		return -ENOMEM;
	items[account->item_count++] = item;
	return 0;
}

int account_add_witness(struct account *account, uint32_t place)
{
	uint32_t *list = array_grow(account->witnesses, account->witness_count,
				    &account->witness_capacity, sizeof *list);

	if (!list)
		return -ENOMEM;
	account->witnesses = list;
	list[account->witness_count++] = place;
	return 0;
}

int account_add_note(struct account *account, enum account_item_kind kind,
		     struct account_subject subject, uint32_t place)
{
	int r = account_add_witness(account, place);

	return r < 0 ? r
		     : account_add_item(account, subject,
					(struct account_item) {
						.kind = kind & 15U,
						.place = place,
						.first = (uint32_t)account->witness_count - 1,
						.count = 1,
					});
}

int account_add_machine_items(struct account *account)
{
	int r = 0;

	for (uint32_t boot = 1; r == 0 && boot <= account->boots; boot++)
		r = account_add_note(account, ACCOUNT_ITEM_BOOT,
				     (struct account_subject) { .boot = boot },
				     account->begins[boot]);
	for (size_t i = 0; r == 0 && i < account->jump_count; i++) {
		uint32_t place = account->jumps[i].place;

		r = account_add_note(
			account, ACCOUNT_ITEM_JUMP,
			(struct account_subject) { .boot = account_place(account, place)->boot },
			place);
	}
	return r;
}

/* ---- the order ---- */

/* A boot comes before what happened in it. */
static size_t boot_key(const struct account *account, const struct account_item *item)
{
	return (size_t)account_subject(account, item)->boot * 2 + (item->kind != ACCOUNT_ITEM_BOOT);
}

static size_t place_key(const struct account *account, const struct account_item *item)
{
	(void)account;
	return item->place;
}

/* Sorts the numbers of items by a key that is less than @keys; those with the same keep their
 * order. It takes the same time for each. -ENOMEM. */
static int sort_by(const struct account *account, uint32_t **numbers, size_t keys,
		   size_t (*key_of)(const struct account *account, const struct account_item *item))
{
	size_t count = account->item_count;
	uint32_t *sorted = malloc((count + 1) * sizeof *sorted);
	uint32_t *next = calloc(keys + 1, sizeof *next);

	if (!sorted || !next) {
		free(sorted);
		free(next);
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++)
		next[key_of(account, &account->items[i]) + 1]++;
	for (size_t key = 0; key < keys; key++)
		next[key + 1] += next[key];
	for (size_t i = 0; i < count; i++) {
		uint32_t number = (*numbers)[i];

		sorted[next[key_of(account, &account->items[number])]++] = number;
	}
	free(*numbers);
	*numbers = sorted;
	free(next);
	return 0;
}

/* Those that were added first come first at the same place: what is about the machine, then
 * transitions. */
int account_sort_items(struct account *account)
{
	int r;

	account->sorted = malloc((account->item_count + 1) * sizeof *account->sorted);
	if (!account->sorted)
		return -ENOMEM;
	for (uint32_t i = 0; i < account->item_count; i++)
		account->sorted[i] = i;
	r = sort_by(account, &account->sorted, account->order.count + 1, place_key);
	return r < 0 ? r
		     : sort_by(account, &account->sorted, ((size_t)account->boots + 1) * 2,
			       boot_key);
}
