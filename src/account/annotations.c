/* SPDX-License-Identifier: MIT */
/*
 * Annotations of logs without transitions have no anchors, so all are placed by their time: beside
 * the record with the nearest one. Where the clock was set back that is still a record of the same
 * time.
 */
#include "account/annotations.h"

#include <errno.h>
#include <stdlib.h>

#include "account/internal.h"
#include "base/array.h"

/* A record of the order, or an annotation, by its time. */
struct timed {
	uint64_t time;
	uint32_t number;
};

/* The session of a logon id, in a boot. */
struct logon {
	uint64_t id;
	uint32_t boot, session;
};

static int name_texts(struct account *account, const struct record *record,
		      struct account_annotation *stored)
{
	const struct account_naming list[] = {
		{ record->user, &stored->user },
		{ record->address, &stored->address },
		{ record->host, &stored->host },
		{ record->annotation->domain, &stored->domain },
		{ record->annotation->client, &stored->client },
	};

	return account_names_numbers(&account->names, list, sizeof list / sizeof list[0]);
}

int account_add_annotation(struct account *account, const struct record *record)
{
	struct account_annotation *list, stored = {
		.time = record->time,
		.line = record->line,
		.offset = record->offset,
		.logon_id = record->annotation->logon_id,
		.session = record_has(record, KEY_SESSION) ? record->session : ACCOUNT_NONE,
		.file = (uint32_t)account->file_count - 1,
		.event_id = record->annotation->id,
		.reason = record->annotation->reason,
		.kind = record->annotation->kind,
	};
	int r = name_texts(account, record, &stored);

	if (r < 0)
		return r;
	list = array_grow(account->annotations, account->annotation_count,
			  &account->annotation_capacity, sizeof *list);
	if (!list)
		return -ENOMEM;
	account->annotations = list;
	list[account->annotation_count++] = stored;
	return 0;
}

static int compare_timed(const void *a, const void *b)
{
	const struct timed *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* How many records are not later than @time. */
static size_t count_until(const struct timed *timed, size_t count, uint64_t time)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (timed[middle].time <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Places an annotation after the nearest record if that is earlier, and otherwise before it. */
static void find_place(const struct account *account, const struct timed *timed,
		       struct account_annotation *annotation)
{
	size_t count = account->order.count;
	size_t until = count_until(timed, count, annotation->time);
	bool later = until == 0;

	if (until > 0 && until < count)
		later = timed[until].time - annotation->time <
			annotation->time - timed[until - 1].time;
	annotation->place = timed[later ? until : until - 1].number;
	annotation->boot = account_place(account, annotation->place)->boot;
	if (later && annotation->place > 0)
		annotation->place--;
}

static int find_places(struct account *account)
{
	size_t count = account->order.count;
	struct timed *timed = malloc((count + 1) * sizeof *timed);

	if (!timed)
		return -ENOMEM;
	for (uint32_t place = 0; place < count; place++)
		timed[place] = (struct timed) { account_place(account, place)->time, place };
	qsort(timed, count, sizeof *timed, compare_timed);
	for (size_t i = 0; i < account->annotation_count; i++) {
		struct account_annotation *annotation = &account->annotations[i];

		if (count > 0)
			find_place(account, timed, annotation);
	}
	free(timed);
	return 0;
}

static int compare_logons(const void *a, const void *b)
{
	const struct logon *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->boot < y->boot ? -1 : x->boot > y->boot;
}

/* Ties logon ids to sessions: some records name both. */
static int tie_logons(struct account *account)
{
	struct logon *logons = malloc((account->annotation_count + 1) * sizeof *logons);
	size_t count = 0;

	if (!logons)
		return -ENOMEM;
	for (size_t i = 0; i < account->annotation_count; i++) {
		const struct account_annotation *one = &account->annotations[i];

		if (one->logon_id && one->session != ACCOUNT_NONE)
			logons[count++] = (struct logon) { one->logon_id, one->boot, one->session };
	}
	qsort(logons, count, sizeof *logons, compare_logons);
	for (size_t i = 0; count > 0 && i < account->annotation_count; i++) {
		struct account_annotation *one = &account->annotations[i];
		const struct logon wanted = { one->logon_id, one->boot, 0 };
		const struct logon *found = NULL;

		if (one->logon_id && one->session == ACCOUNT_NONE)
			found = bsearch(&wanted, logons, count, sizeof *logons, compare_logons);
		if (found)
			one->session = found->session;
	}
	free(logons);
	return 0;
}

/* By kind, session and boot, and then by place. */
static int compare_annotations(const void *a, const void *b)
{
	const struct account_annotation *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	/* the same record in two files */
	return x->file < y->file ? -1 : x->file > y->file;
}

/* An annotation, by where it is among the items. */
struct placed {
	uint64_t time;
	uint32_t boot, place, number;
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int sort_between(struct account *account)
{
	size_t count = account->annotation_count;
	struct placed *placed = malloc(count * sizeof *placed);
	uint32_t *between = malloc(count * sizeof *between);

	if (!placed || !between) {
		free(placed);
		free(between);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct account_annotation *one = &account->annotations[i];

		placed[i] = (struct placed) { one->time, one->boot, one->place, i };
	}
	qsort(placed, count, sizeof *placed, compare_placed);
	for (size_t i = 0; i < count; i++)
		between[i] = placed[i].number;
	free(placed);
	account->between = between;
	return 0;
}

int account_place_annotations(struct account *account)
{
	int r;

	if (account->annotation_count == 0)
		return 0;
	r = find_places(account);
	if (r == 0)
		r = tie_logons(account);
	if (r < 0)
		return r;
	qsort(account->annotations, account->annotation_count, sizeof *account->annotations,
	      compare_annotations);
	return sort_between(account);
}

bool account_annotation_precedes(const struct account *account, size_t number,
				 const struct account_item *item)
{
	const struct account_annotation *one = &account->annotations[account->between[number]];
	uint32_t boot = account_subject(account, item)->boot;

	if (one->boot != boot)
		return one->boot < boot;
	/* a boot comes before what happened in it, and what is about a record right after it */
	return item->kind != ACCOUNT_ITEM_BOOT && one->place < item->place;
}

const struct account_annotation *account_annotation_near(const struct account *account,
							 const struct account_item *item,
							 enum annotation_kind kind)
{
	const struct account_subject *subject = account_subject(account, item);
	uint64_t time = account_place(account, item->place)->time;
	const struct account_annotation wanted = {
		.kind = (uint8_t)kind,
		.session = subject->session,
		.boot = subject->boot,
		.time = time,
	};
	const struct account_annotation *list = account->annotations, *nearest = NULL;
	size_t low = 0, high = account->annotation_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_annotations(&list[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low > 0 ? low - 1 : 0; i <= low && i < account->annotation_count; i++)
		if (list[i].kind == kind && list[i].session == subject->session &&
		    list[i].boot == subject->boot &&
		    account_distance(list[i].time, time) <= account->window &&
		    (!nearest ||
		     account_distance(list[i].time, time) < account_distance(nearest->time, time)))
			nearest = &list[i];
	return nearest;
}
