/* SPDX-License-Identifier: MIT */
/* Reads the records of one chunk. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "trace/evtx/channel.h"

/* The scan of one chunk. */
struct scan {
	const struct evtx_span *span;
	const unsigned char *bytes;
	uint32_t buffer;
	struct evtx_records *records;
	struct arena *arena;
	uint64_t previous; /* id of the last record; 0: none yet */
	uint32_t last;     /* its offset */
	bool unknown_end;  /* the end of the records is unknown */
	bool doubtful;     /* the checksum of the records is wrong */
};

static int scan_malformed(struct scan *scan, uint32_t offset, bool gap,
			  struct sessionlint_text text)
{
	struct evtx_record malformed = {
		.id = scan->previous,
		.buffer = scan->buffer,
		.offset = offset,
		.reason = text,
		.gap = gap,
		.doubtful = scan->doubtful,
	};

	return evtx_records_add(scan->records, &malformed);
}

static int scan_record(struct scan *scan, uint32_t *offset)
{
	struct evtx_record record = evtx_record_take(scan->bytes, *offset, scan->buffer);

	record.doubtful = scan->doubtful;
	*offset += record.size;
	/* ids ascend; if the header cannot be trusted, a lower id is from an earlier use of the
	 * chunk */
	if (scan->unknown_end && scan->previous && record.id <= scan->previous)
		return scan_malformed(
			scan, record.offset, true,
			arena_format(scan->arena,
				     "chunk %u, record %llu: it does not follow record %llu",
				     scan->span->index + 1, (unsigned long long)record.id,
				     (unsigned long long)scan->previous));
	scan->previous = record.id;
	scan->last = record.offset;
	return evtx_records_add(scan->records, &record);
}

/* Skips bytes that are not a record, and reports them unless they are unused space. */
static int scan_damage(struct scan *scan, uint32_t *offset, uint32_t end)
{
	uint32_t begin = *offset;
	char after[48] = "";

	/* sizes of records are not aligned: a record can start at any byte */
	while (*offset < end && !evtx_record_is_at(scan->span, scan->bytes, *offset))
		++*offset;
	if (scan->previous)
		snprintf(after, sizeof after, " after record %llu",
			 (unsigned long long)scan->previous);
	return scan_malformed(scan, begin, true,
			      arena_format(scan->arena,
					   "chunk %u, byte %u%s: %u bytes are not a record",
					   scan->span->index + 1, begin, after, *offset - begin));
}

/* The end of the records, which is followed by unused space or leftovers. A damaged header is
 * trusted for this if its checksum of the records matches. */
static int scan_end(struct scan *scan, const struct evtx_file *file, uint32_t *ret_end)
{
	const struct evtx_span *span = scan->span;
	const unsigned char *bytes = scan->bytes;
	uint32_t free_space = read_u32(bytes + 48), number = span->index + 1;
	bool plausible, sound, cut;

	if (span->prepared) {
		*ret_end = EVTX_RECORDS_BEGIN;
		return 0;
	}
	plausible = free_space >= EVTX_RECORDS_BEGIN + !span->trusted && free_space <= span->size;
	sound = plausible &&
		(span->no_checksums ||
		 crc32_update(file->crc32, 0, bytes + EVTX_RECORDS_BEGIN,
			      free_space - EVTX_RECORDS_BEGIN) == read_u32(bytes + 52));
	*ret_end = plausible && (span->trusted || sound) ? free_space : span->size;
	/* the checksum of a cut chunk cannot be verified; its records are not damaged by the cut */
	cut = span->trusted && free_space > span->size;
	scan->doubtful = !sound && !cut;
	scan->unknown_end = !span->trusted && !sound;
	if (!span->trusted)
		return scan_malformed(
			scan, 0, false,
			arena_format(scan->arena,
				     "chunk %u: the header is damaged or out of date; "
				     "its records were found without it",
				     number));
	if (!scan->doubtful)
		return 0;
	return scan_malformed(
		scan, EVTX_RECORDS_BEGIN, true,
		arena_format(scan->arena,
			     "chunk %u: the checksum of its records is wrong; they are read anyway",
			     number));
}

static bool all_zero(const unsigned char *bytes, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

/* Whether the record at @offset has the same channel as the previous one; @channel is updated.
 * -ENOMEM. */
static int scan_channel(struct scan *scan, struct evtx_channels *channels, uint32_t offset,
			struct sessionlint_text *channel)
{
	struct sessionlint_text next = { 0 };
	int r = 0;

	if (!channel->data && scan->last)
		r = evtx_channel_read(channels, scan->last, channel);
	if (r == 0)
		r = evtx_channel_read(channels, offset, &next);
	if (r < 0)
		return r;
	/* the first one of a prepared chunk has been compared */
	if (!scan->last && scan->span->prepared)
		*channel = next;
	return evtx_channel_equal(*channel, next);
}

/* Adds records of the log that its headers do not count yet: see leftover.h. */
static int scan_on(struct scan *scan, const struct evtx_file *file, uint32_t *offset)
{
	const struct evtx_span *span = scan->span;
	struct sessionlint_text channel = { 0 };
	struct evtx_channels channels = { 0 };
	struct arena arena = { 0 };
	int r = 0;

	if (!file->dirty || (span->prepared && !span->accepted))
		return 0;
	while (r == 0 && *offset < span->size && evtx_record_is_at(span, scan->bytes, *offset) &&
	       read_u64(scan->bytes + *offset + 8) == scan->previous + 1) {
		if (!channels.chunk)
			r = evtx_channels_begin(&channels, span, scan->bytes, &arena);
		if (r == 0)
			r = scan_channel(scan, &channels, *offset, &channel);
		if (r <= 0)
			break;
		r = scan_record(scan, offset);
	}
	if (channels.chunk)
		evtx_channels_end(&channels);
	arena_free(&arena);
	return r;
}

int evtx_chunk_scan(const struct evtx_file *file, const struct evtx_span *span,
		    const unsigned char *bytes, uint32_t buffer, struct evtx_records *records,
		    struct arena *arena, uint32_t *ret_end)
{
	struct scan scan = {
		.span = span,
		.bytes = bytes,
		.buffer = buffer,
		.records = records,
		.arena = arena,
		.previous = (span->trusted || span->accepted) && span->first ? span->first - 1 : 0,
	};
	uint32_t end, offset = EVTX_RECORDS_BEGIN;
	int r = scan_end(&scan, file, &end);

	while (r == 0 && offset < end) {
		if (evtx_record_is_at(span, bytes, offset))
			r = scan_record(&scan, &offset);
		else if (all_zero(bytes + offset, end - offset))
			break;
		else
			r = scan_damage(&scan, &offset, end);
	}
	if (r == 0 && offset >= end)
		r = scan_on(&scan, file, &offset);
	*ret_end = offset > end ? offset : end;
	return r;
}
