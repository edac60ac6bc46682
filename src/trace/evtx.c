/* SPDX-License-Identifier: MIT */
/* Windows event logs, .evtx: records in the order of their EventRecordID, values only. */
#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/utf.h"
#include "trace/evtx_file.h"
#include "trace/keys.h"

/* Chunks whose records have overlapping ids are read together and sorted, up to so many. */
#define GROUP_MAX 16U

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
};

/* A record while its pieces are visited. */
struct collect {
	struct evtx *evtx;
	struct arena *arena;
	struct windows_event event;
	uint64_t own_id; /* the EventRecordID in the document */
	bool has_id;
	enum windows_interest interest;
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
	reader->done = 0;
	evtx->bytes = malloc((size_t)GROUP_MAX * EVTX_CHUNK_SIZE);
	evtx->chunks = calloc(GROUP_MAX, sizeof *evtx->chunks);
	if (!evtx->bytes || !evtx->chunks) {
		evtx_close(reader);
		return -ENOMEM;
	}
	return 0;
}

/* ---- values ---- */

/* A value as a number; false if it is none. */
static bool value_number(const struct evtx_value *value, uint64_t *ret_number)
{
	const unsigned char *b = value->bytes;
	uint64_t number = 0;

	if (value->type == EVTX_STRING) {
		/* classic providers write numbers as text */
		if (value->size < 2 || value->size > 40)
			return false;
		for (uint32_t i = 0; i + 1 < value->size; i += 2) {
			uint16_t c = read_u16(b + i);

			if (c == 0 && i > 0)
				break;
			if (c < '0' || c > '9')
				return false;
			number = number * 10 + (uint64_t)(c - '0');
		}
		*ret_number = number;
		return true;
	}
	if (value->type == EVTX_NULL || value->type > EVTX_HEX64)
		return false;
	switch (value->size) {
	case 1:
		*ret_number = b[0];
		return true;
	case 2:
		*ret_number = read_u16(b);
		return true;
	case 4:
		*ret_number = read_u32(b);
		return true;
	case 8:
		*ret_number = read_u64(b);
		return true;
	default:
		return false;
	}
}

static struct sessionlint_text utf16_text(const struct evtx_value *value, struct arena *arena)
{
	uint32_t units = value->size / 2;
	char *text;

	while (units > 0 && read_u16(value->bytes + 2 * (units - 1)) == 0)
		units--;
	text = arena_allocate(arena, (size_t)units * 3 + 1);
	if (!text)
		return text_of(NULL, 0);
	return text_of(text, utf16_to_utf8(value->bytes, units, false, text, NULL));
}

/* A security identifier in its usual spelling, S-1-5-21-... */
static struct sessionlint_text sid_text(const struct evtx_value *value, struct arena *arena)
{
	struct sessionlint_text text;
	uint64_t authority = 0;
	uint32_t count;

	if (value->size < 8)
		return text_of(NULL, 0);
	count = value->bytes[1];
	if (value->size < 8 + 4 * count)
		return text_of(NULL, 0);
	for (unsigned i = 2; i < 8; i++)
		authority = authority << 8 | value->bytes[i];
	text = arena_format(arena, "S-%u-%llu", value->bytes[0], (unsigned long long)authority);
	for (uint32_t i = 0; i < count && text.data; i++)
		text = arena_format(arena, "%s-%u", text.data, read_u32(value->bytes + 8 + 4 * i));
	return text;
}

static struct sessionlint_text value_text(const struct evtx_value *value, struct arena *arena)
{
	uint64_t number;

	if (value->type == EVTX_STRING)
		return utf16_text(value, arena);
	if (value->type == EVTX_SID)
		return sid_text(value, arena);
	if (value->type == EVTX_ANSI)
		return text_of((const char *)value->bytes,
			       strnlen((const char *)value->bytes, value->size));
	if (!value_number(value, &number))
		return text_of(NULL, 0);
	if (value->type == EVTX_HEX32 || value->type == EVTX_HEX64)
		return arena_format(arena, "0x%llx", (unsigned long long)number);
	return arena_format(arena, "%llu", (unsigned long long)number);
}

/* ---- records ---- */

static enum windows_provider provider_find(const struct evtx_value *value)
{
	uint32_t characters = value->size / 2;

	if (value->type != EVTX_STRING)
		return WINDOWS_OTHER;
	while (characters > 0 && read_u16(value->bytes + 2 * (characters - 1)) == 0)
		characters--;
	for (unsigned i = WINDOWS_LSM; i < WINDOWS_PROVIDERS; i++)
		if (utf16_is(value->bytes, characters, windows_provider_names[i]))
			return (enum windows_provider)i;
	return WINDOWS_OTHER;
}

/* Keeps a text value. Pieces of one text are put together; of several fields with one name the
 * first counts. */
