/* SPDX-License-Identifier: MIT */
/* Windows event logs, .evtx: records in the order of their EventRecordID, values only. */
#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "trace/evtx_file.h"
#include "trace/evtx_value.h"
#include "trace/keys.h"

/* Chunks whose records have overlapping ids are read together and sorted, up to so many. */
#define GROUP_MAX 16U

/* How the ids of the records stand to those in their documents. */
enum evtx_numbering {
	EVTX_PLAIN,     /* they are the same */
	EVTX_EXPORTED,  /* an export counts anew; what it left out is missing in the documents' ids
			 */
	EVTX_FORWARDED, /* the log collects those of several others: the computer is a key */
};

struct evtx {
	struct evtx_file file;
	size_t span;          /* the next one to read */
	size_t trouble;       /* the next one of the file to tell */
	unsigned char *bytes; /* of the group, GROUP_MAX chunks at most */
	struct evtx_chunk *chunks;
	const struct evtx_span *group;
	struct evtx_records records;
	struct arena arena; /* of the group */
	size_t next;        /* the record to deliver next */
	uint64_t previous;  /* the id delivered last; 0 before the first */
	uint32_t previous_chunk;

	enum evtx_numbering numbering;
	uint64_t previous_own; /* the EventRecordID in the last document that was asked for it */
	uint64_t computer;     /* of the last record that was asked for it, as a number */
};

/* A record while its pieces are visited. */
struct collect {
	struct evtx *evtx;
	struct arena *arena;
	struct windows_event event;
	bool whole;      /* go on to the end, whatever the record is about */
	uint64_t own_id; /* the EventRecordID in the document */
	uint64_t time;   /* its TimeCreated */
	bool has_id;
	struct evtx_value values[WINDOWS_FIELDS];
	uint32_t leaves[WINDOWS_FIELDS];
};

static bool evtx_probe(const unsigned char *bytes, size_t size)
{
	/* a log whose header is destroyed still begins its first chunk at a known place */
	return (size >= 8 && memcmp(bytes, "ElfFile", 8) == 0) ||
	       (size >= EVTX_HEADER_SIZE + 8 &&
		memcmp(bytes + EVTX_HEADER_SIZE, "ElfChnk", 8) == 0);
}

static void evtx_close(struct reader *reader)
{
	struct evtx *evtx = reader->private_data;

	for (unsigned i = 0; evtx->chunks && i < GROUP_MAX; i++)
		evtx_chunk_free(&evtx->chunks[i]);
	free(evtx->chunks);
	free(evtx->bytes);
	free(evtx->records.records);
	arena_free(&evtx->arena);
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
	reader->done = EVTX_HEADER_SIZE;
	evtx->bytes = malloc((size_t)GROUP_MAX * EVTX_CHUNK_SIZE);
	evtx->chunks = calloc(GROUP_MAX, sizeof *evtx->chunks);
	if (!evtx->bytes || !evtx->chunks) {
		evtx_close(reader);
		return -ENOMEM;
	}
	return 0;
}

/* ---- records ---- */

/* Keeps a text value. Pieces of one text are put together; of several fields with one name the
 * first counts. */
static int collect_text(struct collect *collect, const struct evtx_piece *piece,
			const struct evtx_value *value)
{
	struct evtx_value *have = &collect->values[piece->field];
	bool first = !have->bytes;
	unsigned char *joined;

	if (first)
		collect->leaves[piece->field] = piece->leaf;
	/* what lies in the chunk stays there; a single character does not */
	if (first && (piece->kind != EVTX_LITERAL || piece->offset)) {
		*have = *value;
		return 0;
	}
	if (collect->leaves[piece->field] != piece->leaf || (!first && have->type != EVTX_STRING) ||
	    value->type != EVTX_STRING)
		return 0;
	joined = (unsigned char *)arena_allocate(collect->arena,
						 (size_t)have->size + value->size + 1);
	if (!joined)
		return -ENOMEM;
	if (!first)
		memcpy(joined, have->bytes, have->size);
	memcpy(joined + have->size, value->bytes, value->size);
	have->type = EVTX_STRING;
	have->bytes = joined;
	have->size += value->size;
	return 0;
}

/* Stops the walk as soon as it is clear that the record says nothing of sessions. */
#define COLLECT_ENOUGH 1

