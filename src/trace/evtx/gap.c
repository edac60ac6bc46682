/* SPDX-License-Identifier: MIT */
/* Markers before a record, for missing records. */
#include "trace/evtx/reader.h"

void evtx_record_start(const struct evtx_location *place, struct record *record)
{
	*record = (struct record) {
		.line = place->id,
		.offset = place->offset,
		.time = place->written,
		.keys = KEY_BIT(KEY_TIME),
		.event = SESSIONLINT_NO_EVENT,
		.from = SESSIONLINT_NO_STATE,
		.to = SESSIONLINT_NO_STATE,
		.state = SESSIONLINT_NO_STATE,
	};
}

void evtx_deliver_gap(struct batch *batch, const struct evtx_location *place, uint64_t lost,
		      struct sessionlint_text reason)
{
	struct record *record = &batch->records[batch->count++];

	evtx_record_start(place, record);
	record->keys = KEY_BIT(KEY_MARKER);
	record->kind = RECORD_MARKER;
	record->marker = MARKER_GAP;
	record->lost = lost;
	record->reason = reason;
	if (!reason.size)
		record->flags = RECORD_REPORTED;
}

struct sessionlint_text evtx_missing_text(struct arena *arena, uint64_t count)
{
	return arena_format(arena, "%llu record%s missing before this one",
			    (unsigned long long)count, count == 1 ? " is" : "s are");
}

void evtx_deliver_doubt(struct evtx *evtx, struct batch *batch, const struct evtx_location *place)
{
	if (evtx->doubt)
		evtx_deliver_gap(batch, place, RECORDS_UNCOUNTED, text_of(NULL, 0));
	evtx->doubt = false;
}

void evtx_deliver_news(struct batch *batch, const struct evtx_location *place,
		       const struct evtx_news *news)
{
	unsigned long long before = news->before, after = news->after;

	switch (news->kind) {
	case EVTX_HOLE:
		evtx_deliver_gap(batch, place, after - before - 1,
				 evtx_missing_text(&batch->arena, after - before - 1));
		batch->records[batch->count - 1].flags |= RECORD_RENUMBERED;
		break;
	case EVTX_BACK:
		evtx_deliver_gap(
			batch, place, RECORDS_UNCOUNTED,
			arena_format(
				&batch->arena,
				"the records are out of order: EventRecordID %llu follows %llu",
				after, before));
		break;
	case EVTX_SEVERAL:
		evtx_deliver_gap(batch, place, RECORDS_UNCOUNTED,
				 text_from("records of several channels or computers: from here on "
					   "each channel of each computer is checked on its own"));
		break;
	case EVTX_NO_NEWS:
		break;
	}
}

void evtx_deliver_copy(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
		       uint64_t own)
{
	if (evtx->copy_reported)
		return;
	evtx->copy_reported = true;
	evtx_deliver_gap(batch, place, 0,
			 arena_format(&batch->arena,
				      "EventRecordID %llu of this channel occurs more than once; "
				      "copies are ignored",
				      (unsigned long long)own));
	batch->records[batch->count - 1].marker = MARKER_REMARK;
}

/* What to report about records missing in the channel of the next record; empty: nothing, or not
 * again. */
static struct sessionlint_text stream_text(struct evtx *evtx, struct arena *arena,
					   const struct evtx_stream *stream)
{
	unsigned long long before = stream->before, after = stream->after;

	if (stream->unordered)
		return arena_format(arena,
				    "the records of this channel are out of order: EventRecordID "
				    "%llu follows %llu",
				    after, before);
	if (stream->lost == RECORDS_UNCOUNTED || stream->lost == 0 || evtx->hole_reported)
		return text_of(NULL, 0);
	evtx->hole_reported = true;
	return arena_format(arena,
			    "EventRecordID goes from %llu to %llu in this channel: the records "
			    "between are missing or were left out; further holes are not reported",
			    before, after);
}

int evtx_deliver_stream(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
			const struct collect *collect, struct evtx_stream *stream)
{
	struct record *gap = &batch->records[batch->count - 1], record;
	bool boots = false;
	uint64_t lost = stream ? stream->lost : 0;
	struct sessionlint_text reason = { 0 };
	int r = 0;

	/* it has no boots of its own, and any other channel's boot may be before it */
	if (gap->kind == RECORD_EVENT && gap->source == SESSIONLINT_SOURCE_WDM)
		r = numbering_boots(&evtx->numbering, &evtx->file,
				    stream ? stream->computer : collect_computer(collect), &boots);
	if (r < 0)
		return r;
	if (boots || (stream && stream->unordered))
		lost = RECORDS_UNCOUNTED;
	if (lost == 0)
		return 0;
	if (stream)
		reason = stream_text(evtx, &batch->arena, stream);
	record = *gap;
	batch->count--;
	evtx_deliver_gap(batch, place, lost, reason);
	gap->host = record.host;
	gap->source = record.source;
	gap->keys |= record.keys & KEY_BIT(KEY_HOST);
	gap->flags |= record.flags & (RECORD_HOST_IS_LABEL | RECORD_OF_CHANNEL);
	batch->records[batch->count++] = record;
	if (stream) {
		stream->lost = 0;
		stream->unordered = false;
	}
	return 0;
}

int evtx_record_make(struct evtx *evtx, struct collect *collect, struct record *record)
{
	struct reader_counts *counts = &evtx->file.reader->counts;
	int r;

	record->flags |= evtx->numbering.kind == EVTX_COLLECTED ? RECORD_OF_CHANNEL
								: RECORD_HOST_IS_LABEL;
	if (evtx->numbering.kind == EVTX_EXPORTED)
		record->flags |= RECORD_RENUMBERED;
	r = collect_record(collect, record);
	counts->noted += r == 0;
	return r;
}
