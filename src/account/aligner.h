/* SPDX-License-Identifier: MIT */
/* The steps of account_align(). */
#ifndef ACCOUNT_ALIGNER_H
#define ACCOUNT_ALIGNER_H

#include "account/account.h"

/* A record of the order that can be an anchor. */
struct keyed {
	uint64_t time;
	uint32_t place;
};

/* The records of one key, that is, of one thing to witness: from keyed[first] to before keyed[end].
 */
struct key_group {
	size_t first, end;
};

/* A pair of records, and the best chain that ends with it. */
struct anchor {
	uint32_t index; /* in the log that is being merged */
	uint32_t place; /* in the order so far */
	uint32_t worth;
	uint32_t before; /* in anchors, or ACCOUNT_NONE */
	uint64_t total;
};

/* A key that was looked up lately: records of a session come together. */
#define RECENT_KEYS 256U

struct recent_key {
	uint64_t key; /* 0: none */
	uint32_t group;
};

struct aligner {
	struct account *account;
	struct account_ref *order; /* the logs merged so far */
	size_t count;
	struct account_names keys; /* each the bytes of a key; they have the numbers of groups */
	struct recent_key recent[RECENT_KEYS];
	struct key_group *groups;
	size_t group_count, group_capacity;
	struct keyed *keyed;
	struct anchor *anchors;
	size_t anchor_count, anchor_capacity;
	/* while a log is merged: how many records of the order stretches have passed, by log */
	size_t passed;
	uint32_t passed_of[ACCOUNT_LOGS];
	/* by how many records of the winlogons' log come before: processes that are alive then.
	 * NULL: the clock was never set back */
	uint32_t *alive;
	/* a Fenwick tree over places: the anchor at which the best chain ends, or ACCOUNT_NONE */
	uint32_t *best;
};

/* ---- processes.c ---- */

/* Finds aligner->alive. -ENOMEM. */
int aligner_find_alive(struct aligner *aligner);

/* ---- anchors.c ---- */

/* Finds the best chain of anchors between a log and the order so far: the first *ret_count of
 * aligner->anchors. @likely: records with the same event can be anchors although the session of one
 * is not known. -ENOMEM. */
int aligner_find_chain(struct aligner *aligner, unsigned log, bool likely, size_t *ret_count);

/* ---- merge.c ---- */

/* Two stretches that are merged by time. */
struct merge {
	size_t place, place_end; /* in the order so far */
	size_t index, index_end; /* in the log */
	bool set_back;           /* the clock was set back just before */
};

/* Appends a record of the log. Between two records that are tied, it is tied to both. */
static inline void merge_append(struct account_ref *list, size_t *count, unsigned log, size_t index)
{
	list[*count] = (struct account_ref) {
		.log = log & 7,
		.index = (uint32_t)index & (ACCOUNT_RECORDS_MAX - 1),
		.tied = *count > 0 && list[*count - 1].tied,
	};
	(*count)++;
}

/* Merges a log into the order by its chain of @anchors anchors. -ENOMEM. */
int aligner_merge(struct aligner *aligner, unsigned log, size_t anchors);

/* Whether the clock runs backward in a log, from the record before number @first to number @end. */
static inline bool log_runs_back(const struct account *account, unsigned log, size_t first,
				 size_t end)
{
	const struct account_records *records = &account->logs[log];

	for (size_t i = first > 0 ? first : 1; i <= end && i < records->count; i++)
		if (records->list[i].time + account->window < records->list[i - 1].time)
			return true;
	return false;
}

/* ---- merge_exact.c ---- */

/* Whether the stretch is short enough for merge_exactly(). */
bool merge_is_short(struct merge merge);

/* Merges the stretch so that no log lacks what it should show, and the kernel does not boot while a
 * winlogon is alive, if that can be; then so that the clock is set back as seldom as it can be; and
 * then so that neighbors are close. -ENOMEM. */
int merge_exactly(struct aligner *aligner, unsigned log, struct merge merge,
		  struct account_ref *list, size_t *count);

/* The time of a record in the order. */
static inline uint64_t aligner_time(const struct aligner *aligner, size_t place)
{
	return account_at(aligner->account, aligner->order[place])->time;
}

#endif
