/* SPDX-License-Identifier: MIT */
/* Lists, compared with an array of what must be in them; each thing is in two lists. */
#include "base/list.h"
#include "random.h"
#include "tap.h"

#define THINGS 12
#define STEPS  20000

struct thing {
	struct thing *older, *newer;
	struct thing *left, *right;
};

static struct thing things[THINGS];

struct expected {
	struct thing *things[THINGS];
	unsigned count;
};

static bool has(const struct expected *expected, const struct thing *thing, unsigned *ret_at)
{
	for (unsigned i = 0; i < expected->count; i++)
		if (expected->things[i] == thing) {
			*ret_at = i;
			return true;
		}
	return false;
}

static void take_out(struct expected *expected, unsigned at)
{
	expected->count--;
	for (unsigned i = at; i < expected->count; i++)
		expected->things[i] = expected->things[i + 1];
}

/* Whether the list of ages is as expected, in both directions. */
static bool same_ages(const struct expected *expected, const struct thing *first,
		      const struct thing *last)
{
	for (unsigned i = 0; i < expected->count; i++, first = first->newer)
		if (first != expected->things[i])
			return false;
	for (unsigned i = expected->count; i > 0; i--, last = last->older)
		if (last != expected->things[i - 1])
			return false;
	return !first && !last;
}

static bool same_places(const struct expected *expected, const struct thing *first,
			const struct thing *last)
{
	for (unsigned i = 0; i < expected->count; i++, first = first->right)
		if (first != expected->things[i])
			return false;
	for (unsigned i = expected->count; i > 0; i--, last = last->left)
		if (last != expected->things[i - 1])
			return false;
	return !first && !last;
}

int main(void)
{
	struct thing *oldest = NULL, *newest = NULL, *leftmost = NULL, *rightmost = NULL;
	struct expected ages = { .count = 0 }, row = { .count = 0 };
	unsigned wrong = 0, longest = 0;

	for (unsigned step = 0; step < STEPS; step++) {
		struct thing *thing = &things[random_below(THINGS)];
		unsigned at;

		if (random_below(2)) {
			if (has(&ages, thing, &at)) {
				LIST_REMOVE(oldest, newest, thing, older, newer);
				take_out(&ages, at);
			} else {
				LIST_APPEND(oldest, newest, thing, older, newer);
				ages.things[ages.count++] = thing;
			}
		} else if (has(&row, thing, &at)) {
			LIST_REMOVE(leftmost, rightmost, thing, left, right);
			take_out(&row, at);
		} else {
			LIST_APPEND(leftmost, rightmost, thing, left, right);
			row.things[row.count++] = thing;
		}
		wrong += !same_ages(&ages, oldest, newest) ||
			 !same_places(&row, leftmost, rightmost);
		longest = ages.count > longest ? ages.count : longest;
	}
	tap_ok(wrong == 0, "both lists are as expected after each of %u steps", STEPS);
	tap_ok(longest > THINGS / 2, "they were long: %u things", longest);

	while (oldest) {
		struct thing *thing = oldest;

		LIST_REMOVE(oldest, newest, thing, older, newer);
	}
	tap_ok(!newest, "a list that lost its first thing again and again is empty");
	tap_ok(same_places(&row, leftmost, rightmost), "the other list is as it was");
	LIST_APPEND(oldest, newest, &things[0], older, newer);
	tap_ok(oldest == &things[0] && newest == &things[0] && !oldest->older && !oldest->newer,
	       "it can be filled again");
	return tap_done();
}
