/* SPDX-License-Identifier: MIT */
/*
 * The boots of the machine. The System log and that of the session manager mark them, each at a
 * place of its own; a log without markers follows them.
 */
#include <errno.h>
#include <stdlib.h>

#include "account/internal.h"

/* Where only the session manager marks a boot, a winlogon can have started this long before. */
#define STARTS_BEFORE 150000000

/* The boot that the last record of each log belongs to, and where markers of a boot are. */
struct boots {
	uint32_t *markers[ACCOUNT_LOGS]; /* by boot: the place of the log's marker, or NONE */
	uint32_t count;                  /* of boots */
	bool used;                       /* something happened to a session in the last one */
};

/* Whether the marker of @log at @place is of the boot that another log has marked just before. The
 * kernel is first, by the clock, and nobody uses a session before the session manager is there. */
static bool same_boot(const struct account *account, const struct boots *boots, unsigned log,
		      uint32_t place)
{
	bool kernel_first = log == ACCOUNT_LOG_LSM;
	uint32_t marker;

	if (boots->count == 0 || boots->markers[log][boots->count] != ACCOUNT_NONE ||
	    (kernel_first && boots->used))
		return false;
	marker = boots->markers[kernel_first ? ACCOUNT_LOG_SYSTEM : ACCOUNT_LOG_LSM][boots->count];
	return marker != ACCOUNT_NONE &&
	       account_time(account, place) - account_time(account, marker) <=
		       (kernel_first ? ACCOUNT_MARKERS_APART : (int64_t)account->window);
}

/* Numbers the boots by their markers, from 1. */
static void number_boots(struct account *account, struct boots *boots)
{
	struct account_order *order = &account->order;

	for (uint32_t place = 0; place < order->count; place++) {
		struct account_record *record = account_place(account, place);
		unsigned log = order->list[place].log;

		if (record->kind == ACCOUNT_BOOT && account_log_has_boots(log)) {
			if (!same_boot(account, boots, log, place)) {
				account->begins[++boots->count] = place;
				boots->used = false;
				for (unsigned i = 0; i < ACCOUNT_LOGS; i++)
					if (account_log_has_boots(i))
						boots->markers[i][boots->count] = ACCOUNT_NONE;
			}
			boots->markers[log][boots->count] = place;
		}
		boots->used |= record->kind == ACCOUNT_EVENT &&
			       record->event != SESSIONLINT_EVENT_CREATED;
		record->boot = boots->count;
	}
	account->boots = boots->count;
}

/* Whether a record without a marker of its own is of the next boot: the winlogon that it is about
 * started just before the session manager marked the boot. */
static bool starts_next(const struct account *account, const struct boots *boots, uint32_t place)
{
	const struct account_record *record = account_place(account, place);
	const struct account_record *marker;
	uint32_t next = record->boot + 1;

	if (next > boots->count || boots->markers[ACCOUNT_LOG_LSM][next] == ACCOUNT_NONE)
		return false;
	marker = account_place(account, boots->markers[ACCOUNT_LOG_LSM][next]);
	/* also by the clock as it was: if it was set between them, nobody knows if they are close
	 */
	return record->kind == ACCOUNT_EVENT && record->event == SESSIONLINT_EVENT_CREATED &&
	       boots->markers[ACCOUNT_LOG_SYSTEM][next] == ACCOUNT_NONE &&
	       record->time <= marker->time && marker->time - record->time <= STARTS_BEFORE &&
	       account_time(account, boots->markers[ACCOUNT_LOG_LSM][next]) -
			       account_time(account, place) <=
		       STARTS_BEFORE;
}

/* Moves records that are between the markers of two logs: a log's own marker counts. */
static void correct_boots(struct account *account, const struct boots *boots)
{
	const struct account_order *order = &account->order;

	for (uint32_t place = 0; place < order->count; place++) {
		struct account_record *record = account_place(account, place);
		unsigned log = order->list[place].log;

		if (account_log_has_boots(log)) {
			uint32_t marker = record->boot > 0 ? boots->markers[log][record->boot]
							   : ACCOUNT_NONE;

			if (marker != ACCOUNT_NONE && place < marker)
				record->boot--;
		} else if (starts_next(account, boots, place)) {
			record->boot++;
		}
	}
}

int account_find_boots(struct account *account)
{
	struct boots boots = { .count = 0 };
	size_t markers = 1;
	int r = 0;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		for (size_t i = 0; i < account->logs[log].count; i++)
			markers += account->logs[log].list[i].kind == ACCOUNT_BOOT;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		if (!account_log_has_boots(log))
			continue;
		boots.markers[log] = malloc(markers * sizeof *boots.markers[log]);
		if (!boots.markers[log])
			r = -ENOMEM;
		else
			boots.markers[log][0] = ACCOUNT_NONE;
	}
	account->begins = calloc(markers + 1, sizeof *account->begins);
	if (!account->begins)
		r = -ENOMEM;
	if (r == 0) {
		number_boots(account, &boots);
		correct_boots(account, &boots);
	}
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		free(boots.markers[log]);
	return r;
}
