/* SPDX-License-Identifier: MIT */
/* Windows event logs, .evtx: records in the order of their EventRecordID; only values are read. */
#include <errno.h>
#include <stdlib.h>

#include "trace/evtx/extent.h"
#include "trace/evtx/leftover.h"
#include "trace/evtx/reader.h"
#include "trace/evtx/value.h"
#include "trace/keys.h"

static enum probe_result evtx_probe(const struct head *head)
{
	return evtx_file_is_log(head->bytes, head->size) ? PROBE_YES : PROBE_NO;
}

static void evtx_close(struct reader *reader)
{
	struct evtx *evtx = reader->private_data;

	groups_ahead_free(evtx->ahead);
	evtx_group_free(&evtx->group);
	numbering_free(&evtx->numbering);
	evtx_file_close(&evtx->file);
	free(evtx);
}

static int evtx_open(struct reader *reader)
{
	struct evtx *evtx = calloc(1, sizeof *evtx);
	int r;

	if (!evtx)
		return -ENOMEM;
	r = evtx_file_open(&evtx->file, reader);
	if (r < 0) {
		free(evtx);
		return r;
	}
	reader->private_data = evtx;
	numbering_init(&evtx->numbering);
	return 0;
}

static int evtx_find_extent(struct reader *reader, struct reader_extent *ret_extent)
{
	struct evtx *evtx = reader->private_data;

	return evtx_extent(&evtx->file, &evtx->group, ret_extent);
}

static void evtx_rest(struct reader *reader)
{
	struct evtx *evtx = reader->private_data;

	groups_ahead_free(evtx->ahead);
	evtx->ahead = NULL;
	evtx_group_free(&evtx->group);
}

/* ---- records ---- */

/* Finds out from the first records how the log is numbered. */
static int numbering_learn(struct evtx *evtx)
{
	for (size_t i = 0; i < evtx->group.records.count; i++) {
		const struct evtx_record *source = &evtx->group.records.records[i];
		struct arena arena = { 0 };
		struct collect collect = { .arena = &arena, .whole = true };
		const char *reason;
		int r = 0;

		if (source->size == 0)
			continue;
		r = collect_visit(&collect, &evtx->group.chunks[source->buffer], source, &reason);
		if (r == 0)
			numbering_sample(&evtx->numbering, &collect, source);
		arena_free(&arena);
		if (r == -ENOMEM)
			return r;
	}
	numbering_settle(&evtx->numbering);
	/* the log continues an earlier file */
	if (evtx->numbering.kind == EVTX_PLAIN)
		evtx->previous = evtx->file.reader->options.after;
	else
		evtx->numbering.previous = evtx->file.reader->options.after;
	return 0;
}

/* Leftovers of several logs can be next to each other. */
static void follow_channel(struct evtx *evtx, const struct collect *collect)
{
	uint64_t channel = value_hash(&collect->values[WINDOWS_CHANNEL]) ^
			   value_hash(&collect->values[WINDOWS_COMPUTER]);

	evtx->doubt |= channel != evtx->channel;
	evtx->channel = channel;
}

static struct evtx_location place_of(const struct evtx *evtx, const struct evtx_record *source)
{
	return (struct evtx_location) {
		.id = source->id,
		.offset = evtx->group.spans[source->buffer].offset + source->offset,
		.written = source->written,
	};
}

/* Evaluates the number of a record. Returns 1 if it can be delivered now; 0 if it waits or is
 * skipped. */
static int record_follow(struct evtx *evtx, const struct evtx_record *source,
			 struct collect *collect, struct batch *batch,
			 const struct evtx_location *place, struct evtx_stream **ret_stream)
{
	struct evtx_news news;

	/* the record of this export was in an earlier file of the log */
	if (evtx->numbering.kind == EVTX_EXPORTED && collect->own_id &&
	    collect->own_id <= evtx->file.reader->options.after)
		return 0;
	if (evtx->recovering) {
		follow_channel(evtx, collect);
		return 1;
	}
	if (source->doubtful)
		return 1;
	news = numbering_follow(&evtx->numbering, collect, source);
	evtx_deliver_news(batch, place, &news);
	if (evtx->numbering.kind != EVTX_COLLECTED)
		return 1;
	return evtx_reorder(evtx, batch, place, collect, ret_stream);
}