static int collect_piece(void *userdata, const struct evtx_chunk *chunk,
			 const struct evtx_piece *piece, const struct evtx_value *value)
{
	struct collect *collect = userdata;
	uint64_t number;

	(void)chunk;
	if (piece->kind == EVTX_NESTED) {
		return windows_interest(collect->event.provider, collect->event.id) == WINDOWS_MAP
			       ? 0
			       : COLLECT_ENOUGH;
	}
	switch (piece->field) {
	case WINDOWS_PROVIDER:
		if (collect->event.provider == WINDOWS_OTHER)
			collect->event.provider = value_provider(value);
		return 0;
	case WINDOWS_EVENT_ID:
		if (collect->has_id || !value_number(value, &number) || number > UINT32_MAX)
			return 0;
		collect->has_id = true;
		collect->event.id = (uint32_t)number;
		return collect->whole || windows_id_matters(collect->event.id) ? 0 : COLLECT_ENOUGH;
	case WINDOWS_RECORD_ID:
		if (value_number(value, &number))
			collect->own_id = number;
		return 0;
	case WINDOWS_TIME:
		collect->time = value_time(value);
		return 0;
	case WINDOWS_SESSION:
		if (!collect->event.has_session && value_number(value, &number) &&
		    number <= UINT32_MAX) {
			collect->event.session = (uint32_t)number;
			collect->event.has_session = true;
		}
		return 0;
	default:
		return collect_text(collect, piece, value);
	}
}

/* Makes a record of what was collected. Returns 1 if there is one to deliver. */
static int collect_record(struct collect *collect, struct record *record)
{
	struct evtx *evtx = collect->evtx;
	struct reader_counts *counts = &evtx->file.reader->counts;
	enum windows_interest interest = windows_interest(collect->event.provider,
							  collect->event.id);
	struct sessionlint_text reason;
	int r;

	counts->noted += interest == WINDOWS_NOTE;
	counts->skipped += interest == WINDOWS_SKIP;
	if (interest != WINDOWS_MAP)
		return 0;
	for (unsigned field = WINDOWS_NONE + 1; field < WINDOWS_FIELDS; field++)
		if (collect->values[field].bytes)
			collect->event.texts[field] = value_text(&collect->values[field],
								 collect->arena);
	record->host = collect->event.texts[WINDOWS_COMPUTER];
	if (record->host.size)
		record->keys |= KEY_BIT(KEY_HOST);
	if (evtx->numbering != EVTX_FORWARDED)
		record->flags |= RECORD_HOST_IS_LABEL;
	/* an export keeps the document, and puts another time in front of it */
	if (collect->time)
		record->time = collect->time;
	r = windows_map(&collect->event, record, collect->arena, &reason);
	if (r < 0) {
		record_spoil(record, reason);
		return 1;
	}
	counts->noted += r == 0;
	return r;
}

static void record_start(const struct evtx *evtx, const struct evtx_record *source,
			 struct record *record)
{
	*record = (struct record) {
		.line = source->id,
		.offset = evtx->group[source->buffer].offset + source->offset,
		.time = source->written,
		.keys = KEY_BIT(KEY_TIME),
		.event = SESSIONLINT_NO_EVENT,
		.from = SESSIONLINT_NO_STATE,
		.to = SESSIONLINT_NO_STATE,
		.state = SESSIONLINT_NO_STATE,
	};
}

/* Visits the document of a record. -EBADMSG with a reason if that cannot be read; -ENOMEM. */
static int record_visit(struct evtx *evtx, const struct evtx_record *source,
			struct collect *collect, const char **ret_reason)
{
	int r = evtx_document_visit(&evtx->chunks[source->buffer], source->offset + 24,
				    source->offset + source->size - 4, collect_piece, collect,
				    ret_reason);

	if (r == 0 && !collect->has_id) {
		*ret_reason = "it has no EventID";
		return -EBADMSG;
	}
	return r < 0 ? r : 0;
}

/* ---- numbering ---- */

/* Says that records of any host may be missing before @source. */
static void deliver_gap(struct evtx *evtx, struct batch *batch, const struct evtx_record *source,
			struct sessionlint_text reason)
{
	struct record *record = &batch->records[batch->count++];

