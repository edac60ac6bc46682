/* SPDX-License-Identifier: MIT */
/*
 * Puts the records of all logs into one order that keeps the order of each log.
 *
 * Records of two logs that witness the same transition have times that differ by less than the
 * window, whatever the clock did before: such pairs are anchors. The longest chain of anchors, in
 * which both logs move forward, holds the two logs together; between two anchors records are
 * merged by time. A log is merged into those that were merged before it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account/internal.h"
#include "base/array.h"

/* How many records with the same key are considered for each record, those nearest in time. */
#define CANDIDATES_MAX 16U

/* The kernel's boot marker has the time at which the kernel started, the one of the session
 * manager that at which it started. */
#define BOOT_APART 6000000000U /* 10 min in 100 ns */

/* What an anchor is worth. The nearer in time, the better; but never worth another anchor. */
#define WORTH_MATCH  (1U << 16)
#define WORTH_NEAR   1024U
#define WORTH_LIKELY (1U << 12) /* the same event, but the session is not known */

enum key_kind {
	KEY_OF_SESSION = 1,
	KEY_OF_PROCESS,
	KEY_OF_BOOT,
	KEY_OF_EVENT
};

/* A record that can be an anchor, by what it witnesses. */
struct keyed {
	uint64_t key;
	uint64_t time;
	uint32_t place;
};

/* A pair of records, and the best chain that ends with it. */
struct anchor {
	uint32_t index; /* in the log that is being merged */
	uint32_t place; /* in the order so far */
	uint32_t worth;
	uint32_t before; /* in anchors, or ACCOUNT_NONE */
	uint64_t total;
};

struct aligner {
	struct account *account;
	struct account_ref *order; /* the logs merged so far */
	size_t count;
	struct keyed *keyed;
	size_t keyed_count, keyed_capacity;
	struct anchor *anchors;
	size_t anchor_count, anchor_capacity;
	/* a Fenwick tree over places: the anchor at which the best chain ends, or ACCOUNT_NONE */
	uint32_t *best;
};

static uint64_t key_of(enum key_kind kind, uint32_t what, uint32_t event)
{
	return (uint64_t)kind << 40 | (uint64_t)event << 32 | what;
}

/* The keys of a record; returns how many. @likely: also the one by event alone. */
static unsigned keys_of(const struct account_record *record, bool likely, uint64_t keys[3])
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
	return count;
}

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* Collects what the order so far has to offer. */
static int collect_keys(struct aligner *aligner, bool likely)
{
	aligner->keyed_count = 0;
	for (size_t place = 0; place < aligner->count; place++) {
		const struct account_record *record = account_at(aligner->account,
								 aligner->order[place]);
		uint64_t keys[3];
		unsigned count = keys_of(record, likely, keys);
		struct keyed *keyed;

		if (count == 0)
			continue;
		keyed = array_reserve(aligner->keyed, aligner->keyed_count, count,
				      &aligner->keyed_capacity, sizeof *keyed);
		if (!keyed)
			return -ENOMEM;
		aligner->keyed = keyed;
		for (unsigned i = 0; i < count; i++)
			keyed[aligner->keyed_count++] = (struct keyed) {
				.key = keys[i],
				.time = record->time,
				.place = (uint32_t)place,
			};
	}
	if (aligner->keyed_count > 0)
		qsort(aligner->keyed, aligner->keyed_count, sizeof *aligner->keyed, compare_keyed);
	return 0;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a < b ? b - a : a - b;
}

