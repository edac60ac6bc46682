/* SPDX-License-Identifier: MIT */
/* What events that are left out between two records did, one after the other. */
#include "check/partial/partial.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

void omission_free(struct omission *omission)
{
	if (!omission)
		return;
	free(omission->hosts);
	free(omission->turns);
	free(omission);
}

/* The entry of a host in the omission that is being made. -ENOMEM. */
static int host_entry(struct sessionlint_partial *partial, struct omission *omission, uint32_t host,
		      struct omitted_host **ret_entry)
{
	struct partial_host *known = &partial->hosts[host];
	struct omitted_host *hosts = omission->hosts;

	if (known->stamp != partial->stamp) {
		hosts = array_grow(hosts, omission->host_count, &omission->host_capacity,
				   sizeof *hosts);
		if (!hosts)
			return -ENOMEM;
		omission->hosts = hosts;
		known->stamp = partial->stamp;
		known->place = omission->host_count;
		hosts[omission->host_count++] = (struct omitted_host) { .host = host };
	}
	*ret_entry = &hosts[known->place];
	return 0;
}

/* That of a session, which was alive before it, or was not, if it is new. -ENOMEM. */
static int turn_entry(struct sessionlint_partial *partial, struct omission *omission,
		      uint32_t owner, bool was_alive, struct omitted_turn **ret_entry)
{
	struct partial_session *known = &partial->sessions.list[owner];
	struct omitted_turn *turns = omission->turns;

	if (known->stamp != partial->stamp) {
		turns = array_grow(turns, omission->turn_count, &omission->turn_capacity,
				   sizeof *turns);
		if (!turns)
			return -ENOMEM;
		omission->turns = turns;
		known->stamp = partial->stamp;
		known->place = omission->turn_count;
		turns[omission->turn_count++] = (struct omitted_turn) {
			.owner = owner,
			.was_alive = was_alive,
		};
	}
	*ret_entry = &turns[known->place];
	return 0;
}

static void see_time(struct omitted_host *host, uint64_t time)
{
	host->timed = true;
	host->time = time;
}

static void see_lives(struct omission *omission, const struct omitted_lives *lives, int64_t change)
{
	if (omission->change + lives->highest > omission->lives.highest)
		omission->lives.highest = omission->change + lives->highest;
	if (omission->change + lives->lowest < omission->lives.lowest)
		omission->lives.lowest = omission->change + lives->lowest;
	omission->change += change;
}

int omission_take(struct sessionlint_partial *partial, struct omission *omission,
		  const struct partial_item *item)
{
	bool begins = item->turn == TURN_BEGINS;
	struct omitted_host *host;
	struct omitted_turn *turn;
	int r = host_entry(partial, omission, partial->sessions.list[item->owner].host, &host);

	if (r < 0)
		return r;
	omission->events++;
	if (item->keys & KEY_BIT(KEY_TIME))
		see_time(host, item->time);
	if (item->turn == TURN_NONE)
		return 0;
	r = turn_entry(partial, omission, item->owner, !begins, &turn);
	if (r < 0)
		return r;
	turn->begun += begins;
	turn->is_alive = begins;
	if (!begins)
		turn->ended = item->line;
	turn->order = omission->events;
	see_lives(omission, &(struct omitted_lives) { begins ? 1 : 0, begins ? 0 : -1 },
		  begins ? 1 : -1);
	return 0;
}

int omission_join(struct sessionlint_partial *partial, struct omission *omission,
		  const struct omission *next)
{
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < next->host_count; i++) {
		const struct omitted_host *from = &next->hosts[i];
		struct omitted_host *host;

		r = host_entry(partial, omission, from->host, &host);
		if (r == 0 && from->timed)
			see_time(host, from->time);
	}
	for (uint32_t i = 0; r == 0 && i < next->turn_count; i++) {
		const struct omitted_turn *from = &next->turns[i];
		struct omitted_turn *turn;

		r = turn_entry(partial, omission, from->owner, from->was_alive, &turn);
		if (r < 0)
			break;
		turn->begun += from->begun;
		turn->is_alive = from->is_alive;
		turn->ended = from->ended;
		turn->order = omission->events + i + 1;
	}
	see_lives(omission, &next->lives, next->change);
	omission->events += next->events;
	return r;
}

static int compare_turns(const void *a, const void *b)
{
	const struct omitted_turn *first = a, *second = b;

	return first->order < second->order ? -1 : first->order > second->order;
}

void omission_end(struct omission *omission)
{
	if (omission->turn_count > 0)
		qsort(omission->turns, omission->turn_count, sizeof *omission->turns,
		      compare_turns);
}
