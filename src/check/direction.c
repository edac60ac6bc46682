/* SPDX-License-Identifier: MIT */
#include "check/direction.h"

#include <errno.h>

#include "base/table.h"

void direction_begin(struct direction *direction)
{
	direction->is = DIRECTION_UNKNOWN;
	direction->falls = 0;
	direction->host_count = 0;
	direction->held.count = 0;
	direction->bytes = 0;
	arena_reset(&direction->held.arena);
}

void direction_free(struct direction *direction)
{
	arena_free(&direction->held.arena);
}

/* The time of the last record of a host; of one that is met, UINT64_MAX. NULL: they are too many.
 */
static uint64_t *last_time(struct direction *direction, const struct record *record)
{
	uint64_t hash = text_hash(record->host, 0);
	unsigned i = 0;

	while (i < direction->host_count && direction->hosts[i].hash != hash)
		i++;
	if (i == DIRECTION_HOSTS)
		return NULL;
	if (i == direction->host_count) {
		direction->hosts[i].hash = hash;
		direction->hosts[i].time = UINT64_MAX;
		direction->host_count++;
		return &direction->hosts[i].time;
	}
	return &direction->hosts[i].time;
}

static void record_look(struct direction *direction, const struct record *record)
{
	uint64_t *last;
	bool is_first;

	if (record->kind == RECORD_MALFORMED)
		return;
	if (record_has(record, KEY_SEQ) || record->time == SESSIONLINT_NO_TIME) {
		direction->is = DIRECTION_FORWARD;
		return;
	}
	last = last_time(direction, record);
	if (!last)
		return;
	is_first = *last == UINT64_MAX;
	if (!is_first && record->time > *last) {
		direction->is = DIRECTION_FORWARD;
	} else if (!is_first && record->time < *last && ++direction->falls == 1) {
		direction->first = (struct place) {
			.line = record->line,
			.offset = record->offset,
			.time = record->time,
			.event = SESSIONLINT_NO_EVENT,
		};
	}
	*last = record->time;
	if (direction->is == DIRECTION_UNKNOWN && direction->falls == DIRECTION_FALLS)
		direction->is = DIRECTION_BACKWARD;
}

void direction_look(struct direction *direction, const struct batch *batch)
{
	for (unsigned i = 0; i < batch->count && direction->is == DIRECTION_UNKNOWN; i++)
		record_look(direction, &batch->records[i]);
}

int direction_hold(struct direction *direction, const struct batch *batch)
{
	struct batch *held = &direction->held;

	for (unsigned i = 0; i < batch->count; i++)
		direction->bytes += record_texts_size(&batch->records[i]);
	if (held->count + batch->count > DIRECTION_RECORDS || direction->bytes > DIRECTION_BYTES)
		return -ENOSPC;
	for (unsigned i = 0; i < batch->count; i++) {
		struct record *record = &held->records[held->count];
		size_t size = record_texts_size(&batch->records[i]);
		void *room = size ? arena_allocate(&held->arena, size) : NULL;

		if (size && !room)
			return -ENOMEM;
		*record = batch->records[i];
		record_keep(record, room);
		held->count++;
	}
	return 0;
}
