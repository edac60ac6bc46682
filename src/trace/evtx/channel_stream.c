/* SPDX-License-Identifier: MIT */
#include "trace/evtx/channel_stream.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

/*
 * A record with a smaller id than earlier ones, and a time later by this much, in 100 ns, is not
 * late: the computer's count has restarted, for example after a new installation. Clocks are set by
 * less.
 */
#define RESTART_TIME (3600 * (uint64_t)10000000)

void evtx_streams_init(struct evtx_streams *streams)
{
	*streams = (struct evtx_streams) { 0 };
	table_init(&streams->table);
}

static void stream_free(struct evtx_stream *stream)
{
	for (size_t i = 0; i < stream->waiting_count; i++)
		free(stream->waiting[i]);
	free(stream->waiting);
	free(stream->late);
	free(stream->ids);
	free(stream);
}

void evtx_streams_free(struct evtx_streams *streams)
{
	while (streams->first) {
		struct evtx_stream *stream = streams->first;

		streams->first = stream->next;
		stream_free(stream);
	}
	table_free(&streams->table);
}

int evtx_streams_find(struct evtx_streams *streams, uint64_t computer, uint64_t channel,
		      struct evtx_stream **ret_stream)
{
	uint64_t key = computer * 31 + channel;
	struct evtx_stream *stream = (struct evtx_stream *)table_find(&streams->table,
								      table_number(&key));

	*ret_stream = stream;
	if (stream)
		return 0;
	stream = calloc(1, sizeof *stream);
	if (!stream)
		return -ENOMEM;
	stream->key = key;
	stream->computer = computer;
	/* earlier records are unknown */
	stream->lost = RECORDS_UNCOUNTED;
	if (table_add(&streams->table, &stream->entry, table_number(&stream->key)) < 0) {
		free(stream);
		return -ENOMEM;
	}
	stream->next = streams->first;
	streams->first = stream;
	*ret_stream = stream;
	return 0;
}

/* ---- survey ---- */

static int add_id(struct evtx_stream *stream, struct evtx_id id)
{
	struct evtx_id *ids = array_grow(stream->ids, stream->id_count, &stream->id_capacity,
					 sizeof *ids);

	if (!ids)
		return -ENOMEM;
	stream->ids = ids;
	stream->ids[stream->id_count++] = id;
	return 0;
}

int evtx_stream_survey(struct evtx_stream *stream, uint64_t ordinal, struct evtx_id id)
{
	struct evtx_late found = { .ordinal = ordinal, .own = id.own };
	struct evtx_late *late;
	int r = add_id(stream, id);

	if (r < 0)
		return r;
	if (id.own >= stream->greatest.own) {
		stream->greatest = id;
		return 0;
	}
	late = array_grow(stream->late, stream->late_count, &stream->late_capacity, sizeof *late);
	if (!late)
		return -ENOMEM;
	stream->late = late;
	found.restart = id.time > stream->greatest.time &&
			id.time - stream->greatest.time > RESTART_TIME;
	if (found.restart)
		stream->greatest = id;
	stream->late[stream->late_count++] = found;
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	const struct evtx_id *x = a, *y = b;

	if (x->own != y->own)
		return x->own < y->own ? -1 : 1;
	return x->time < y->time ? -1 : x->time > y->time;
}

/* Whether different records have the same id: then the ids are of several counts, and give no
 * order. */
static bool ids_collide(struct evtx_stream *stream)
{
	qsort(stream->ids, stream->id_count, sizeof *stream->ids, compare_ids);
	for (size_t i = 1; i < stream->id_count; i++)
		if (stream->ids[i].own == stream->ids[i - 1].own &&
		    stream->ids[i].time != stream->ids[i - 1].time)
			return true;
	return false;
}

void evtx_stream_surveyed(struct evtx_stream *stream)
{
	uint64_t min = UINT64_MAX;

	if (stream->late_count > 0 && ids_collide(stream))
		stream->late_count = 0;
	for (size_t i = stream->late_count; i > 0; i--) {
		struct evtx_late *late = &stream->late[i - 1];

		min = late->restart ? UINT64_MAX : late->own < min ? late->own : min;
		late->min = min;
	}
	free(stream->ids);
	stream->ids = NULL;
	stream->id_count = stream->id_capacity = 0;
}

/* ---- reading ---- */

bool evtx_stream_follow(struct evtx_stream *stream, struct evtx_id id, bool waited)
{
	uint64_t before = stream->previous;
	bool copy = false;

	if (id.own == 0) {
		stream->lost = RECORDS_UNCOUNTED;
	} else if (before == 0) {
		stream->previous = id.own;
	} else if (id.own == before && id.time == stream->time) {
		copy = true;
	} else if (id.own <= before ||
		   (waited && id.time < stream->time && stream->time - id.time > RESTART_TIME)) {
		if (!stream->unordered) {
			stream->before = before;
			stream->after = id.own;
		}
		stream->unordered = true;
	} else if (id.own > before + 1 && stream->lost != RECORDS_UNCOUNTED) {
		if (stream->lost == 0) {
			stream->before = before;
			stream->after = id.own;
		}
		stream->lost += id.own - before - 1;
	}
	if (id.own)
		stream->previous = id.own;
	stream->time = id.time;
	return copy;
}

void evtx_stream_pass(struct evtx_stream *stream, uint64_t ordinal)
{
	while (stream->late_next < stream->late_count &&
	       stream->late[stream->late_next].ordinal <= ordinal)
		stream->late_next++;
}

bool evtx_stream_expects(const struct evtx_stream *stream, uint64_t own)
{
	/* min of a restart is UINT64_MAX: no record waits for it */
	return stream->late_next < stream->late_count && stream->late[stream->late_next].min < own;
}

static bool waits_less(const struct evtx_waiting *a, const struct evtx_waiting *b)
{
	return a->id.own != b->id.own ? a->id.own < b->id.own : a->ordinal < b->ordinal;
}

int evtx_stream_hold(struct evtx_stream *stream, struct evtx_waiting *waiting)
{
	struct evtx_waiting **heap = array_grow(stream->waiting, stream->waiting_count,
						&stream->waiting_capacity, sizeof *heap);
	size_t at = stream->waiting_count;

	if (!heap)
		return -ENOMEM;
	stream->waiting = heap;
	stream->waiting_count++;
	for (; at > 0 && waits_less(waiting, stream->waiting[(at - 1) / 2]); at = (at - 1) / 2)
		stream->waiting[at] = stream->waiting[(at - 1) / 2];
	stream->waiting[at] = waiting;
	return 0;
}

struct evtx_waiting *evtx_stream_take(struct evtx_stream *stream)
{
	struct evtx_waiting *first, *last;
	size_t at = 0, child;

	if (stream->waiting_count == 0)
		return NULL;
	first = stream->waiting[0];
	last = stream->waiting[--stream->waiting_count];
	while ((child = 2 * at + 1) < stream->waiting_count) {
		if (child + 1 < stream->waiting_count &&
		    waits_less(stream->waiting[child + 1], stream->waiting[child]))
			child++;
		if (!waits_less(stream->waiting[child], last))
			break;
		stream->waiting[at] = stream->waiting[child];
		at = child;
	}
	if (stream->waiting_count > 0)
		stream->waiting[at] = last;
	return first;
}
