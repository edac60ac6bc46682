/* SPDX-License-Identifier: MIT */
#include "trace/evtx/leftover.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/evtx/channel.h"

/* Max number of chunks searched for the originals of leftovers. */
#define ORIGINALS_MAX 4U

/* ---- accepted records ---- */

/* The known end of the log: its last record, and the channel of that. */
struct log_end {
	uint64_t last_id; /* 0: no records */
	struct sessionlint_text channel;
};

/* Reads the channel of one record. */
static int channel_of(const struct evtx_span *span, const unsigned char *bytes, uint32_t offset,
		      struct arena *arena, struct sessionlint_text *ret_channel)
{
	struct evtx_channels channels;
	int r = evtx_channels_begin(&channels, span, bytes, arena);

	if (r < 0)
		return r;
	r = evtx_channel_read(&channels, offset, ret_channel);
	evtx_channels_end(&channels);
	return r;
}

/* Finds the last record of the chunk @bytes. */
static int log_end_find(struct evtx_file *file, const struct evtx_span *span,
			const unsigned char *bytes, struct log_end *ret_end)
{
	struct evtx_records records = { 0 };
	struct arena arena = { 0 };
	uint32_t end;
	int r = evtx_chunk_scan(file, span, bytes, 0, &records, &arena, &end);

	for (size_t i = records.count; r == 0 && i-- > 0;) {
		if (records.records[i].size == 0)
			continue;
		ret_end->last_id = records.records[i].id;
		r = channel_of(span, bytes, records.records[i].offset, &file->arena,
			       &ret_end->channel);
		break;
	}
	free(records.records);
	arena_free(&arena);
	return r;
}

/* Decides on one prepared chunk; its accepted records become the end of the log. */
static int span_accept(struct evtx_file *file, struct evtx_span *span, unsigned char *bytes,
		       struct log_end *log_end)
{
	struct sessionlint_text channel = { 0 };
	struct arena arena = { 0 };
	int r = evtx_file_read(file, span, bytes);

	if (r == 0)
		r = channel_of(span, bytes, EVTX_RECORDS_BEGIN, &arena, &channel);
	if (r == 0 && evtx_channel_equal(channel, log_end->channel)) {
		span->accepted = true;
		r = log_end_find(file, span, bytes, log_end);
		span->last = log_end->last_id;
	}
	arena_free(&arena);
	return r;
}

/* The chunk with the highest record; NULL if no chunk has records of its own. */
static const struct evtx_span *span_last(const struct evtx_file *file)
{
	const struct evtx_span *last = NULL;

	for (size_t i = 0; i < file->span_count; i++)
		if (!file->spans[i].prepared && (!last || file->spans[i].last >= last->last))
			last = &file->spans[i];
	return last;
}

static bool any_prepared(const struct evtx_file *file)
{
	for (size_t i = 0; i < file->span_count; i++)
		if (file->spans[i].prepared && file->spans[i].first != UINT64_MAX)
			return true;
	return false;
}

int evtx_leftover_accept(struct evtx_file *file)
{
	const struct evtx_span *last = span_last(file);
	struct log_end log_end = { 0 };
	unsigned char *bytes;
	int r;

	/* without a file header, the log may have been cleared */
	if (!file->dirty || (!last && !file->header_known) || !any_prepared(file))
		return 0;
	bytes = malloc(EVTX_CHUNK_SIZE);
	if (!bytes)
		return -ENOMEM;
	if (last) {
		r = evtx_file_read(file, last, bytes);
		if (r == 0)
			r = log_end_find(file, last, bytes, &log_end);
	} else {
		r = evtx_channel_of_file(file->reader->options.name, &file->arena,
					 &log_end.channel);
	}
	for (size_t i = 0; r == 0 && i < file->span_count; i++) {
		struct evtx_span *span = &file->spans[i];

		if (!span->prepared || span->first == UINT64_MAX)
			continue;
		if (log_end.last_id ? span->first == log_end.last_id + 1
				    : span->first >= file->next_id)
			r = span_accept(file, span, bytes, &log_end);
	}
	free(bytes);
	return r;
}

