/* SPDX-License-Identifier: MIT */
/* Where the log of the winlogons shows that a process was alive: the machine did not boot there. */
#include <errno.h>
#include <stdlib.h>

#include "account/aligner.h"

struct follower {
	struct account_names processes;
	uint32_t *last; /* by number of a process: records up to its last one; 0: it has ended */
	size_t gap;     /* records before the last gap: nothing is known of what was alive in it */
};

/* How many records come before a process was seen to be alive that is alive at record @index; 0:
 * that is not known. */
static int follow(struct follower *follower, const struct account_records *log, size_t index,
		  uint32_t *ret_since)
{
	const struct account_record *record = &log->list[index];
	uint32_t number, *last;
	int r = account_names_number(
		&follower->processes,
		text_of((const char *)&record->process, sizeof record->process), &number);

	if (r < 0)
		return r;
	last = &follower->last[number];
	*ret_since = record->event != SESSIONLINT_EVENT_CREATED && *last > follower->gap ? *last
											 : 0;
	*last = record->event == SESSIONLINT_EVENT_TERMINATED ? 0 : (uint32_t)index + 1;
	return 0;
}

/* Counts by how many records come before: first where processes begin to be alive, less where they
 * end. */
static int count_alive(struct follower *follower, const struct account_records *log,
		       uint32_t *alive)
{
	for (size_t i = 0; i < log->count; i++) {
		uint32_t since = 0;
		int r = 0;

		if (log->list[i].flags & ACCOUNT_AFTER_GAP)
			follower->gap = i;
		if (log->list[i].kind == ACCOUNT_EVENT)
			r = follow(follower, log, i, &since);
		if (r < 0)
			return r;
		alive[since]++;
		alive[since > 0 ? i + 1 : 0]--;
	}
	alive[0] = 0;
	for (size_t i = 1; i <= log->count; i++)
		alive[i] += alive[i - 1];
	return 0;
}

int aligner_find_alive(struct aligner *aligner)
{
	const struct account_records *log = &aligner->account->logs[ACCOUNT_LOG_WINLOGON];
	struct follower follower = { .gap = 0 };
	int r = -ENOMEM;

	account_names_init(&follower.processes);
	follower.last = calloc(log->count + 1, sizeof *follower.last);
	aligner->alive = calloc(log->count + 2, sizeof *aligner->alive);
	if (follower.last && aligner->alive)
		r = count_alive(&follower, log, aligner->alive);
	account_names_free(&follower.processes);
	free(follower.last);
	return r;
}
