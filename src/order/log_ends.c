/* SPDX-License-Identifier: MIT */
#include "order/log_ends.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void ends_free(struct ends *ends)
{
	for (uint32_t i = 0; i < ends->count; i++)
		free(ends->list[i].name);
	free(ends->list);
	*ends = (struct ends) { .list = NULL };
}

/* Whether the first record of the second log follows the last one of the first. */
static bool goes_on(const struct reader_extent *first, const struct reader_extent *second)
{
	return first->last > 0 && second->first == first->last + 1 &&
	       first->last_channel == second->channel && first->last_computer == second->computer;
}

/* Whether two logs of one computer are of different channels. */
static bool is_related(const struct reader_extent *a, const struct reader_extent *b)
{
	return a->channel != b->channel && a->computer != 0 &&
	       (a->computer == b->computer || a->last_computer == b->last_computer ||
		a->computer == b->last_computer || a->last_computer == b->computer);
}

void ends_add(struct ends *ends, const char *name, const struct reader_extent *extent)
{
	struct end *added, *grown;

	ends->earlier = ends->later = NULL;
	if (extent->first == 0 || ends->count == ENDS_MAX)
		return;
	grown = array_grow(ends->list, ends->count, &ends->capacity, sizeof *grown);
	if (!grown)
		return;
	ends->list = grown;
	added = &ends->list[ends->count];
	*added = (struct end) { .name = strdup(name), .extent = *extent };
	if (!added->name)
		return;
	for (uint32_t i = 0; i < ends->count; i++) {
		const struct end *other = &ends->list[i];
		bool before = goes_on(&other->extent, extent);

		ends->related |= is_related(&other->extent, extent);
		if (!before && !goes_on(extent, &other->extent))
			continue;
		if (ends->earlier)
			continue;
		ends->earlier = before ? other->name : added->name;
		ends->later = before ? added->name : other->name;
	}
	ends->count++;
}

void ends_follow_unnumbered(struct reader_extent *extent)
{
	extent->channel = extent->last_channel = 1;
}

void ends_follow(struct reader_extent *extent, const struct batch *batch)
{
	const struct record *first = &batch->records[0], *last = &batch->records[batch->count - 1];

	/* check only these two: most traces are long and have no seq */
	if (extent->channel == 0 && record_has(first, KEY_SEQ))
		extent->first = first->seq;
	ends_follow_unnumbered(extent);
	if (record_has(last, KEY_SEQ))
		extent->last = last->seq;
}
