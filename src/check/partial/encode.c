/* SPDX-License-Identifier: MIT */
#include "check/partial/bytes.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/crc32.h"
#include "trace/text/feed.h"

struct encoder {
	const struct sessionlint_partial *partial;
	unsigned char *bytes;
	size_t size, capacity;
	bool failed;
	uint32_t *texts; /* by number: that in the bytes, or 0 if it was not written yet */
	uint32_t text_count;
	struct item_context last;
};

static void put_bytes(struct encoder *encoder, const void *bytes, size_t size)
{
	unsigned char *grown;

	if (size == 0 || encoder->failed)
		return;
	grown = array_reserve(encoder->bytes, encoder->size, size, &encoder->capacity, 1);
	if (!grown) {
		encoder->failed = true;
		return;
	}
	encoder->bytes = grown;
	memcpy(grown + encoder->size, bytes, size);
	encoder->size += size;
}

static void put_byte(struct encoder *encoder, unsigned byte)
{
	unsigned char one = (unsigned char)byte;

	put_bytes(encoder, &one, 1);
}

static void put_number(struct encoder *encoder, uint64_t number)
{
	unsigned char bytes[10];
	size_t size = 0;

	for (; number >= 0x80; number >>= 7)
		bytes[size++] = (unsigned char)(number | 0x80);
	bytes[size++] = (unsigned char)number;
	put_bytes(encoder, bytes, size);
}

/* A difference, as a number of 64 bits. */
static void put_signed(struct encoder *encoder, uint64_t number)
{
	put_number(encoder, number >> 63 ? ~(number << 1) : number << 1);
}

static void put_text(struct encoder *encoder, struct sessionlint_text text)
{
	put_number(encoder, text.size);
	put_bytes(encoder, text.data, text.size);
}

/* The text with that number in the partial. */
static void put_known_text(struct encoder *encoder, uint32_t number)
{
	uint32_t *written = &encoder->texts[number];

	put_number(encoder, *written);
	if (*written)
		return;
	*written = ++encoder->text_count;
	put_text(encoder, partial_text(&encoder->partial->texts, number));
}

/* ---- items ---- */

static void put_place(struct encoder *encoder, unsigned tag, const struct partial_item *item)
{
	if (!(tag & TAG_NEXT_LINE))
		put_number(encoder, item->line - encoder->last.line);
	if (!(tag & TAG_SAME_PLACE))
		put_number(encoder, item->offset - encoder->last.offset);
	encoder->last.line = item->line;
	encoder->last.offset = item->offset;
}

static unsigned place_tag(const struct item_context *last, const struct partial_item *item)
{
	return (item->line == last->line + 1 ? TAG_NEXT_LINE : 0U) |
	       (item->offset == last->offset ? TAG_SAME_PLACE : 0U);
}

static void put_event(struct encoder *encoder, const struct partial_item *item)
{
	const struct item_context *last = &encoder->last;
	unsigned tag = TAG_EVENT | place_tag(last, item);

	if (item->keys == last->keys && item->source == last->source &&
	    item->flags == last->flags && item->host == last->host && item->boot == last->boot)
		tag |= TAG_SAME_HEAD;
	if (item->user == last->user && item->address == last->address)
		tag |= TAG_SAME_USER;
	if (item->keys & KEY_BIT(KEY_SEQ) && item->seq == last->seq + 1)
		tag |= TAG_NEXT_SEQ;
	put_byte(encoder, tag);
	put_place(encoder, tag, item);
	if (!(tag & TAG_SAME_HEAD)) {
		put_number(encoder, item->keys);
		put_byte(encoder, item->source);
		put_byte(encoder, item->flags);
		put_known_text(encoder, item->host);
		put_known_text(encoder, item->boot);
	}
	if (!(tag & TAG_SAME_USER)) {
		put_known_text(encoder, item->user);
		put_known_text(encoder, item->address);
	}
	put_number(encoder, item->session);
	put_number(encoder, item->event);
	if (item->keys & KEY_BIT(KEY_FROM))
		put_number(encoder, item->from);
	if (item->keys & KEY_BIT(KEY_TO))
		put_number(encoder, item->to);
	if (item->keys & KEY_BIT(KEY_TIME))
		put_signed(encoder, item->time - last->time);
	if (item->keys & KEY_BIT(KEY_SEQ) && !(tag & TAG_NEXT_SEQ))
		put_signed(encoder, item->seq - last->seq);
	context_take(&encoder->last, item);
}