/* Delivers a gap if earlier records were in doubt. Later ones are if @source is. */
static void deliver_doubt(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
			  const struct evtx_record *source)
{
	evtx->doubt |= source->doubtful;
	evtx_deliver_doubt(evtx, batch, place);
	evtx->doubt = source->doubtful;
}

static int deliver_unreadable(struct evtx *evtx, const struct evtx_record *source,
			      struct batch *batch, const struct evtx_location *place,
			      const char *reason)
{
	struct record *record;

	if (evtx->recovering) {
		/* data that it shares with other records has been overwritten */
		evtx->doubt = true;
		return 0;
	}
	deliver_doubt(evtx, batch, place, source);
	record = &batch->records[batch->count++];
	evtx_record_start(place, record);
	record->keys = 0;
	record_make_malformed(record, arena_format(&batch->arena, "chunk %u, record %llu: %s",
						   evtx->group.spans[source->buffer].index + 1,
						   (unsigned long long)source->id, reason));
	return 0;
}

/* Delivers the collected record, and before it what is missing in its stream. */
static int record_deliver(struct evtx *evtx, const struct evtx_record *source,
			  struct collect *collect, struct batch *batch,
			  const struct evtx_location *place, struct evtx_stream *stream)
{
	struct record *record;
	int r;

	/* an annotation is not judged: what may be wrong or missing matters to what follows */
	if ((evtx->doubt || source->doubtful) && collect_annotates(collect))
		evtx->doubt = true;
	else
		deliver_doubt(evtx, batch, place, source);
	record = &batch->records[batch->count];
	evtx_record_start(place, record);
	r = evtx_record_make(evtx, collect, record);
	/* a boot ends what was before, but says nothing about what follows */
	evtx->doubt |= evtx->recovering && record->marker == MARKER_BOOT;
	if (r <= 0)
		return r;
	if (evtx_may_repeat(record) &&
	    evtx_repeats(evtx, record, collect_computer(collect), collect_subscriber(collect)))
		return 0;
	batch->count++;
	if (record->kind == RECORD_ANNOTATION)
		return 0;
	return evtx_deliver_stream(evtx, batch, place, collect, stream);
}

/* Reads a record into the batch, preceded by what its number shows. */
static int record_read(struct evtx *evtx, const struct evtx_record *source, struct batch *batch)
{
	const struct evtx_location place = place_of(evtx, source);
	struct collect collect = {
		.arena = &batch->arena,
		.whole = evtx->numbering.kind != EVTX_PLAIN,
	};
	struct evtx_stream *stream = NULL;
	enum windows_interest interest;
	const char *reason;
	int r = collect_visit(&collect, &evtx->group.chunks[source->buffer], source, &reason);

	/* what is left of an annotation is better than none, and no session depends on it */
	if (r == -EBADMSG && collect.has_id && collect_annotates(&collect))
		r = 0;
	if (r == -EBADMSG)
		return deliver_unreadable(evtx, source, batch, &place, reason);
	if (r == 0)
		r = record_follow(evtx, source, &collect, batch, &place, &stream);
	if (r <= 0)
		return r;
	interest = collect_interest(&collect);
	evtx_count(evtx, interest);
	if (interest == WINDOWS_MAP)
		return record_deliver(evtx, source, &collect, batch, &place, stream);
	evtx->doubt |= source->doubtful;
	return 0;
}

/* ---- contents of a chunk ---- */

/* Reads the next chunk, with those whose records overlap it. */
static int group_next(struct evtx *evtx)
{
	int r;

	if (evtx->span == 0 && !evtx->ahead && evtx->file.reader->options.threads &&
	    evtx->file.span_count >= GROUPS_AHEAD_MIN)
		groups_ahead_new(&evtx->file, &evtx->ahead);
	r = evtx->ahead ? groups_ahead_take(evtx->ahead, &evtx->group)
			: evtx_group_read(&evtx->group, &evtx->file, evtx->span);
	if (r < 0)
		return r;
	evtx->span += evtx->group.count;
	evtx->numbering.current = false;
	for (size_t i = 0; i < evtx->group.count; i++) {
		evtx->group.spans[i].leftovers = evtx->group.leftovers >> i & 1;
		reader_pass(evtx->file.reader, evtx->group.spans[i].size);
	}
	return 0;
}