static int collect_text(struct collect *collect, const struct evtx_piece *piece,
			const struct evtx_value *value)
{
	struct evtx_value *have = &collect->values[piece->field];
	unsigned char *joined;

	if (!have->bytes) {
		*have = *value;
		collect->leaves[piece->field] = piece->leaf;
		return 0;
	}
	if (collect->leaves[piece->field] != piece->leaf || have->type != EVTX_STRING ||
	    value->type != EVTX_STRING)
		return 0;
	joined = (unsigned char *)arena_allocate(collect->arena,
						 (size_t)have->size + value->size + 1);
	if (!joined)
		return -ENOMEM;
	memcpy(joined, have->bytes, have->size);
	memcpy(joined + have->size, value->bytes, value->size);
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
		collect->interest = windows_interest(collect->event.provider, collect->event.id);
		return collect->interest == WINDOWS_MAP ? 0 : COLLECT_ENOUGH;
	}
	switch (piece->field) {
	case WINDOWS_PROVIDER:
		if (collect->event.provider == WINDOWS_OTHER)
			collect->event.provider = provider_find(value);
		return 0;
	case WINDOWS_EVENT_ID:
		if (collect->has_id || !value_number(value, &number))
			return 0;
		collect->has_id = true;
		collect->event.id = (uint32_t)number;
		return windows_id_matters(collect->event.id) ? 0 : COLLECT_ENOUGH;
	case WINDOWS_RECORD_ID:
		if (value_number(value, &number))
			collect->own_id = number;
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
static int collect_record(struct collect *collect, const struct evtx_record *source,
			  struct record *record)
{
	struct evtx *evtx = collect->evtx;
	struct reader_counts *counts = &evtx->file.reader->counts;
	struct sessionlint_text reason;
	int r;

	collect->interest = windows_interest(collect->event.provider, collect->event.id);
	counts->noted += collect->interest == WINDOWS_NOTE;
	counts->skipped += collect->interest == WINDOWS_SKIP;
	if (collect->interest != WINDOWS_MAP)
		return 0;
	for (unsigned field = WINDOWS_NONE + 1; field < WINDOWS_FIELDS; field++)
		if (collect->values[field].bytes)
			collect->event.texts[field] = value_text(&collect->values[field],
								 collect->arena);
	record->host = collect->event.texts[WINDOWS_COMPUTER];
	if (record->host.size)
		record->keys |= KEY_BIT(KEY_HOST);
	/* a log of forwarded events keeps the ids of their own logs: there the computer is a key */
	if (collect->own_id == 0 || collect->own_id == source->id)
		record->flags |= RECORD_HOST_IS_LABEL;
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

static int record_read(struct evtx *evtx, const struct evtx_record *source, struct batch *batch)
{
	struct record *record = &batch->records[batch->count];
	struct collect collect = { .evtx = evtx, .arena = &batch->arena };
	const char *reason = "";
	int r;

	record_start(evtx, source, record);
	r = evtx_document_visit(&evtx->chunks[source->buffer], source->offset + 24,
				source->offset + source->size - 4, collect_piece, &collect,
				&reason);
	if (r == -EBADMSG) {
		record->keys = 0;
		record_spoil(record, arena_format(&batch->arena, "chunk %u, record %llu: %s",
						  evtx->group[source->buffer].index + 1,
						  (unsigned long long)source->id, reason));
		return 1;
	}
	return r < 0 ? r : collect_record(&collect, source, record);
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

/* Says that ids are missing before @source. */
static void deliver_gap(struct evtx *evtx, struct batch *batch, const struct evtx_record *source)
{
	struct record *record = &batch->records[batch->count++];

	record_start(evtx, source, record);
	record->keys = KEY_BIT(KEY_MARKER);
	record->kind = RECORD_MARKER;
	record->marker = MARKER_GAP;
	record->flags = RECORD_HOST_IS_LABEL;
	record->reason = arena_format(&batch->arena, "%llu records are missing before this one",
				      (unsigned long long)(source->id - evtx->previous - 1));
}

/* Delivers the record evtx->next, or what is wrong there. At most two records of the batch are
 * used. */
static int deliver(struct evtx *evtx, struct batch *batch)
{
	const struct evtx_record *source = &evtx->records.records[evtx->next++];
	int r;

	if (source->trouble.data) {
		deliver_trouble(batch, source, evtx->group[source->buffer].offset + source->offset);
		return 0;
	}
	/* the same record in two chunks: one of them is a stale copy */
	if (evtx->previous && source->id == evtx->previous)
		return 0;
	if (evtx->previous && source->id > evtx->previous + 1)
		deliver_gap(evtx, batch, source);
	evtx->previous = source->id;
	evtx->file.reader->counts.records++;
	r = record_read(evtx, source, batch);
	if (r > 0)
		batch->count++;
	return r < 0 ? r : 0;
}

static int evtx_read(struct reader *reader, struct batch *batch)
{
	struct evtx *evtx = reader->private_data;
	struct evtx_records *troubles = &evtx->file.troubles;

	for (; evtx->trouble < troubles->count && batch->count + 2 <= BATCH_RECORDS;
	     evtx->trouble++) {
		const struct evtx_record *trouble = &troubles->records[evtx->trouble];

		deliver_trouble(batch, trouble, (uint64_t)trouble->buffer << 32 | trouble->offset);
	}
	while (batch->count + 2 <= BATCH_RECORDS) {
		int r;

		if (evtx->next < evtx->records.count) {
			r = deliver(evtx, batch);
		} else if (batch->count > 0 || evtx->span == evtx->file.span_count) {
			/* texts of the batch can lie in the group's buffers */
			break;
		} else {
			r = group_read(evtx);
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
