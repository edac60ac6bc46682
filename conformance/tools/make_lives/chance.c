/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"

/* So often one count goes on from another that they look like one. */
#define TURNS_MIN 6

#define ALL_HOSTS HOSTS_MAX

/* A number that is there, and what has counted it. */
struct kept {
	uint64_t seq;
	unsigned scope;
};

/* Puts a number where it belongs among @count sorted ones; false if it is there already. */
static bool put(struct kept *list, size_t count, struct kept kept)
{
	size_t at = count;

	/* most often it is the largest */
	while (at > 0 && list[at - 1].seq > kept.seq)
		at--;
	if (at > 0 && list[at - 1].seq == kept.seq)
		return false;
	memmove(&list[at + 1], &list[at], (count - at) * sizeof *list);
	list[at] = kept;
	return true;
}

static bool looks_like_one(const struct kept *list, size_t count)
{
	unsigned turns = 0;

	if (count <= TURNS_MIN || list[count - 1].seq - list[0].seq != count - 1)
		return false;
	for (size_t i = 1; i < count; i++)
		turns += list[i].scope != list[i - 1].scope;
	return turns >= TURNS_MIN;
}

/* Whether that can be said of a host, or of all, when some line of the file has been read. */
static bool is_by_chance(const struct plan *plan, const struct records *records,
			 const struct lines *lines, unsigned host, struct kept *list)
{
	size_t count = 0;

	for (size_t i = 0; i < lines->count; i++) {
		const struct record *record = &records->list[lines->list[i].record];
		struct kept kept = { record->seq, capture_scope(plan, record) };

		if (!capture_is_numbered(plan, record) ||
		    (host != ALL_HOSTS && record->host != host))
			continue;
		/* there twice */
		if (record->line < i + 2)
			continue;
		if (!put(list, count, kept))
			return false;
		if (looks_like_one(list, ++count))
			return true;
	}
	return false;
}

bool capture_is_ambiguous(const struct plan *plan, const struct records *records,
			  const struct lines *lines)
{
	bool by_driver = plan->numbering == NUMBERED_BY_DRIVER, ambiguous = false;
	struct kept *list;

	if (!by_driver && (plan->numbering != NUMBERED_BY_HOST || plan->hosts == 1))
		return false;
	list = malloc((lines->count + 1) * sizeof *list);
	if (!list) {
		perror("make_lives");
		exit(2);
	}
	for (unsigned host = by_driver ? 0 : ALL_HOSTS; host <= ALL_HOSTS && !ambiguous; host++)
		ambiguous = is_by_chance(plan, records, lines, host, list);
	free(list);
	return ambiguous;
}
