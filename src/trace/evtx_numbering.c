/* SPDX-License-Identifier: MIT */
#include "trace/evtx_numbering.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/evtx_value.h"

struct evtx_computer {
	struct table_entry entry;
	struct evtx_computer *next;
	uint64_t key;
};

void numbering_init(struct evtx_numbering *numbering)
{
	*numbering = (struct evtx_numbering) { 0 };
	table_init(&numbering->table);
	table_init(&numbering->boots);
}

void numbering_free(struct evtx_numbering *numbering)
{
	while (numbering->streams) {
		struct evtx_stream *stream = numbering->streams;

		numbering->streams = stream->next;
		free(stream);
	}
	while (numbering->computers) {
		struct evtx_computer *computer = numbering->computers;

		numbering->computers = computer->next;
		free(computer);
	}
	table_free(&numbering->table);
	table_free(&numbering->boots);
}

static struct sessionlint_text key_text(const uint64_t *key)
{
	return text_of((const char *)key, sizeof *key);
}

/* ---- which channel of which computer ---- */

static uint64_t computer_of(const struct collect *collect)
{
	return value_hash(&collect->values[WINDOWS_COMPUTER]);
}

static uint64_t channel_of(const struct collect *collect)
{
	return value_hash(&collect->values[WINDOWS_CHANNEL]);
}

static int stream_find(struct evtx_numbering *numbering, uint64_t computer, uint64_t channel,
		       struct evtx_stream **ret_stream)
{
	uint64_t key = computer * 31 + channel;
	struct evtx_stream *stream = (struct evtx_stream *)table_find(&numbering->table,
								      key_text(&key));

	*ret_stream = stream;
	if (stream)
		return 0;
	stream = calloc(1, sizeof *stream);
	if (!stream)
		return -ENOMEM;
	stream->key = key;
	stream->computer = computer;
	/* nothing is known of what came before */
	stream->lost = RECORDS_UNCOUNTED;
	if (table_add(&numbering->table, &stream->entry, key_text(&stream->key)) < 0) {
		free(stream);
		return -ENOMEM;
	}
	stream->next = numbering->streams;
	numbering->streams = stream;
	*ret_stream = stream;
	return 0;
}

/* ---- learning ---- */

void numbering_sample(struct evtx_numbering *numbering, const struct collect *collect,
		      const struct evtx_record *source)
{
	uint64_t channel = channel_of(collect), own = collect->own_id;
	bool first = numbering->sample.before == 0;

	if (own == 0)
		return;
	/* a damaged record does not make another log of it */
	numbering->sample.same += own == source->id;
	numbering->sample.other += own != source->id;
	if (source->doubtful)
		return;
	if (!first) {
		numbering->sample.unordered |= own <= numbering->sample.before;
		numbering->sample.several |= channel != numbering->channel;
	}
	numbering->sample.before = own;
	numbering->channel = channel;
	numbering->computer = computer_of(collect);
}

void numbering_settle(struct evtx_numbering *numbering)
{
	if (numbering->sample.other <= numbering->sample.same)
		numbering->kind = EVTX_PLAIN;
	else if (numbering->sample.unordered || numbering->sample.several)
		numbering->kind = EVTX_COLLECTED;
	else
		numbering->kind = EVTX_EXPORTED;
}

/* ---- following ---- */

static void stream_follow(struct evtx_stream *stream, const struct collect *collect,
			  struct evtx_news *news)
{
	uint64_t own = collect->own_id, before = stream->previous;

	if (own == 0) {
		stream->lost = RECORDS_UNCOUNTED;
	} else if (before == 0) {
		stream->previous = own;
	} else if (own == before && collect->time == stream->time) {
		news->kind = EVTX_COPY;
	} else if (own <= before) {
		if (!stream->unordered) {
			stream->before = before;
			stream->after = own;
		}
		stream->unordered = true;
	} else if (own > before + 1 && stream->lost != RECORDS_UNCOUNTED) {
		if (stream->lost == 0) {
			stream->before = before;
			stream->after = own;
		}
		stream->lost += own - before - 1;
	}
	if (own)
		stream->previous = own;
	stream->time = collect->time;
}

