/* SPDX-License-Identifier: MIT */
/*
 * Pairs of records that can be witnesses of one transition, and their best chain.
 */
#include "account/aligner.h"
#include "account/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* How many records with the same key are considered for each record, those nearest in time. */
#define CANDIDATES_MAX 16U

/* What an anchor is worth. The nearer in time, the better; but never worth another anchor. */
#define WORTH_MATCH  (1U << 16)
#define WORTH_NEAR   1024U
#define WORTH_LIKELY (1U << 12) /* it is not certain that they belong together */

enum key_kind {
	KEY_OF_SESSION = 1,
	KEY_OF_PROCESS,
	KEY_OF_BOOT,
	KEY_OF_EVENT, /* the session of one of the two is not known */
	KEY_OF_START, /* a remote connection, and the winlogon that starts for it */
};

/* Keys of one record. */
#define KEYS_MAX 4

/* A key has the number of a session or process, 32 bits, and above that its kind and event. */
static uint64_t key_of(enum key_kind kind, uint32_t what, uint32_t event)
{
	return (uint64_t)(kind * MODEL_EVENTS + event) << 32 | what;
}

static enum key_kind kind_of(uint64_t key)
{
	return (enum key_kind)((key >> 32) / MODEL_EVENTS);
}

/* Whether two records with a key of that kind belong together by all that is known: the session of
 * both is, and they are no further apart than such records usually are. */
static bool is_certain(uint64_t key, uint64_t apart, uint64_t window)
{
	enum key_kind kind = kind_of(key);
	unsigned event = (unsigned)(key >> 32) % MODEL_EVENTS;

	if (kind >= KEY_OF_EVENT)
		return false;
	return apart <= (kind == KEY_OF_BOOT ? window : account_apart(event));
}

/* The keys of a record; returns how many. @likely: also the one by event alone. */
static unsigned keys_of(const struct account_record *record, unsigned log, bool likely,
			uint64_t keys[KEYS_MAX])
{
	unsigned count = 0;

	if (record->kind == ACCOUNT_BOOT)
		keys[count++] = key_of(KEY_OF_BOOT, 0, 0);
	if (record->kind != ACCOUNT_EVENT)
		return count;
	if (record->session != ACCOUNT_NONE)
		keys[count++] = key_of(KEY_OF_SESSION, record->session, record->event);
	if (record->process)
		keys[count++] = key_of(KEY_OF_PROCESS, record->process, record->event);
	if (likely)
		keys[count++] = key_of(KEY_OF_EVENT, 0, record->event);
	if (log == ACCOUNT_LOG_RDP ||
	    (log == ACCOUNT_LOG_WINLOGON && record->event == SESSIONLINT_EVENT_CREATED))
		keys[count++] = key_of(KEY_OF_START, 0, 0);
	return count;
}

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* The group of a key, which is added if it is new. -ENOMEM. */
static int find_group(struct aligner *aligner, uint64_t key, uint32_t *ret_number)
{
	struct recent_key *recent = &aligner->recent[(key ^ key >> 28) % RECENT_KEYS];
	struct key_group *groups;
	uint32_t number;
	int r;

	if (recent->key == key) {
		*ret_number = recent->group;
		return 0;
	}
	r = account_names_number(&aligner->keys, text_of((const char *)&key, sizeof key), &number);
	if (r < 0)
		return r;
	*ret_number = number - 1;
	*recent = (struct recent_key) { .key = key, .group = number - 1 };
	if (number <= aligner->group_count)
		return 0;
	groups = array_grow(aligner->groups, aligner->group_count, &aligner->group_capacity,
			    sizeof *groups);
	if (!groups)
		return -ENOMEM;
	aligner->groups = groups;
	groups[aligner->group_count++] = (struct key_group) { 0, 0 };
	return 0;
}

/* Calls @visit for each key of the order so far, with its place. */
static int visit_keys(struct aligner *aligner, bool likely,
		      void (*visit)(struct aligner *aligner, struct key_group *group,
				    uint32_t place))
{
	for (size_t place = 0; place < aligner->count; place++) {
		uint64_t keys[KEYS_MAX];
		unsigned count = keys_of(account_at(aligner->account, aligner->order[place]),
					 aligner->order[place].log, likely, keys);

		for (unsigned i = 0; i < count; i++) {
			uint32_t number;
			int r = find_group(aligner, keys[i], &number);

			if (r < 0)
				return r;
			visit(aligner, &aligner->groups[number], (uint32_t)place);
		}
	}
	return 0;
}

static void count_key(struct aligner *aligner, struct key_group *group, uint32_t place)
{
	(void)aligner;
	(void)place;
	group->end++;
}

