/* SPDX-License-Identifier: MIT */
#include "trace/evtx/groups_ahead.h"

#include <errno.h>
#include <stdlib.h>

#include "base/thread.h"

/* To wake a thread takes as long as to read a group, or several: one that waits is woken when it
 * can go on for some. */
#define GROUPS_KEPT 16U
#define GROUPS_WAKE 4U

/* What the threads wait for. */
enum {
	FOR_GROUP,
	FOR_ROOM,
};

struct groups_ahead {
	struct evtx_file *file;
	struct thread *thread;

	struct monitor *monitor; /* of all that follows */
	struct read_group {
		struct evtx_group group; /* of the thread until it is counted in made */
		int result;
	} places[GROUPS_KEPT]; /* a ring */
	size_t made, taken;
	bool is_read; /* the thread makes no more */
	bool quits;
};

/* Counts the group that was made. Returns false if it was the last one to make. */
static bool group_show(struct groups_ahead *ahead, bool is_last)
{
	bool goes_on;

	monitor_enter(ahead->monitor);
	ahead->made++;
	ahead->is_read = is_last;
	if (is_last || ahead->made - ahead->taken >= GROUPS_WAKE)
		monitor_wake(ahead->monitor, FOR_GROUP);
	while (!is_last && !ahead->quits && ahead->made - ahead->taken == GROUPS_KEPT)
		monitor_wait(ahead->monitor, FOR_ROOM);
	goes_on = !is_last && !ahead->quits;
	monitor_leave(ahead->monitor);
	return goes_on;
}

static void read_groups(void *userdata)
{
	struct groups_ahead *ahead = userdata;
	struct evtx_file *file = ahead->file;
	size_t span = 0, made = 0;
	struct read_group *place;

	do {
		place = &ahead->places[made++ % GROUPS_KEPT];
		place->result = evtx_group_read(&place->group, file, span);
		span += place->group.count;
	} while (group_show(ahead, place->result < 0 || span == file->span_count));
}

int groups_ahead_new(struct evtx_file *file, struct groups_ahead **ret_ahead)
{
	struct groups_ahead *ahead = calloc(1, sizeof *ahead);
	int r = ahead ? monitor_new(&ahead->monitor) : -ENOMEM;

	if (r < 0) {
		free(ahead);
		return r;
	}
	ahead->file = file;
	r = thread_start(read_groups, ahead, &ahead->thread);
	if (r < 0) {
		monitor_free(ahead->monitor);
		free(ahead);
		return r;
	}
	*ret_ahead = ahead;
	return 0;
}

int groups_ahead_take(struct groups_ahead *ahead, struct evtx_group *group)
{
	struct evtx_group before = *group;
	struct read_group *place;
	int r;

	monitor_enter(ahead->monitor);
	while (ahead->made == ahead->taken && !ahead->is_read)
		monitor_wait(ahead->monitor, FOR_GROUP);
	if (ahead->made == ahead->taken) {
		monitor_leave(ahead->monitor);
		return -ENODATA;
	}
	place = &ahead->places[ahead->taken++ % GROUPS_KEPT];
	*group = place->group;
	place->group = before;
	r = place->result;
	if (ahead->made - ahead->taken <= GROUPS_KEPT - GROUPS_WAKE)
		monitor_wake(ahead->monitor, FOR_ROOM);
	monitor_leave(ahead->monitor);
	return r;
}

void groups_ahead_free(struct groups_ahead *ahead)
{
	if (!ahead)
		return;
	monitor_enter(ahead->monitor);
	ahead->quits = true;
	monitor_wake(ahead->monitor, FOR_ROOM);
	monitor_leave(ahead->monitor);
	thread_join(ahead->thread);
	for (size_t i = 0; i < GROUPS_KEPT; i++)
		evtx_group_free(&ahead->places[i].group);
	monitor_free(ahead->monitor);
	free(ahead);
}
