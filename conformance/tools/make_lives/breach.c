/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "capture.h"

#define NONE SIZE_MAX

/* The number of a random event of a session; or NONE. */
static size_t any_event(struct random *random, const struct records *records)
{
	for (unsigned i = 0; i < 100 && records->count > 0; i++) {
		size_t number = random_below(random, (unsigned)records->count);

		if (records->list[number].kind == EVENT || records->list[number].kind == NOTIFIED)
			return number;
	}
	return NONE;
}

/* The next event of the same session; or NONE. */
static size_t next_event(const struct records *records, size_t number)
{
	const struct record *one = &records->list[number];

	for (size_t i = number + 1; i < records->count; i++) {
		const struct record *other = &records->list[i];

		if (other->kind == one->kind && other->host == one->host &&
		    other->boot == one->boot && other->session == one->session &&
		    other->source == one->source)
			return i;
	}
	return NONE;
}

/* A copy of a record, right after it. */
static struct record *insert_copy(struct records *records, size_t number)
{
	struct record *list;

	records_add(records);
	list = records->list;
	memmove(&list[number + 1], &list[number], (records->count - 1 - number) * sizeof *list);
	return &list[number + 1];
}

static void replace_event(struct random *random, struct record *record)
{
	record->event = (enum event)(CREATE + random_below(random, LOGOFF));
	record->says_before = record->says_after = false;
}

static void swap_events(struct records *records, size_t number)
{
	size_t next = next_event(records, number);
	struct record one = records->list[number];

	if (next == NONE)
		return;
	records->list[number] = records->list[next];
	records->list[next] = one;
}

static void drop_event(struct records *records, size_t number)
{
	struct record *list = records->list;

	memmove(&list[number], &list[number + 1], (records->count - 1 - number) * sizeof *list);
	records->count--;
}

static void claim_state(struct random *random, struct record *record)
{
	enum state state = (enum state)(CREATED + random_below(random, TERMINATED));

	if (random_chance(random, 300)) {
		record->kind = SAMPLE;
		record->after = state;
	} else if (random_chance(random, 500)) {
		record->says_before = true;
		record->before = state;
	} else {
		record->says_after = true;
		record->after = state;
	}
}

void capture_breach(struct random *random, const struct plan *plan, struct records *records)
{
	size_t number = any_event(random, records);

	if (number == NONE)
		return;
	switch (plan->breach) {
	case BREACH_NONE:
		break;
	case BREACH_INSERTED:
		replace_event(random, insert_copy(records, number));
		break;
	case BREACH_DROPPED:
		drop_event(records, number);
		break;
	case BREACH_SWAPPED:
		swap_events(records, number);
		break;
	case BREACH_REPLACED:
		replace_event(random, &records->list[number]);
		break;
	case BREACH_REPEATED:
		insert_copy(records, number);
		break;
	case BREACH_STATE:
		claim_state(random, &records->list[number]);
		break;
	case BREACH_MOVED:
		records->list[number].session = random_below(random, plan->ids);
		break;
	}
}