static void add_key(struct aligner *aligner, struct key_group *group, uint32_t place)
{
	aligner->keyed[group->end++] = (struct keyed) {
		.time = aligner_time(aligner, place),
		.place = place,
	};
}

/* Sorts the records of a group by time: mostly they are. */
static void sort_group(struct aligner *aligner, const struct key_group *group)
{
	struct keyed *list = aligner->keyed + group->first;
	size_t count = group->end - group->first, sorted = 1;

	while (sorted < count && compare_keyed(&list[sorted - 1], &list[sorted]) < 0)
		sorted++;
	if (sorted < count)
		qsort(list, count, sizeof *list, compare_keyed);
}

/* Collects what the order so far has to offer, by key. */
static int collect_keys(struct aligner *aligner, bool likely)
{
	struct keyed *keyed;
	size_t total = 0;
	int r;

	account_names_free(&aligner->keys);
	account_names_init(&aligner->keys);
	memset(aligner->recent, 0, sizeof aligner->recent);
	aligner->group_count = 0;
	r = visit_keys(aligner, likely, count_key);
	if (r < 0)
		return r;
	for (size_t i = 0; i < aligner->group_count; i++) {
		struct key_group *group = &aligner->groups[i];
		size_t count = group->end;

		group->first = group->end = total;
		total += count;
	}
	keyed = realloc(aligner->keyed, (total + 1) * sizeof *keyed);
	if (!keyed)
		return -ENOMEM;
	aligner->keyed = keyed;
	r = visit_keys(aligner, likely, add_key);
	for (size_t i = 0; r == 0 && i < aligner->group_count; i++)
		sort_group(aligner, &aligner->groups[i]);
	return r;
}

