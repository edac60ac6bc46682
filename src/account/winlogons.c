/* SPDX-License-Identifier: MIT */
/*
 * The sessions of winlogon processes. Winlogon/Operational names only the process, and a winlogon
 * process serves one session ("One machine, several logs"):
 *  - 7001 and 7002 of the System log name both;
 *  - otherwise a remote connection that was given to a session just before the process started.
 */
#include <errno.h>
#include <stdlib.h>

#include "account/internal.h"
#include "account/winlogons.h"

static int compare_winlogons(const void *a, const void *b)
{
	const struct winlogon *x = a, *y = b;

	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	if (x->process != y->process)
		return x->process < y->process ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

/* Collects one winlogon for each record; they are joined afterwards. */
static int collect_records(struct winlogons *winlogons)
{
	struct account *account = winlogons->account;
	const struct account_records *log = &account->logs[ACCOUNT_LOG_WINLOGON];

	if (log->count == 0)
		return 0;
	winlogons->list = malloc(log->count * sizeof *winlogons->list);
	if (!winlogons->list)
		return -ENOMEM;
	for (size_t i = 0; i < log->count; i++) {
		const struct account_record *record = &log->list[i];
		uint32_t place = account->order.places[ACCOUNT_LOG_WINLOGON][i];

		if (record->kind != ACCOUNT_EVENT)
			continue;
		winlogons->list[winlogons->count++] = (struct winlogon) {
			.boot = record->boot,
			.process = record->process,
			.first = place,
			.last = place,
			.session = ACCOUNT_NONE,
			.started = record->event == SESSIONLINT_EVENT_CREATED,
		};
	}
	qsort(winlogons->list, winlogons->count, sizeof *winlogons->list, compare_winlogons);
	return 0;
}

/* Joins the records of one process. Process ids are reused: a start begins another process, and so
 * does what follows an end. */
static void join_records(struct winlogons *winlogons)
{
	const struct account *account = winlogons->account;
	size_t count = 0;

	for (size_t i = 0; i < winlogons->count; i++) {
		const struct winlogon *one = &winlogons->list[i];
		struct winlogon *last = count > 0 ? &winlogons->list[count - 1] : NULL;

		if (last && last->boot == one->boot && last->process == one->process &&
		    !one->started &&
		    account_place(account, last->last)->event != SESSIONLINT_EVENT_TERMINATED)
			last->last = one->first;
		else
			winlogons->list[count++] = *one;
	}
	winlogons->count = count;
}

/* The number of the first winlogon that starts after @place, among those of @process in @boot: the
 * one before it can be of another process. */
static size_t find_after(const struct winlogons *winlogons, uint32_t boot, uint32_t process,
			 uint32_t place)
{
	const struct winlogon wanted = { .boot = boot, .process = process, .first = place };
	size_t low = 0, high = winlogons->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_winlogons(&winlogons->list[middle], &wanted) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How far @time is from the life of a process. */
static int64_t outside(const struct account *account, const struct winlogon *winlogon, int64_t time)
{
	int64_t first = account_time(account, winlogon->first);
	int64_t last = account_time(account, winlogon->last);

	if (time < first)
		return first - time;
	return time > last ? time - last : 0;
}

/* The process of a record of the System log: as a log can begin late, the nearest with that id. */
static struct winlogon *find_nearest(const struct winlogons *winlogons,
				     const struct account_record *record, uint32_t place)
{
	const struct account *account = winlogons->account;
	int64_t time = account_time(account, place);
	size_t after = find_after(winlogons, record->boot, record->process, place);
	struct winlogon *nearest = NULL;

	for (size_t at = after > 0 ? after - 1 : 0; at <= after && at < winlogons->count; at++) {
		struct winlogon *one = &winlogons->list[at];

		if (one->boot == record->boot && one->process == record->process &&
		    (!nearest || outside(account, one, time) < outside(account, nearest, time)))
			nearest = one;
	}
	return nearest;
}

/* Names the processes that records of the System log name together with a session. */
static void name_by_system(const struct winlogons *winlogons)
{
	const struct account *account = winlogons->account;
	const struct account_records *log = &account->logs[ACCOUNT_LOG_SYSTEM];

	for (size_t i = 0; i < log->count; i++) {
		const struct account_record *record = &log->list[i];
		struct winlogon *nearest;

		if (record->kind != ACCOUNT_EVENT || !record->process)
			continue;
		nearest = find_nearest(winlogons, record,
				       account->order.places[ACCOUNT_LOG_SYSTEM][i]);
		if (nearest && nearest->session == ACCOUNT_NONE)
			nearest->session = record->session;
	}
}

static int add_unnamed(struct account *account, const struct winlogon *winlogon)
{
	return account_add_note(
		account, ACCOUNT_ITEM_UNNAMED,
		(struct account_subject) { .boot = winlogon->boot, .session = winlogon->process },
		winlogon->first);
}

/* Gives the records of each process its session. */
static int give_sessions(struct winlogons *winlogons)
{
	struct account *account = winlogons->account;
	const struct account_records *log = &account->logs[ACCOUNT_LOG_WINLOGON];

	for (size_t i = 0; i < log->count; i++) {
		struct account_record *record = &log->list[i];
		uint32_t place = account->order.places[ACCOUNT_LOG_WINLOGON][i];

		if (record->kind != ACCOUNT_EVENT)
			continue;
		record->session =
			winlogons
				->list[find_after(winlogons, record->boot, record->process, place) -
				       1]
				.session;
		if (record->session == ACCOUNT_NONE) {
			record->session = record->process;
			record->flags |= ACCOUNT_UNNAMED;
		}
	}
	for (size_t i = 0; i < winlogons->count; i++) {
		int r = 0;

		if (winlogons->list[i].session == ACCOUNT_NONE)
			r = add_unnamed(account, &winlogons->list[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

int account_name_winlogons(struct account *account)
{
	struct winlogons winlogons = { .account = account };
	int r = collect_records(&winlogons);

	if (r == 0) {
		join_records(&winlogons);
		name_by_system(&winlogons);
		r = winlogons_name_by_connection(&winlogons);
	}
	if (r == 0)
		r = give_sessions(&winlogons);
	free(winlogons.list);
	return r;
}
