/* SPDX-License-Identifier: MIT */
#include "trace/evtx/group.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/evtx/leftover.h"

void evtx_group_free(struct evtx_group *group)
{
	for (size_t i = 0; i < group->room; i++)
		evtx_chunk_free(&group->chunks[i]);
	free(group->chunks);
	free(group->bytes);
	free(group->records.records);
	arena_free(&group->arena);
	*group = (struct evtx_group) { 0 };
}

/* Makes room for @count chunks, which are read next. -ENOMEM. */
static int group_reserve(struct evtx_group *group, size_t count)
{
	size_t room = group->room ? group->room : 1;
	struct evtx_chunk *chunks;
	unsigned char *bytes;

	while (room < count)
		room *= 2;
	if (room == group->room)
		return 0;
	bytes = malloc(room * EVTX_CHUNK_SIZE);
	chunks = bytes ? realloc(group->chunks, room * sizeof *chunks) : NULL;
	if (!chunks) {
		free(bytes);
		return -ENOMEM;
	}
	memset(chunks + group->room, 0, (room - group->room) * sizeof *chunks);
	free(group->bytes);
	group->bytes = bytes;
	group->chunks = chunks;
	group->room = room;
	return 0;
}

static int group_begin(struct evtx_group *group, struct evtx_span *spans, size_t count)
{
	int r = group_reserve(group, count);

	group->spans = spans;
	group->count = r == 0 ? count : 0;
	group->next = group->records.count = 0;
	group->leftovers = 0;
	arena_reset(&group->arena);
	return r;
}

static int record_compare(const void *a, const void *b)
{
	const struct evtx_record *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->buffer != y->buffer)
		return x->buffer < y->buffer ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void sort_records(struct evtx_records *records)
{
	for (size_t i = 1; i < records->count; i++) {
		if (record_compare(&records->records[i - 1], &records->records[i]) > 0) {
			qsort(records->records, records->count, sizeof *records->records,
			      record_compare);
			return;
		}
	}
}

/* How many chunks from @spans on overlap; there are @left. */
static size_t overlapping(const struct evtx_span *spans, size_t left)
{
	uint64_t last = spans[0].last;
	size_t count = 1;

	while (count < left && count < EVTX_GROUP_MAX && spans[count].first <= last) {
		if (spans[count].last > last)
			last = spans[count].last;
		count++;
	}
	return count;
}

/* Reads chunk number @index of the group. */
static int read_chunk(struct evtx_group *group, struct evtx_file *file, uint32_t index,
		      uint32_t *ret_end)
{
	const struct evtx_span *span = &group->spans[index];
	unsigned char *bytes = group->bytes + (size_t)index * EVTX_CHUNK_SIZE;
	int r = evtx_file_read(file, span, bytes);

	if (r == 0)
		r = evtx_chunk_scan(file, span, bytes, index, &group->records, &group->arena,
				    ret_end);
	if (r < 0)
		return r;
	evtx_chunk_begin(&group->chunks[index], bytes, span->size);
	return 0;
}

int evtx_group_read_one(struct evtx_group *group, struct evtx_file *file, struct evtx_span *span,
			uint32_t *ret_end)
{
	int r = group_begin(group, span, 1);

	return r < 0 ? r : read_chunk(group, file, 0, ret_end);
}

int evtx_group_read(struct evtx_group *group, struct evtx_file *file, size_t span)
{
	struct evtx_span *spans = file->spans + span;
	int r = group_begin(group, spans, overlapping(spans, file->span_count - span));

	for (uint32_t i = 0; r == 0 && i < group->count; i++) {
		uint32_t end;

		r = read_chunk(group, file, i, &end);
		if (r < 0)
			return r;
		if (evtx_leftover_any(&spans[i], group->chunks[i].bytes, end))
			group->leftovers |= 1U << i;
	}
	if (r < 0)
		return r;
	/* a reason may be incomplete */
	if (group->arena.failed)
		return -ENOMEM;
	sort_records(&group->records);
	return 0;
}

void evtx_group_begin_batch(struct evtx_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		group->chunks[i].computer_name.bytes = NULL;
}