/* The first record of a group that is not before @time. */
static size_t find_time(const struct aligner *aligner, const struct key_group *group, uint64_t time)
{
	size_t low = group->first, high = group->end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (aligner->keyed[middle].time < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int add_anchor(struct aligner *aligner, uint32_t index, uint32_t place, uint64_t key,
		      uint64_t apart, uint64_t limit)
{
	bool certain = is_certain(key, apart, aligner->account->window);
	struct anchor *anchors = array_grow(aligner->anchors, aligner->anchor_count,
					    &aligner->anchor_capacity, sizeof *anchors);

	if (!anchors)
		return -ENOMEM;
	aligner->anchors = anchors;
	anchors[aligner->anchor_count++] = (struct anchor) {
		.index = index,
		.place = place,
		.worth = (certain ? WORTH_MATCH : WORTH_LIKELY) + WORTH_NEAR -
			 (uint32_t)(apart * WORTH_NEAR / (limit + 1)),
	};
	return 0;
}

/* How far the times of two records with a key of that kind can be apart. @log: that of the later
 * one. The session manager marks a boot after the kernel, and a winlogon starts after its
 * connection.
 */
static uint64_t limit_of(enum key_kind kind, unsigned log, uint64_t window)
{
	if (kind == KEY_OF_BOOT)
		return log == ACCOUNT_LOG_LSM ? ACCOUNT_MARKERS_APART : window;
	if (kind != KEY_OF_START)
		return window;
	return log == ACCOUNT_LOG_WINLOGON ? ACCOUNT_CONNECTED_BEFORE : ACCOUNT_CONNECTED_AFTER;
}

/* The same if the record of the order is the later one: it is of the other log that has such keys.
 */
static uint64_t limit_of_other(const struct aligner *aligner, enum key_kind kind, unsigned log)
{
	unsigned other = log;

	if (kind == KEY_OF_BOOT)
		other = log == ACCOUNT_LOG_LSM ? ACCOUNT_LOG_SYSTEM : ACCOUNT_LOG_LSM;
	else if (kind == KEY_OF_START)
		other = log == ACCOUNT_LOG_RDP ? ACCOUNT_LOG_WINLOGON : ACCOUNT_LOG_RDP;
	return limit_of(kind, other, aligner->account->window);
}

/* Adds the anchors of a record with the nearest records of one key. */
static int add_anchors_of_key(struct aligner *aligner, unsigned log, uint32_t index, uint64_t time,
			      uint64_t key)
{
	uint64_t limit = limit_of_other(aligner, kind_of(key), log);
	uint64_t limit_earlier = limit_of(kind_of(key), log, aligner->account->window);
	const struct key_group *group;
	size_t after, before;
	uint32_t number;
	int r = find_group(aligner, key, &number);

	if (r < 0)
		return r;
	group = &aligner->groups[number];
	after = before = find_time(aligner, group, time);
	for (unsigned i = 0; i < CANDIDATES_MAX; i++) {
		const struct keyed *earlier = before > group->first ? &aligner->keyed[before - 1]
								    : NULL;
		const struct keyed *later = after < group->end ? &aligner->keyed[after] : NULL;
		const struct keyed *next;

		if (earlier && time - earlier->time > limit_earlier)
			earlier = NULL;
		if (later && later->time - time > limit)
			later = NULL;
		if (!earlier && !later)
			break;
		next = !later || (earlier && time - earlier->time < later->time - time) ? earlier
											: later;
		if (next == earlier)
			before--;
		else
			after++;
		r = add_anchor(aligner, index, next->place, key, account_distance(next->time, time),
			       next == earlier ? limit_earlier : limit);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Sorts the anchors of one record for the chain: from later places to earlier ones, so that no
 * record is in it twice. They are few. Of those with one place only the best is kept: how many. */
static size_t sort_anchors(struct anchor *anchors, size_t count)
{
	size_t kept = 0;

	for (size_t i = 1; i < count; i++) {
		struct anchor one = anchors[i];
		size_t at = i;

		for (; at > 0 &&
		       (anchors[at - 1].place < one.place ||
			(anchors[at - 1].place == one.place && anchors[at - 1].worth < one.worth));
		     at--)
			anchors[at] = anchors[at - 1];
		anchors[at] = one;
	}
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || anchors[kept - 1].place != anchors[i].place)
			anchors[kept++] = anchors[i];
	return kept;
}

/* Collects the anchors of all records, in the order for the chain. */
static int collect_anchors(struct aligner *aligner, unsigned log, bool likely)
{
	const struct account_records *records = &aligner->account->logs[log];

	aligner->anchor_count = 0;
	for (size_t i = 0; i < records->count; i++) {
		uint64_t keys[KEYS_MAX];
		unsigned count = keys_of(&records->list[i], log, likely, keys);
		size_t first = aligner->anchor_count;

		for (unsigned k = 0; k < count; k++) {
			int r = add_anchors_of_key(aligner, log, (uint32_t)i, records->list[i].time,
						   keys[k]);

			if (r < 0)
				return r;
		}
		aligner->anchor_count = first + sort_anchors(aligner->anchors + first,
							     aligner->anchor_count - first);
	}
	return 0;
}

/* The best chain that ends before @place. */
static uint32_t best_before(const struct aligner *aligner, uint32_t place)
{
	uint32_t best = ACCOUNT_NONE;

	for (uint32_t i = place; i > 0; i &= i - 1) {
		uint32_t one = aligner->best[i];

		if (one != ACCOUNT_NONE &&
		    (best == ACCOUNT_NONE ||
		     aligner->anchors[one].total > aligner->anchors[best].total))
			best = one;
	}
	return best;
}

static void best_add(struct aligner *aligner, uint32_t place, uint32_t anchor)
{
	for (size_t i = (size_t)place + 1; i <= aligner->count; i += i & (~i + 1)) {
		uint32_t *one = &aligner->best[i];

		if (*one == ACCOUNT_NONE ||
		    aligner->anchors[anchor].total > aligner->anchors[*one].total)
			*one = anchor;
	}
}

/* Finds the best chain, and moves its anchors to the front, in order: their number. */
static size_t find_chain(struct aligner *aligner)
{
	struct anchor *anchors = aligner->anchors;
	uint32_t last = ACCOUNT_NONE;
	size_t length = 0;

	for (size_t i = 0; i <= aligner->count; i++)
		aligner->best[i] = ACCOUNT_NONE;
	for (size_t i = 0; i < aligner->anchor_count; i++) {
		struct anchor *anchor = &anchors[i];

		anchor->before = best_before(aligner, anchor->place);
		anchor->total = anchor->worth;
		if (anchor->before != ACCOUNT_NONE)
			anchor->total += anchors[anchor->before].total;
		best_add(aligner, anchor->place, (uint32_t)i);
	}
	if (aligner->anchor_count > 0)
		last = best_before(aligner, (uint32_t)aligner->count);
	for (uint32_t i = last; i != ACCOUNT_NONE; i = anchors[i].before)
		length++;
	for (size_t at = length; at > 0; at--) {
		struct anchor anchor = anchors[last];

		/* those before it are at smaller numbers, so nothing needed is overwritten */
		anchors[aligner->anchor_count - 1 - (length - at)] = anchor;
		last = anchor.before;
	}
	if (length > 0)
		memmove(anchors, anchors + aligner->anchor_count - length,
			length * sizeof *anchors);
	return length;
}

int aligner_find_chain(struct aligner *aligner, unsigned log, bool likely, size_t *ret_count)
{
	uint32_t *best = realloc(aligner->best, (aligner->count + 1) * sizeof *best);
	int r;

	if (!best)
		return -ENOMEM;
	aligner->best = best;
	r = collect_keys(aligner, likely);
	if (r == 0)
		r = collect_anchors(aligner, log, likely);
	if (r == 0)
		*ret_count = find_chain(aligner);
	return r;
}