/* ---- other records ---- */

/* The start of the next record from @offset on, or the chunk's size. */
static uint32_t record_search(const struct evtx_span *span, const unsigned char *bytes,
			      uint32_t offset)
{
	/* the first byte of a record's signature */
	while (offset < span->size) {
		const unsigned char *found = memchr(bytes + offset, 0x2a, span->size - offset);

		if (!found)
			break;
		offset = (uint32_t)(found - bytes);
		if (evtx_record_is_at(span, bytes, offset))
			return offset;
		offset++;
	}
	return span->size;
}

bool evtx_leftover_any(const struct evtx_span *span, const unsigned char *bytes, uint32_t begin)
{
	return record_search(span, bytes, begin) < span->size;
}

int evtx_leftover_scan(const struct evtx_span *span, const unsigned char *bytes, uint32_t begin,
		       uint32_t buffer, struct evtx_records *records)
{
	uint32_t offset = record_search(span, bytes, begin);
	int r = 0;

	while (r == 0 && offset < span->size) {
		struct evtx_record record = evtx_record_take(bytes, offset, buffer);

		r = evtx_records_add(records, &record);
		offset = record_search(span, bytes, offset + record.size);
	}
	return r;
}

static int id_compare(const void *a, const void *b)
{
	const struct evtx_record *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* The records of a chunk by id, without what is malformed. */
static int originals_read(struct evtx_file *file, const struct evtx_span *span,
			  unsigned char *bytes, struct evtx_records *originals)
{
	struct arena arena = { 0 };
	size_t retained = 0;
	uint32_t end;
	int r = evtx_file_read(file, span, bytes);

	if (r == 0)
		r = evtx_chunk_scan(file, span, bytes, 0, originals, &arena, &end);
	for (size_t i = 0; i < originals->count; i++)
		if (originals->records[i].size)
			originals->records[retained++] = originals->records[i];
	originals->count = retained;
	if (retained > 0)
		qsort(originals->records, retained, sizeof *originals->records, id_compare);
	arena_free(&arena);
	return r;
}

/* Marks those @records that the chunk contains too, by the size 0. */
static int mark_copies(struct evtx_file *file, const struct evtx_span *span, unsigned char *bytes,
		       struct evtx_records *records)
{
	struct evtx_records originals = { 0 };
	int r = originals_read(file, span, bytes, &originals);

	for (size_t i = 0; r == 0 && originals.count > 0 && i < records->count; i++) {
		struct evtx_record *record = &records->records[i];
		const struct evtx_record *original = bsearch(record, originals.records,
							     originals.count,
							     sizeof *originals.records, id_compare);

		if (original && original->written == record->written)
			record->size = 0;
	}
	free(originals.records);
	return r;
}

/* The chunk of the log that may contain record @id, or NULL. */
static const struct evtx_span *span_of(const struct evtx_file *file, uint64_t id)
{
	size_t low = 0, high = file->span_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (file->spans[middle].first <= id)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && file->spans[low - 1].last >= id ? &file->spans[low - 1] : NULL;
}

int evtx_leftover_drop_copies(struct evtx_file *file, struct evtx_records *records)
{
	const struct evtx_span *known[ORIGINALS_MAX];
	unsigned char *bytes = malloc(EVTX_CHUNK_SIZE);
	unsigned known_count = 0;
	size_t retained = 0;
	int r = bytes ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < records->count && known_count < ORIGINALS_MAX; i++) {
		const struct evtx_span *span = span_of(file, records->records[i].id);
		bool is_known = !span;

		for (unsigned k = 0; k < known_count; k++)
			is_known |= known[k] == span;
		if (is_known)
			continue;
		known[known_count++] = span;
		r = mark_copies(file, span, bytes, records);
	}
	for (size_t i = 0; r == 0 && i < records->count; i++)
		if (records->records[i].size)
			records->records[retained++] = records->records[i];
	if (r == 0)
		records->count = retained;
	free(bytes);
	return r;
}
