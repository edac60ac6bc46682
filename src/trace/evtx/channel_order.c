/* SPDX-License-Identifier: MIT */
/* Sorts the records of each channel by id in a log of several channels. */
#include <errno.h>
#include <stdlib.h>

#include "trace/evtx/reader.h"

/* Max size of the waiting records; beyond that, records are delivered out of order. */
#define WAITING_MAX ((size_t)64 << 20)

/* Lets the collected record wait until those with smaller ids have been read. */
static int hold(struct evtx *evtx, const struct evtx_location *place, struct collect *collect,
		struct evtx_stream *stream)
{
	enum windows_interest interest = collect_interest(collect);
	struct evtx_waiting *waiting;
	struct record record;
	size_t texts = 0;
	int r = 0;

	evtx_count(evtx, interest);
	evtx_record_start(place, &record);
	if (interest == WINDOWS_MAP)
		r = evtx_record_make(evtx, collect, &record);
	if (r < 0)
		return r;
	if (r > 0)
		texts = record_texts_size(&record);
	waiting = malloc(sizeof *waiting + texts);
	if (!waiting)
		return -ENOMEM;
	*waiting = (struct evtx_waiting) {
		.id = { collect->own_id, collect->time },
		.ordinal = evtx->ordinal,
		.size = sizeof *waiting + texts,
		.skipped = r == 0,
		.subscriber = collect_subscriber(collect),
		.place = *place,
		.record = record,
	};
	if (r > 0)
		record_keep(&waiting->record, waiting + 1);
	r = evtx_stream_hold(stream, waiting);
	if (r < 0) {
		free(waiting);
		return r;
	}
	evtx->waiting += waiting->size;
	evtx->releasing = stream;
	return 0;
}

int evtx_reorder(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
		 struct collect *collect, struct evtx_stream **ret_stream)
{
	struct evtx_id id = { collect->own_id, collect->time };
	struct evtx_stream *stream;
	int r = numbering_stream(&evtx->numbering, &evtx->file, collect, &stream);

	if (r < 0)
		return r;
	*ret_stream = stream;
	evtx_stream_pass(stream, evtx->ordinal);
	if (id.own && (stream->waiting_count > 0 || evtx_stream_expects(stream, id.own)))
		return hold(evtx, place, collect, stream);
	if (!evtx_stream_follow(stream, id, false))
		return 1;
	evtx_count(evtx, WINDOWS_SKIP);
	evtx_deliver_copy(evtx, batch, place, id.own);
	return 0;
}

/* Removes and returns the waiting record of @stream that is next, or NULL. */
static struct evtx_waiting *take_ready(struct evtx *evtx, struct evtx_stream *stream)
{
	struct evtx_waiting *waiting;

	if (stream->waiting_count == 0)
		return NULL;
	if (evtx_stream_expects(stream, stream->waiting[0]->id.own) && evtx->waiting <= WAITING_MAX)
		return NULL;
	waiting = evtx_stream_take(stream);
	evtx->waiting -= waiting->size;
	return waiting;
}

/* Delivers @waiting, unless it is a copy. */
static int deliver_waiting(struct evtx *evtx, struct batch *batch, struct evtx_stream *stream,
			   const struct evtx_waiting *waiting)
{
	struct record record = waiting->record;
	bool copy = evtx_stream_follow(stream, waiting->id, true);
	size_t size = record_texts_size(&record);
	void *room;

	if (copy)
		evtx_deliver_copy(evtx, batch, &waiting->place, waiting->id.own);
	if (copy || waiting->skipped)
		return 0;
	room = arena_allocate(&batch->arena, size + 1);
	if (!room)
		return -ENOMEM;
	record_keep(&record, room);
	if (evtx_may_repeat(&record) &&
	    evtx_repeats(evtx, &record, stream->computer, waiting->subscriber))
		return 0;
	if (record.kind == RECORD_ANNOTATION) {
		batch->records[batch->count++] = record;
		return 0;
	}
	evtx_deliver_doubt(evtx, batch, &waiting->place);
	batch->records[batch->count++] = record;
	return evtx_deliver_stream(evtx, batch, &waiting->place, NULL, stream);
}

int evtx_release(struct evtx *evtx, struct batch *batch)
{
	while (evtx->releasing) {
		struct evtx_stream *stream = evtx->releasing;
		struct evtx_waiting *waiting = take_ready(evtx, stream);

		if (waiting) {
			int r = deliver_waiting(evtx, batch, stream, waiting);

			free(waiting);
			return r < 0 ? r : 1;
		}
		evtx->releasing = evtx->ended ? stream->next : NULL;
		if (evtx->releasing)
			evtx_stream_pass(evtx->releasing, UINT64_MAX);
	}
	return 0;
}

void evtx_release_all(struct evtx *evtx)
{
	evtx->ended = true;
	evtx->releasing = evtx->numbering.streams.first;
	if (evtx->releasing)
		evtx_stream_pass(evtx->releasing, UINT64_MAX);
}
