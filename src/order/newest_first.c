/* SPDX-License-Identifier: MIT */
#include "order/newest_first.h"

#include <errno.h>

#include "base/hash.h"

void direction_begin(struct direction *direction, uint64_t disorder)
{
	direction->is = DIRECTION_UNKNOWN;
	direction->disorder = disorder;
	direction->falls = 0;
	direction->host_count = 0;
	direction->waiting.count = 0;
	direction->bytes = 0;
	arena_reset(&direction->waiting.arena);
}

void direction_free(struct direction *direction)
{
	arena_free(&direction->waiting.arena);
}

/* Finds the newest and the last time of the host of a record, UINT64_MAX if the host is new.
 * NULL: too many hosts. */
static struct direction_host *host_of(struct direction *direction, const struct record *record)
{
	uint64_t hash = text_hash(record->host);
	unsigned i = 0;

	while (i < direction->host_count && direction->hosts[i].hash != hash)
		i++;
	if (i == DIRECTION_HOSTS)
		return NULL;
	if (i == direction->host_count) {
		direction->hosts[i] = (struct direction_host) { hash, UINT64_MAX, UINT64_MAX };
		direction->host_count++;
	}
	return &direction->hosts[i];
}

static void record_look(struct direction *direction, const struct record *record)
{
	struct direction_host *host;

	if (record->kind == RECORD_MALFORMED)
		return;
	if (record_has(record, KEY_SEQ) || record->time == SESSIONLINT_NO_TIME) {
		direction->is = DIRECTION_FORWARD;
		return;
	}
	host = host_of(direction, record);
	if (!host)
		return;
	if (host->last == UINT64_MAX) {
		host->newest = record->time;
	} else if (record->time > host->last) {
		direction->is = DIRECTION_FORWARD;
	} else if (record->time < host->last && host->newest - record->time > direction->disorder &&
		   ++direction->falls == 1) {
		direction->first = (struct place) {
			.line = record->line,
			.offset = record->offset,
			.time = record->time,
			.event = SESSIONLINT_NO_EVENT,
		};
	}
	host->last = record->time;
}

void direction_end(struct direction *direction)
{
	if (direction->is == DIRECTION_UNKNOWN && direction->falls >= DIRECTION_FALLS)
		direction->is = DIRECTION_BACKWARD;
}

void direction_look(struct direction *direction, const struct batch *batch)
{
	for (unsigned i = 0; i < batch->count && direction->is == DIRECTION_UNKNOWN; i++)
		record_look(direction, &batch->records[i]);
	/* all records that can wait run backward, not only the first ones */
	if (direction->is == DIRECTION_UNKNOWN &&
	    direction->waiting.count + batch->count >= DIRECTION_RECORDS)
		direction_end(direction);
}

int direction_store(struct direction *direction, const struct batch *batch)
{
	struct batch *waiting = &direction->waiting;

	for (unsigned i = 0; i < batch->count; i++)
		direction->bytes += record_texts_size(&batch->records[i]);
	if (waiting->count + batch->count > DIRECTION_RECORDS || direction->bytes > DIRECTION_BYTES)
		return -ENOSPC;
	for (unsigned i = 0; i < batch->count; i++) {
		struct record *record = &waiting->records[waiting->count];
		size_t size = record_texts_size(&batch->records[i]);
		void *room = size ? arena_allocate(&waiting->arena, size) : NULL;

		if (size && !room)
			return -ENOMEM;
		*record = batch->records[i];
		record_keep(record, room);
		waiting->count++;
	}
	return 0;
}
