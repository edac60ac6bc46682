/* SPDX-License-Identifier: MIT */
#include "order/streams.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "order/hosts.h"
#include "trace/contract.h"

/* ---- streams ---- */

uint32_t driver_hash(struct sessionlint_text driver)
{
	return text_hash_alike(driver, 0);
}

struct stream *stream_new(struct sessionlint_text driver, uint32_t host, uint32_t part)
{
	struct stream *stream = calloc(1, sizeof *stream);

	if (!stream)
		return NULL;
	if (text_own(driver, &stream->driver) < 0) {
		free(stream);
		return NULL;
	}
	stream->hash = driver_hash(driver);
	stream->host = host;
	stream->part = part;
	return stream;
}

void stream_free(struct stream *stream)
{
	heap_free(&stream->heap);
	free((void *)(uintptr_t)stream->driver.data);
	free(stream);
}

/* The host has a second stream: its count so far is that of the first one. -ENOMEM. */
static int whole_new(struct arrivals *arrivals)
{
	struct whole *whole = calloc(1, sizeof *whole);

	if (!whole)
		return -ENOMEM;
	if (heap_copy(&arrivals->streams->heap, &whole->heap, HEAP_OF_HOST) < 0) {
		heap_free(&whole->heap);
		free(whole);
		return -ENOMEM;
	}
	whole->counting.numbers = arrivals->streams->numbers;
	arrivals->whole = whole;
	return 0;
}

static int stream_add(struct hosts *hosts, uint32_t host, struct sessionlint_text driver,
		      struct stream **ret_stream)
{
	struct arrivals *arrivals = &hosts->hosts[host].arrivals;
	struct stream *stream = stream_new(driver, host, arrivals->stream_count), **link;

	if (!stream)
		return -ENOMEM;
	if (arrivals->streams && !arrivals->whole && whole_new(arrivals) < 0) {
		stream_free(stream);
		return -ENOMEM;
	}
	for (link = &arrivals->streams; *link; link = &(*link)->next)
		;
	*link = stream;
	arrivals->stream_count++;
	if (arrivals->whole)
		recent_fit(&arrivals->whole->recent, arrivals->stream_count);
	*ret_stream = stream;
	return 0;
}

int streams_find(struct hosts *hosts, uint32_t host, struct sessionlint_text driver,
		 struct stream **ret_stream)
{
	struct arrivals *arrivals = &hosts->hosts[host].arrivals;
	struct stream *stream = streams_recent(arrivals, driver);
	uint32_t hash;
	int r = 0;

	if (stream) {
		*ret_stream = stream;
		return 0;
	}
	hash = driver_hash(driver);
	for (stream = arrivals->streams; stream; stream = stream->next)
		if (stream->hash == hash && text_alike(stream->driver, driver))
			break;
	/* a split host has one stream, and the number of streams is limited */
	if (!stream &&
	    (arrivals->split || arrivals->split_off || arrivals->stream_count >= STREAMS_OF_HOST))
		stream = arrivals->streams;
	if (!stream)
		r = stream_add(hosts, host, driver, &stream);
	if (r < 0)
		return r;
	arrivals->recent = stream;
	if (arrivals->whole) {
		void **slot = recent_at(&arrivals->whole->recent, text_ends(driver));

		if (driver.size == 0)
			arrivals->whole->plain = stream->driver.size ? NULL : stream;
		else if (slot)
			*slot = stream;
	}
	*ret_stream = stream;
	return 0;
}

const struct stream *stream_of_part(const struct arrivals *arrivals, uint32_t part)
{
	const struct stream *stream = arrivals->streams;

	while (stream->part != part)
		stream = stream->next;
	return stream;
}

unsigned streams_weight(const struct stream *one, const struct stream *other)
{
	return (one->driver.size == 0) != (other->driver.size == 0) ? COUNTING_AGREEMENTS : 1;
}

struct record_heaps stream_heaps(const struct hosts *hosts, struct stream *stream)
{
	struct whole *whole = hosts->hosts[stream->host].arrivals.whole;

	return (struct record_heaps) {
		.heaps = { [HEAP_OF_STREAM] = &stream->heap,
			   [HEAP_OF_HOST] = whole ? &whole->heap : NULL },
	};
}

void stream_follow(struct stream *stream, const struct record *record)
{
	const struct contract *contract = record->contract;

	if (record->kind == RECORD_OBJECT) {
		stream->released_all = contract->object == OBJECT_DELETED && stream->live == 0;
	} else if (record->kind != RECORD_CALL || contract->phase == PHASE_BEGIN) {
		return;
	} else if (contract->call == CALL_REGISTER && contract->status == STATUS_SUCCESS) {
		stream->live++;
		stream->released_all = false;
	} else if (contract->call == CALL_UNREGISTER && stream->live > 0) {
		stream->released_all = --stream->live == 0;
	}
}

/* ---- hosts ---- */

void arrivals_new_era(struct arrivals *arrivals)
{
	for (struct stream *stream = arrivals->streams; stream; stream = stream->next)
		stream->era++;
}

void arrivals_count_again(struct arrivals *arrivals)
{
	for (struct stream *stream = arrivals->streams; stream; stream = stream->next) {
		stream->numbers.restarts = true;
		stream->arrived = (struct numbers) { 0 };
		stream->wraps = false;
		stream->live = 0;
		stream->released_all = false;
	}
	if (arrivals->whole)
		arrivals->whole->counting.numbers.restarts = true;
	boots_free(arrivals->waiting);
	arrivals->waiting = NULL;
}

void arrivals_restart(struct arrivals *arrivals)
{
	arrivals_new_era(arrivals);
	arrivals_count_again(arrivals);
}

void arrivals_mark_gap(struct arrivals *arrivals)
{
	for (struct stream *stream = arrivals->streams; stream; stream = stream->next)
		stream->gap_before = true;
}

void whole_free(struct arrivals *arrivals)
{
	if (!arrivals->whole)
		return;
	heap_free(&arrivals->whole->heap);
	recent_free(&arrivals->whole->recent);
	free(arrivals->whole);
	arrivals->whole = NULL;
}

void arrivals_free(struct arrivals *arrivals)
{
	whole_free(arrivals);
	for (struct stream *stream = arrivals->streams, *next; stream; stream = next) {
		next = stream->next;
		stream_free(stream);
	}
	boots_free(arrivals->waiting);
	heap_free(&arrivals->timed);
	free((void *)(uintptr_t)arrivals->boot.data);
	free((void *)(uintptr_t)arrivals->boot_before.data);
}