	record_start(evtx, source, record);
	record->keys = KEY_BIT(KEY_MARKER);
	record->kind = RECORD_MARKER;
	record->marker = MARKER_GAP;
	record->reason = reason;
}

static struct sessionlint_text missing_text(struct arena *arena, uint64_t count)
{
	return arena_format(arena, "%llu record%s missing before this one",
			    (unsigned long long)count, count == 1 ? " is" : "s are");
}

/*
 * Compares the id in the document with those before: a hole tells of records that an export left
 * out. One that does not fit is damaged, unless the computer is another one too: then the log
 * collects those of several.
 */
static void follow_own_id(struct evtx *evtx, struct batch *batch, const struct evtx_record *source,
			  const struct collect *collect)
{
	uint64_t before = evtx->previous_own, own = collect->own_id;
	uint64_t computer = value_hash(&collect->values[WINDOWS_COMPUTER]);
	bool moved = evtx->computer && computer && computer != evtx->computer;

	if (computer)
		evtx->computer = computer;
	if (own == 0)
		return;
	evtx->previous_own = own;
	if (evtx->numbering == EVTX_FORWARDED ||
	    (evtx->numbering == EVTX_PLAIN && own == source->id))
		return;
	if (moved && (evtx->numbering == EVTX_PLAIN || own <= before)) {
		evtx->numbering = EVTX_FORWARDED;
		deliver_gap(evtx, batch, source,
			    text_from("records of several logs: from here on they are told apart "
				      "by their "
				      "computers"));
	} else if (evtx->numbering == EVTX_EXPORTED && before && own > before + 1) {
		deliver_gap(evtx, batch, source, missing_text(&batch->arena, own - before - 1));
	}
}

/* Learns from the first records how the log is numbered. */
static int numbering_learn(struct evtx *evtx)
{
	uint64_t before = 0;
	size_t same = 0, other = 0;
	bool ascending = true;

	for (size_t i = 0; i < evtx->records.count; i++) {
		const struct evtx_record *source = &evtx->records.records[i];
		struct arena arena = { 0 };
		struct collect collect = { .evtx = evtx, .arena = &arena, .whole = true };
		const char *reason;
		int r;

		if (source->size == 0)
			continue;
		r = record_visit(evtx, source, &collect, &reason);
		arena_free(&arena);
		if (r == -ENOMEM)
			return r;
		if (r < 0 || collect.own_id == 0)
			continue;
		/* a damaged record does not make another log of it */
		same += collect.own_id == source->id;
		other += collect.own_id != source->id;
		ascending &= collect.own_id > before;
		before = collect.own_id;
	}
	if (other > same)
		evtx->numbering = ascending ? EVTX_EXPORTED : EVTX_FORWARDED;
	return 0;
}

/* Reads a record into the batch, and in front of it what its number says. */
static int record_read(struct evtx *evtx, const struct evtx_record *source, struct batch *batch)
{
	struct collect collect = {
		.evtx = evtx,
		.arena = &batch->arena,
		.whole = evtx->numbering == EVTX_EXPORTED,
	};
	struct record *record;
	const char *reason = "";
	int r = record_visit(evtx, source, &collect, &reason);

	if (r == 0)
		follow_own_id(evtx, batch, source, &collect);
	record = &batch->records[batch->count];
	record_start(evtx, source, record);
	if (r == -EBADMSG) {
		record->keys = 0;
		record_spoil(record, arena_format(&batch->arena, "chunk %u, record %llu: %s",
						  evtx->group[source->buffer].index + 1,
						  (unsigned long long)source->id, reason));
		r = 1;
	} else if (r == 0) {
		r = collect_record(&collect, record);
	}
	batch->count += r > 0;
	return r < 0 ? r : 0;
}

/* ---- order ---- */

static int record_compare(const void *a, const void *b)
{
	const struct evtx_record *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->buffer != y->buffer)
		return x->buffer < y->buffer ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Reads the next chunk, and with it those whose records lie between its own. */