/* Follows a log of one channel, as far as it is known. */
static void follow_one(struct evtx_numbering *numbering, const struct collect *collect,
		       const struct evtx_record *source, struct evtx_news *news)
{
	bool plain = numbering->kind == EVTX_PLAIN, same = collect->own_id == source->id, first;
	uint64_t computer, channel;

	if (plain && same && numbering->current)
		return;
	first = numbering->channel == 0 && numbering->computer == 0;
	computer = computer_of(collect);
	channel = channel_of(collect);
	if (!(plain && same) && collect->own_id && !first) {
		/* a computer can get another name, but no channel does */
		if (channel != numbering->channel)
			news->kind = EVTX_SEVERAL;
		else if (computer != numbering->computer && (plain || news->after <= news->before))
			news->kind = EVTX_SEVERAL;
	}
	numbering->computer = computer;
	numbering->channel = channel;
	numbering->current = true;
	if (news->kind != EVTX_NO_NEWS || plain || !collect->own_id || !news->before)
		return;
	if (news->after <= news->before)
		news->kind = EVTX_BACK;
	else if (news->after > news->before + 1)
		news->kind = EVTX_HOLE;
}

int numbering_follow(struct evtx_numbering *numbering, const struct collect *collect,
		     const struct evtx_record *source, struct evtx_news *ret_news)
{
	struct evtx_news news = { .before = numbering->previous, .after = collect->own_id };
	int r = 0;

	if (numbering->kind != EVTX_COLLECTED)
		follow_one(numbering, collect, source, &news);
	if (news.kind == EVTX_SEVERAL)
		numbering->kind = EVTX_COLLECTED;
	if (numbering->kind == EVTX_COLLECTED) {
		r = stream_find(numbering, computer_of(collect), channel_of(collect), &news.stream);
		if (r == 0)
			stream_follow(news.stream, collect, &news);
	}
	if (collect->own_id)
		numbering->previous = collect->own_id;
	*ret_news = news;
	return r;
}

/* ---- boots ---- */

static int boots_add(struct evtx_numbering *numbering, uint64_t key)
{
	struct evtx_computer *computer;

	if (table_find(&numbering->boots, key_text(&key)))
		return 0;
	computer = calloc(1, sizeof *computer);
	if (!computer)
		return -ENOMEM;
	computer->key = key;
	if (table_add(&numbering->boots, &computer->entry, key_text(&computer->key)) < 0) {
		free(computer);
		return -ENOMEM;
	}
	computer->next = numbering->computers;
	numbering->computers = computer;
	return 0;
}

/* Room to read a chunk in. */
struct boots_room {
	unsigned char *bytes;
	struct evtx_chunk *chunk;
	struct evtx_records records;
	struct arena arena;
};

static int boots_read_chunk(struct evtx_numbering *numbering, struct evtx_file *file,
			    const struct evtx_span *span, struct boots_room *room)
{
	uint32_t end;
	int r = evtx_file_read(file, span, room->bytes);

	room->records.count = 0;
	arena_reset(&room->arena);
	if (r == 0)
		r = evtx_chunk_scan(file, span, room->bytes, 0, &room->records, &room->arena, &end);
	if (r < 0)
		return r;
	evtx_chunk_begin(room->chunk, room->bytes, span->size);
	for (size_t i = 0; i < room->records.count && r != -ENOMEM; i++) {
		struct collect collect = { .arena = &room->arena };
		const char *reason;

		if (room->records.records[i].size == 0)
			continue;
		arena_reset(&room->arena);
		r = collect_visit(&collect, room->chunk, &room->records.records[i], &reason);
		if (r == 0 && windows_boots(collect.event.provider, collect.event.id))
			r = boots_add(numbering, computer_of(&collect));
	}
	/* what cannot be read is reported when its turn comes */
	return r == -ENOMEM ? r : 0;
}

static int boots_find(struct evtx_numbering *numbering, struct evtx_file *file)
{
	struct boots_room room = {
		.bytes = malloc(EVTX_CHUNK_SIZE),
		.chunk = calloc(1, sizeof *room.chunk),
	};
	int r = room.bytes && room.chunk ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < file->span_count; i++)
		r = boots_read_chunk(numbering, file, &file->spans[i], &room);
	if (room.chunk)
		evtx_chunk_free(room.chunk);
	free(room.chunk);
	free(room.bytes);
	free(room.records.records);
	arena_free(&room.arena);
	return r;
}

int numbering_boots(struct evtx_numbering *numbering, struct evtx_file *file,
		    const struct collect *collect, bool *ret_boots)
{
	uint64_t key = computer_of(collect);
	int r = 0;

	if (!numbering->boots_known)
		r = boots_find(numbering, file);
	if (r < 0)
		return r;
	numbering->boots_known = true;
	*ret_boots = table_find(&numbering->boots, key_text(&key)) != NULL;
	return 0;
}
