/* SPDX-License-Identifier: MIT */
/* The list of items, which shrinks when much of it is left out. */
#include "check/partial/partial.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

/* Fewer omitted events stay where they are. */
#define COMPACT_MIN 4096U

void item_free(struct partial_item *item)
{
	free(item->raw);
	omission_free(item->omission);
}

int items_add(struct sessionlint_partial *partial, const struct partial_item *item)
{
	struct partial_item *items = NULL;
	int r = 0;

	if (partial->omitted >= COMPACT_MIN && partial->omitted > partial->count / 2)
		r = items_compact(partial);
	if (r == 0 && partial->count < ITEM_NONE - 1)
		items = array_grow(partial->items, partial->count, &partial->capacity,
				   sizeof *items);
	if (!items) {
		struct partial_item lost = *item;

		item_free(&lost);
		return -ENOMEM;
	}
	partial->items = items;
	items[partial->count++] = *item;
	return 0;
}

/* ---- joining omitted events ---- */

/* Where items move. */
struct move {
	uint32_t *places;          /* by their old place; ITEM_NONE: they are no more */
	uint32_t count;            /* of those that have moved */
	struct omission *omission; /* that is being made, or NULL */
};

/* Ends the omission that is being made: it becomes an item. */
static void move_end(struct sessionlint_partial *partial, struct move *move)
{
	if (!move->omission)
		return;
	omission_end(move->omission);
	partial->items[move->count++] = (struct partial_item) {
		.kind = ITEM_OMISSION,
		.omission = move->omission,
	};
	move->omission = NULL;
}

/* Adds an item to that omission. -ENOMEM. */
static int move_into(struct sessionlint_partial *partial, struct move *move,
		     const struct partial_item *item)
{
	int r;

	if (!move->omission) {
		move->omission = calloc(1, sizeof *move->omission);
		if (!move->omission)
			return -ENOMEM;
		partial->stamp++;
	}
	if (item->kind == ITEM_OMITTED)
		return omission_take(partial, move->omission, item);
	r = omission_join(partial, move->omission, item->omission);
	if (r == 0)
		omission_free(item->omission);
	return r;
}

/* An omission needs no more room than what it is made of. */
static int move_all(struct sessionlint_partial *partial, struct move *move)
{
	for (uint32_t i = 0; i < partial->count; i++) {
		const struct partial_item item = partial->items[i];
		int r;

		move->places[i] = ITEM_NONE;
		if (item.kind == ITEM_OMITTED || item.kind == ITEM_OMISSION) {
			r = move_into(partial, move, &item);
			if (r < 0)
				return r;
			partial->items[i].omission = NULL;
			continue;
		}
		move_end(partial, move);
		move->places[i] = move->count;
		partial->items[move->count] = item;
		if (item.previous != ITEM_NONE)
			partial->items[move->count].previous = move->places[item.previous];
		/* it has one owner */
		if (move->count < i)
			partial->items[i].raw = NULL;
		move->count++;
	}
	move_end(partial, move);
	return 0;
}

int items_compact(struct sessionlint_partial *partial)
{
	struct move move = { .places = malloc(((size_t)partial->count + 1) * sizeof(uint32_t)) };
	int r = move.places ? move_all(partial, &move) : -ENOMEM;

	if (r == 0) {
		struct partial_sessions *sessions = &partial->sessions;

		partial->count = move.count;
		partial->omitted = 0;
		for (uint32_t i = 0; i < sessions->count; i++)
			if (sessions->list[i].last != ITEM_NONE)
				sessions->list[i].last = move.places[sessions->list[i].last];
	} else {
		omission_free(move.omission);
		partial->error = r;
	}
	free(move.places);
	return r;
}

/* ---- records as they were handed over ---- */

struct raw_record *raw_copy(const struct raw_record *raw)
{
	size_t size = sizeof *raw + raw->count * sizeof *raw->pairs + raw->line.size + 1;
	struct sessionlint_pair *pairs;
	struct raw_record *copy;
	char *room;

	for (size_t i = 0; i < raw->count; i++)
		size += strlen(raw->pairs[i].key) + 1 + raw->pairs[i].value.size;
	copy = malloc(size);
	if (!copy)
		return NULL;
	pairs = (struct sessionlint_pair *)(copy + 1);
	room = (char *)(pairs + raw->count);
	*copy = (struct raw_record) { .pairs = pairs, .count = raw->count };
	if (raw->line.data)
		copy->line = text_of(room, raw->line.size);
	text_keep(raw->line, &room);
	for (size_t i = 0; i < raw->count; i++) {
		const struct sessionlint_pair *pair = &raw->pairs[i];

		pairs[i].key = text_keep(text_of(pair->key, strlen(pair->key) + 1), &room).data;
		/* a value can be there and be empty */
		pairs[i].value = pair->value.data ? text_of(room, pair->value.size)
						  : text_of(NULL, 0);
		text_keep(pair->value, &room);
	}
	return copy;
}