static int group_read(struct evtx *evtx)
{
	const struct evtx_span *spans = evtx->file.spans + evtx->span;
	uint64_t last = spans[0].last;
	size_t left = evtx->file.span_count - evtx->span, count = 1;

	while (count < left && count < GROUP_MAX && spans[count].first <= last) {
		if (spans[count].last > last)
			last = spans[count].last;
		count++;
	}
	evtx->group = spans;
	evtx->span += count;
	evtx->next = evtx->records.count = 0;
	arena_reset(&evtx->arena);
	for (uint32_t i = 0; i < count; i++) {
		unsigned char *bytes = evtx->bytes + (size_t)i * EVTX_CHUNK_SIZE;
		int r = evtx_file_read(&evtx->file, &spans[i], bytes);

		if (r == 0)
			r = evtx_chunk_scan(&evtx->file, &spans[i], bytes, i, &evtx->records,
					    &evtx->arena);
		if (r < 0)
			return r;
		evtx_chunk_begin(&evtx->chunks[i], bytes, spans[i].size);
		evtx->file.reader->done += spans[i].size;
	}
	for (size_t i = 1; i < evtx->records.count; i++) {
		if (record_compare(&evtx->records.records[i - 1], &evtx->records.records[i]) > 0) {
			qsort(evtx->records.records, evtx->records.count,
			      sizeof *evtx->records.records, record_compare);
			break;
		}
	}
	return 0;
}

/* Says that something is wrong: records may be lost there, or it is only worth a remark. */
static void deliver_trouble(struct batch *batch, const struct evtx_record *trouble, uint64_t offset)
{
	struct record *record = &batch->records[batch->count++];

	*record = (struct record) { .line = trouble->id,
				    .offset = offset,
				    .time = SESSIONLINT_NO_TIME };
	if (trouble->gap) {
		record_spoil(record, trouble->trouble);
		return;
	}
	record->kind = RECORD_MARKER;
	record->marker = MARKER_REMARK;
	record->keys = KEY_BIT(KEY_MARKER);
	record->reason = trouble->trouble;
}

/* Delivers the record evtx->next, or what is wrong there. At most DELIVER_MOST records of the batch
 * are used. */
#define DELIVER_MOST 3

static int deliver(struct evtx *evtx, struct batch *batch)
{
	const struct evtx_record *source = &evtx->records.records[evtx->next++];
	uint32_t chunk = evtx->group[source->buffer].index;
	uint64_t before = evtx->previous;

	if (source->size == 0) {
		deliver_trouble(batch, source, evtx->group[source->buffer].offset + source->offset);
		return 0;
	}
	/* the same record in another chunk: one of them is a stale copy */
	if (before && source->id == before && chunk != evtx->previous_chunk)
		return 0;
	if (before && source->id < before)
		deliver_gap(evtx, batch, source,
			    arena_format(&batch->arena,
					 "the records are not in order: this one follows %llu",
					 (unsigned long long)before));
	else if (before && source->id > before + 1)
		deliver_gap(evtx, batch, source,
			    missing_text(&batch->arena, source->id - before - 1));
	evtx->previous = source->id;
	evtx->previous_chunk = chunk;
	evtx->file.reader->counts.records++;
	return record_read(evtx, source, batch);
}

static int evtx_read(struct reader *reader, struct batch *batch)
{
	struct evtx *evtx = reader->private_data;
	struct evtx_records *troubles = &evtx->file.troubles;

	for (; evtx->trouble < troubles->count && batch->count + DELIVER_MOST <= BATCH_RECORDS;
	     evtx->trouble++) {
		const struct evtx_record *trouble = &troubles->records[evtx->trouble];

		deliver_trouble(batch, trouble, (uint64_t)trouble->buffer << 32 | trouble->offset);
	}
	while (batch->count + DELIVER_MOST <= BATCH_RECORDS) {
		int r;

		if (evtx->next < evtx->records.count) {
			r = deliver(evtx, batch);
		} else if (batch->count > 0 || evtx->span == evtx->file.span_count) {
			/* texts of the batch can lie in the group's buffers */
			break;
		} else {
			bool first = evtx->span == 0;

			r = group_read(evtx);
			if (r == 0 && first)
				r = numbering_learn(evtx);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

const struct reader_format reader_evtx = {
	.name = "evtx",
	.summary = "Windows event log",
	.probe = evtx_probe,
	.open = evtx_open,
	.read = evtx_read,
	.close = evtx_close,
	.windows_log = true,
};