/* The first of aligner->keyed that is not before @key at @time. */
static size_t find_key(const struct aligner *aligner, uint64_t key, uint64_t time)
{
	const struct keyed wanted = { .key = key, .time = time };
	size_t low = 0, high = aligner->keyed_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_keyed(&aligner->keyed[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int add_anchor(struct aligner *aligner, uint32_t index, const struct keyed *keyed,
		      uint64_t apart, uint64_t limit)
{
	bool likely = keyed->key >> 40 == KEY_OF_EVENT;
	struct anchor *anchors = array_grow(aligner->anchors, aligner->anchor_count,
					    &aligner->anchor_capacity, sizeof *anchors);

	if (!anchors)
		return -ENOMEM;
	aligner->anchors = anchors;
	anchors[aligner->anchor_count++] = (struct anchor) {
		.index = index,
		.place = keyed->place,
		.worth = (likely ? WORTH_LIKELY : WORTH_MATCH) + WORTH_NEAR -
			 (uint32_t)(apart * WORTH_NEAR / (limit + 1)),
	};
	return 0;
}

/* Adds the anchors of a record with the nearest records of one key. */
static int add_anchors_of_key(struct aligner *aligner, uint32_t index, uint64_t time, uint64_t key)
{
	uint64_t limit = key >> 40 == KEY_OF_BOOT ? BOOT_APART : aligner->account->window;
	size_t after = find_key(aligner, key, time), before = after;

	for (unsigned i = 0; i < CANDIDATES_MAX; i++) {
		const struct keyed *earlier = before > 0 ? &aligner->keyed[before - 1] : NULL;
		const struct keyed *later = after < aligner->keyed_count ? &aligner->keyed[after]
									 : NULL;
		const struct keyed *next;
		int r;

		if (earlier && (earlier->key != key || time - earlier->time > limit))
			earlier = NULL;
		if (later && (later->key != key || later->time - time > limit))
			later = NULL;
		if (!earlier && !later)
			break;
		next = !later || (earlier && time - earlier->time < later->time - time) ? earlier
											: later;
		if (next == earlier)
			before--;
		else
			after++;
		r = add_anchor(aligner, index, next, distance(next->time, time), limit);
		if (r < 0)
			return r;
	}
	return 0;
}

/* For the chain: by record, and from later places to earlier ones, so that no record is in it
 * twice. */
static int compare_anchors(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	if (x->place != y->place)
		return x->place > y->place ? -1 : 1;
	return x->worth > y->worth ? -1 : x->worth < y->worth;
}

static int collect_anchors(struct aligner *aligner, unsigned log, bool likely)
{
	const struct account_records *records = &aligner->account->logs[log];

	aligner->anchor_count = 0;
	for (size_t i = 0; i < records->count; i++) {
		uint64_t keys[3];
		unsigned count = keys_of(&records->list[i], likely, keys);

		for (unsigned k = 0; k < count; k++) {
			int r = add_anchors_of_key(aligner, (uint32_t)i, records->list[i].time,
						   keys[k]);

			if (r < 0)
				return r;
		}
	}
	if (aligner->anchor_count > 0)
		qsort(aligner->anchors, aligner->anchor_count, sizeof *aligner->anchors,
		      compare_anchors);
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

/* Two stretches that are merged by time. */
struct merge {
	size_t place, place_end; /* in the order so far */
	size_t index, index_end; /* in the log */
	bool set_back;           /* the clock was set back just before */
};

/* Whether the record of the log comes before that of the order: the one that makes the clock run
 * backward waits, and otherwise the later one. */
static bool log_is_first(uint64_t last, uint64_t window, uint64_t ordered, uint64_t logged)
{
	bool ordered_back = ordered + window < last, logged_back = logged + window < last;

	if (ordered_back != logged_back)
		return ordered_back;
	return logged < ordered;
}

static void merge_stretch(struct aligner *aligner, unsigned log, struct merge merge,
			  struct account_ref *list, size_t *count)
{
	const struct account *account = aligner->account;

	for (bool begun = !merge.set_back && *count > 0;
	     merge.place < merge.place_end || merge.index < merge.index_end; begun = true) {
		bool logged = merge.place == merge.place_end;

		if (!logged && merge.index < merge.index_end)
			logged = log_is_first(
				begun ? account_at(account, list[*count - 1])->time : 0,
				account->window,
				account_at(account, aligner->order[merge.place])->time,
				account->logs[log].list[merge.index].time);
		if (logged)
			list[(*count)++] = (struct account_ref) {
				.log = log & 7,
				.index = (uint32_t)merge.index++ & (ACCOUNT_RECORDS_MAX - 1),
			};
		else
			list[(*count)++] = aligner->order[merge.place++];
	}
}

static uint64_t ordered_time(const struct aligner *aligner, size_t place)
{
	return account_at(aligner->account, aligner->order[place])->time;
}

/* ---- stretches in which the clock runs backward ---- */

/* Places of the order between two of which the clock does not run backward. */
struct leg {
	size_t place;         /* of its first record */
	uint64_t first, last; /* times: the earliest and the latest */
	uint64_t cost;        /* of the best way to have the records so far, the last one in it */
};

/* More of them in one stretch are not told apart. */
#define LEGS_MAX 64U

/* Finds the legs of a stretch, which the records before and after it belong to as well: their
 * number, or 1 if there are too many. */
static unsigned find_legs(const struct aligner *aligner, struct merge merge,
			  struct leg legs[LEGS_MAX])
{
	uint64_t window = aligner->account->window;
	size_t place = merge.place > 0 ? merge.place - 1 : 0;
	unsigned count = 0;

	for (; place < aligner->count && place <= merge.place_end; place++) {
		uint64_t time = ordered_time(aligner, place);
		struct leg *leg = &legs[count > 0 ? count - 1 : 0];

		if (count == 0 || time + window < leg->last) {
			if (count == LEGS_MAX)
				return 1;
			legs[count++] =
				(struct leg) { .place = place, .first = time, .last = time };
			continue;
		}
		leg->first = time < leg->first ? time : leg->first;
		leg->last = time > leg->last ? time : leg->last;
	}
	return count;
}

/* How far a time is from those of a leg. */
static uint64_t off_leg(const struct leg *leg, uint64_t time)
{
	if (time < leg->first)
		return leg->first - time;
	return time > leg->last ? time - leg->last : 0;
}

static uint64_t add_costs(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Adds a record of the log: it is in the leg of the one before it, where the clock ran backward by
 * @back, or in a later one. Notes by leg in which one the record before it is. */
static void add_to_legs(struct leg *legs, unsigned count, uint64_t time, uint64_t back,
			uint8_t *from)
{
	uint64_t best = UINT64_MAX;
	unsigned best_leg = 0;

	for (unsigned i = 0; i < count; i++) {
		uint64_t stays = add_costs(legs[i].cost, back);
		bool moves = best < stays;
		uint64_t cost = add_costs(moves ? best : stays, off_leg(&legs[i], time));

		from[i] = (uint8_t)(moves ? best_leg : i);
		if (legs[i].cost < best) {
			best = legs[i].cost;
			best_leg = i;
		}
		legs[i].cost = cost;
	}
}

/* Finds out where the legs begin in the log: the cheapest way to divide its records among them. */
static void divide(const struct aligner *aligner, unsigned log, struct merge merge,
		   struct leg *legs, unsigned count, uint8_t *from, size_t begins[LEGS_MAX])
{
	const struct account_record *list = aligner->account->logs[log].list;
	uint64_t window = aligner->account->window;
	unsigned leg = 0;

	for (size_t i = merge.index; i < merge.index_end; i++) {
		uint64_t before = i > merge.index ? list[i - 1].time : 0;
		uint64_t back = list[i].time + window < before ? before - list[i].time : 0;

		add_to_legs(legs, count, list[i].time, back, from + (i - merge.index) * count);
	}
	for (unsigned i = 1; i < count; i++)
		leg = legs[i].cost <= legs[leg].cost ? i : leg;
	for (unsigned i = leg + 1; i < count; i++)
		begins[i] = merge.index_end;
	for (size_t i = merge.index_end; i > merge.index; i--) {
		unsigned earlier = from[(i - 1 - merge.index) * count + leg];

		for (; leg > earlier; leg--)
			begins[leg] = i - 1;
	}
	for (; leg > 0; leg--)
		begins[leg] = merge.index;
}

/*
 * Merges what is between two anchors. Where the clock runs backward, equal times mean nothing, so
 * the records of the log are divided among the legs first.
 */
static int merge_between(struct aligner *aligner, unsigned log, struct merge merge,
			 struct account_ref *list, size_t *count)
{
	struct leg legs[LEGS_MAX];
	size_t begins[LEGS_MAX];
	unsigned leg_count = find_legs(aligner, merge, legs);
	uint8_t *from;

	if (leg_count < 2 || merge.index == merge.index_end) {
		merge_stretch(aligner, log, merge, list, count);
		return 0;
	}
	from = malloc((merge.index_end - merge.index) * leg_count);
	if (!from)
		return -ENOMEM;
	divide(aligner, log, merge, legs, leg_count, from, begins);
	for (unsigned i = 0; i < leg_count; i++) {
		bool last = i + 1 == leg_count;
		struct merge part = {
			.place = i == 0 ? merge.place : legs[i].place,
			.place_end = last ? merge.place_end : legs[i + 1].place,
			.index = i == 0 ? merge.index : begins[i],
			.index_end = last ? merge.index_end : begins[i + 1],
			.set_back = i > 0,
		};

		merge_stretch(aligner, log, part, list, count);
	}
	free(from);
	return 0;
}

/* Merges a log into the order by its chain of anchors. */
static int merge_log(struct aligner *aligner, unsigned log, size_t anchors)
{
	const struct account_records *records = &aligner->account->logs[log];
	struct account_ref *list = malloc((aligner->count + records->count) * sizeof *list);
	struct merge merge = { 0 };
	size_t count = 0;
	int r = 0;

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i <= anchors; i++) {
		bool end = i == anchors;

		merge.place_end = end ? aligner->count : aligner->anchors[i].place;
		merge.index_end = end ? records->count : aligner->anchors[i].index;
		r = merge_between(aligner, log, merge, list, &count);
		if (r < 0 || end)
			break;
		merge.place = merge.place_end;
		merge.index = merge.index_end;
		/* the two records of an anchor are neighbours */
		merge.place_end++;
		merge.index_end++;
		merge_stretch(aligner, log, merge, list, &count);
		merge.place = merge.place_end;
		merge.index = merge.index_end;
	}
	if (r < 0) {
		free(list);
		return r;
	}
	free(aligner->order);
	aligner->order = list;
	aligner->count = count;
	return 0;
}

static int align_log(struct aligner *aligner, unsigned log)
{
	/* the session of a winlogon process may be known from one of its records only */
	bool likely = log == ACCOUNT_LOG_WINLOGON;
	uint32_t *best;
	size_t anchors = 0;
	int r = 0;

	if (aligner->account->logs[log].count == 0)
		return 0;
	if (aligner->count > 0) {
		best = realloc(aligner->best, (aligner->count + 1) * sizeof *best);
		if (!best)
			return -ENOMEM;
		aligner->best = best;
		r = collect_keys(aligner, likely);
		if (r == 0)
			r = collect_anchors(aligner, log, likely);
		if (r < 0)
			return r;
		anchors = find_chain(aligner);
	}
	return merge_log(aligner, log, anchors);
}

static int add_jump(struct account *account, uint32_t place, uint64_t size)
{
	struct account_jump *jumps = array_grow(account->jumps, account->jump_count,
						&account->jump_capacity, sizeof *jumps);

	if (!jumps)
		return -ENOMEM;
	account->jumps = jumps;
	jumps[account->jump_count++] = (struct account_jump) { .place = place, .size = size };
	return 0;
}

/* Straightens the clock: where it ran backward, all later times are moved forward. */
static int straighten_times(struct account *account)
{
	struct account_order *order = &account->order;
	uint64_t latest = 0, moved = 0;

	for (size_t place = 0; place < order->count; place++) {
		const struct account_record *record = account_place(account, (uint32_t)place);

		if (record->time + account->window < latest && !(record->flags & ACCOUNT_UNTIMED)) {
			int r = add_jump(account, (uint32_t)place, latest - record->time);

			if (r < 0)
				return r;
			moved += latest - record->time;
			latest = record->time;
		} else if (record->time > latest) {
			latest = record->time;
		}
		order->times[place] = (int64_t)(record->time + moved);
	}
	return 0;
}

static int number_places(struct account *account)
{
	struct account_order *order = &account->order;

	order->times = malloc((order->count + 1) * sizeof *order->times);
	if (!order->times)
		return -ENOMEM;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		order->places[log] =
			malloc((account->logs[log].count + 1) * sizeof *order->places[log]);
		if (!order->places[log])
			return -ENOMEM;
	}
	for (size_t place = 0; place < order->count; place++) {
		struct account_ref ref = order->list[place];

		order->places[ref.log][ref.index] = (uint32_t)place;
	}
	return straighten_times(account);
}

int account_align(struct account *account)
{
	struct aligner aligner = { .account = account };
	int r = 0;

	for (unsigned log = 0; r == 0 && log < ACCOUNT_LOGS; log++)
		r = align_log(&aligner, log);
	account->order.list = aligner.order;
	account->order.count = aligner.count;
	free(aligner.keyed);
	free(aligner.anchors);
	free(aligner.best);
	return r < 0 ? r : number_places(account);
}