/* Reports something malformed: a gap, where records may be lost, or only a remark. */
static void deliver_malformed(struct batch *batch, const struct evtx_record *malformed,
			      uint64_t offset)
{
	struct record *record = &batch->records[batch->count++];

	*record = (struct record) { .line = malformed->id,
				    .offset = offset,
				    .time = SESSIONLINT_NO_TIME };
	if (malformed->gap) {
		record_make_malformed(record, malformed->reason);
		return;
	}
	record->kind = RECORD_MARKER;
	record->marker = MARKER_REMARK;
	record->keys = KEY_BIT(KEY_MARKER);
	record->reason = malformed->reason;
}

/* Delivers the record evtx->group.next, or what is malformed there. Uses at most DELIVER_MOST
 * records of the batch. */
#define DELIVER_MOST 5

static int deliver(struct evtx *evtx, struct batch *batch)
{
	const struct evtx_record *source = &evtx->group.records.records[evtx->group.next++];
	uint32_t chunk = evtx->group.spans[source->buffer].index;
	uint64_t before = evtx->previous;
	struct evtx_location place;

	evtx->ordinal++;
	if (source->size == 0) {
		deliver_malformed(batch, source,
				  evtx->group.spans[source->buffer].offset + source->offset);
		return 0;
	}
	/* the record was in an earlier file of the log */
	if (evtx->numbering.kind == EVTX_PLAIN && !evtx->recovering &&
	    source->id <= evtx->file.reader->options.after)
		return 0;
	/* the same record in another chunk: one of them is a stale copy */
	if (before && source->id == before && chunk != evtx->previous_chunk)
		return 0;
	place = place_of(evtx, source);
	if (before && source->id < before)
		evtx_deliver_gap(batch, &place, RECORDS_UNCOUNTED,
				 arena_format(&batch->arena,
					      "the records are out of order: this one follows %llu",
					      (unsigned long long)before));
	else if (before && source->id > before + 1)
		evtx_deliver_gap(batch, &place, source->id - before - 1,
				 evtx_missing_text(&batch->arena, source->id - before - 1));
	evtx->previous = source->id;
	evtx->previous_chunk = chunk;
	evtx->file.reader->counts.records++;
	return record_read(evtx, source, batch);
}

/* ---- leftovers ---- */

/* The first leftover of each chunk reports where they come from; the state of sessions becomes
 * unknown. */
static int recover(struct evtx *evtx, struct batch *batch)
{
	const struct evtx_record *source = &evtx->group.records.records[evtx->group.next];
	const struct evtx_location place = place_of(evtx, source);
	unsigned chunk = evtx->group.spans->index + 1;

	if (evtx->group.next++ == 0)
		evtx_deliver_gap(batch, &place, RECORDS_UNCOUNTED,
				 arena_format(&batch->arena,
					      "left over after the end of chunk %u: the following "
					      "records may not belong to this log",
					      chunk));
	else if (source->id != evtx->previous + 1)
		evtx->doubt = true;
	evtx->previous = source->id;
	evtx->file.reader->counts.records++;
	return record_read(evtx, source, batch);
}

/* Whether the record is of the session manager's log, or judged. */
static bool collect_matters(const struct collect *collect)
{
	return collect->event.provider == WINDOWS_LSM ||
	       (collect_interest(collect) == WINDOWS_MAP && !collect_annotates(collect));
}

/* Finds out whether one of the leftovers is of a session log. -ENOMEM. */
static int leftovers_matter(struct evtx *evtx)
{
	for (size_t i = 0; i < evtx->group.records.count && !evtx->left_matters; i++) {
		struct arena arena = { 0 };
		struct collect collect = { .arena = &arena };
		const char *reason;
		int r = collect_visit(&collect, &evtx->group.chunks[0],
				      &evtx->group.records.records[i], &reason);

		arena_free(&arena);
		if (r == -ENOMEM)
			return r;
		evtx->left_matters = r == 0 && collect_matters(&collect);
	}
	return 0;
}