static void put_raw(struct encoder *encoder, const struct partial_item *item)
{
	const struct raw_record *raw = item->raw;
	unsigned tag = (raw->line.data ? TAG_LINE : TAG_PAIRS) | place_tag(&encoder->last, item);

	put_byte(encoder, tag);
	put_place(encoder, tag, item);
	if (raw->line.data) {
		put_text(encoder, raw->line);
		return;
	}
	put_number(encoder, raw->count);
	for (size_t i = 0; i < raw->count; i++) {
		const struct sessionlint_pair *pair = &raw->pairs[i];

		put_text(encoder, text_from(pair->key));
		put_byte(encoder, pair->value.data != NULL);
		if (pair->value.data)
			put_text(encoder, pair->value);
	}
}

static void put_turns(struct encoder *encoder, const struct omission *omission)
{
	const struct partial_session *last = NULL;

	put_number(encoder, omission->turn_count);
	for (uint32_t i = 0; i < omission->turn_count; i++) {
		const struct omitted_turn *turn = &omission->turns[i];
		const struct partial_session *session =
			&encoder->partial->sessions.list[turn->owner];
		unsigned tag = (turn->was_alive ? TURN_TAG_WAS_ALIVE : 0U) |
			       (turn->is_alive ? TURN_TAG_IS_ALIVE : 0U) |
			       (turn->begun == 1 ? TURN_TAG_ONCE : 0U);

		if (last && last->source == session->source)
			tag |= TURN_TAG_SAME_SOURCE;
		if (last && last->host == session->host)
			tag |= TURN_TAG_SAME_HOST;
		put_byte(encoder, tag);
		if (!(tag & TURN_TAG_SAME_SOURCE))
			put_byte(encoder, session->source);
		if (!(tag & TURN_TAG_SAME_HOST))
			put_text(encoder, encoder->partial->names.hosts[session->host].name);
		put_number(encoder, session->id);
		if (!(tag & TURN_TAG_ONCE))
			put_number(encoder, turn->begun);
		if (!turn->is_alive)
			put_signed(encoder, turn->ended - encoder->last.line);
		last = session;
	}
}

static void put_omission(struct encoder *encoder, const struct omission *omission)
{
	put_byte(encoder, TAG_OMISSION);
	put_number(encoder, omission->events);
	put_signed(encoder, (uint64_t)omission->change);
	put_number(encoder, (uint64_t)omission->lives.highest);
	put_number(encoder, (uint64_t)-omission->lives.lowest);
	put_number(encoder, omission->host_count);
	for (uint32_t i = 0; i < omission->host_count; i++) {
		const struct omitted_host *host = &omission->hosts[i];

		put_text(encoder, encoder->partial->names.hosts[host->host].name);
		put_byte(encoder, host->timed);
		if (host->timed)
			put_signed(encoder, host->time - encoder->last.time);
	}
	put_turns(encoder, omission);
}

static void put_items(struct encoder *encoder)
{
	const struct sessionlint_partial *partial = encoder->partial;

	for (uint32_t i = 0; i < partial->count && !encoder->failed; i++) {
		const struct partial_item *item = &partial->items[i];

		switch ((enum item_kind)item->kind) {
		case ITEM_EVENT:
			put_event(encoder, item);
			break;
		case ITEM_RAW:
			put_raw(encoder, item);
			break;
		case ITEM_OMISSION:
			put_omission(encoder, item->omission);
			break;
		case ITEM_OMITTED:
		case ITEM_KINDS:
			break;
		}
	}
}

static void put_sum(struct encoder *encoder)
{
	uint32_t sum;

	if (encoder->failed)
		return;
	sum = crc32_update(crc32_known(), 0, encoder->bytes, encoder->size);
	for (unsigned i = 0; i < 4; i++)
		put_byte(encoder, sum >> 8 * i);
}

int sessionlint_partial_save(struct sessionlint_partial *partial, const void **ret_data,
			     size_t *ret_size)
{
	struct encoder encoder = { .partial = partial };
	int r = partial->error;

	if (r == 0)
		r = items_compact(partial);
	if (r < 0)
		return r;
	encoder.texts = calloc(partial->texts.count, sizeof *encoder.texts);
	encoder.failed = !encoder.texts;
	put_bytes(&encoder, PARTIAL_MAGIC, strlen(PARTIAL_MAGIC));
	put_byte(&encoder, PARTIAL_VERSION);
	put_byte(&encoder, partial->kind);
	put_byte(&encoder, partial->reader.options.source);
	put_byte(&encoder, partial->reader.options.source_assumed);
	put_number(&encoder, feed_lines(&partial->reader));
	put_number(&encoder, partial->reader.done);
	put_number(&encoder, partial->count);
	put_items(&encoder);
	put_sum(&encoder);
	free(encoder.texts);
	if (encoder.failed) {
		free(encoder.bytes);
		return -ENOMEM;
	}
	free(partial->bytes);
	partial->bytes = encoder.bytes;
	*ret_data = encoder.bytes;
	*ret_size = encoder.size;
	return 0;
}