/* Reads the leftovers of the next chunk, to deliver or to count them. */
static int leftovers_read(struct evtx *evtx)
{
	struct evtx_span *span = &evtx->file.spans[evtx->leftover++];
	struct evtx_group *group = &evtx->group;
	uint32_t end;
	int r;

	if (!span->leftovers)
		return 0;
	r = evtx_group_read_one(group, &evtx->file, span, &end);
	group->records.count = 0;
	if (r == 0)
		r = evtx_leftover_scan(span, group->bytes, end, 0, &group->records);
	if (r == 0)
		r = evtx_leftover_drop_copies(&evtx->file, &group->records);
	if (r < 0)
		return r;
	if (evtx->file.reader->options.recover)
		return 0;
	if (evtx->left == 0 && group->records.count > 0)
		evtx->left_at = span->offset + group->records.records[0].offset;
	evtx->left += group->records.count;
	r = leftovers_matter(evtx);
	group->records.count = 0;
	return r;
}

/* Reports the number of leftovers, if any of them can matter. */
static void deliver_left(struct evtx *evtx, struct batch *batch)
{
	struct evtx_record remark = { 0 };
	uint64_t count = evtx->left;

	evtx->left = 0;
	if (count == 0 || !evtx->left_matters)
		return;
	remark.reason = arena_format(
		&batch->arena,
		"%llu record%s after the end of the log %s not read, because it is unknown whether "
		"%s to it; --recover reads %s",
		(unsigned long long)count, count == 1 ? "" : "s", count == 1 ? "was" : "were",
		count == 1 ? "it belongs" : "they belong", count == 1 ? "it" : "them");
	deliver_malformed(batch, &remark, evtx->left_at);
	batch->records[batch->count - 1].marker = MARKER_LEFTOVER;
}

/* ---- reading ---- */

/* Reads the next chunk; those of the log itself come first. Returns 1, or 0 at the end. */
static int chunk_next(struct evtx *evtx, struct batch *batch)
{
	bool first = evtx->span == 0;
	int r;

	if (evtx->span < evtx->file.span_count) {
		r = group_next(evtx);
		if (r == 0 && first)
			r = numbering_learn(evtx);
		return r < 0 ? r : 1;
	}
	if (!evtx->ended) {
		evtx_release_all(evtx);
		return 1;
	}
	if (evtx->leftover < evtx->file.span_count) {
		evtx->recovering = true;
		r = leftovers_read(evtx);
		return r < 0 ? r : 1;
	}
	deliver_left(evtx, batch);
	return 0;
}

static int evtx_read(struct reader *reader, struct batch *batch)
{
	struct evtx *evtx = reader->private_data;
	struct evtx_records *list = &evtx->file.malformed;
	int r = 1;

	evtx_group_begin_batch(&evtx->group);
	for (; evtx->malformed < list->count && batch->count + DELIVER_MOST <= BATCH_RECORDS;
	     evtx->malformed++) {
		const struct evtx_record *malformed = &list->records[evtx->malformed];

		deliver_malformed(batch, malformed,
				  (uint64_t)malformed->buffer << 32 | malformed->offset);
	}
	while (r > 0 && batch->count + DELIVER_MOST <= BATCH_RECORDS) {
		if (evtx->releasing) {
			r = evtx_release(evtx, batch);
			if (r == 0)
				r = 1;
		} else if (evtx->group.next < evtx->group.records.count) {
			r = evtx->recovering ? recover(evtx, batch) : deliver(evtx, batch);
			if (r == 0)
				r = 1;
		} else if (batch->count > 0) {
			/* texts of the batch can be in the group's buffers */
			break;
		} else {
			/* skipped records may have left texts */
			arena_reset(&batch->arena);
			r = chunk_next(evtx, batch);
		}
	}
	return r < 0 ? r : 0;
}

const struct reader_format reader_evtx = {
	.name = "evtx",
	.summary = "Windows event log",
	.probe = evtx_probe,
	.open = evtx_open,
	.read = evtx_read,
	.close = evtx_close,
	.extent = evtx_find_extent,
	.rest = evtx_rest,
	.windows_log = true,
};
