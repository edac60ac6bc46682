/* SPDX-License-Identifier: MIT */
/* Bytes can come from anywhere: what they say is checked, and every read is within them. */
#include "check/partial/bytes.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/bytes.h"
#include "base/crc32.h"
#include "base/utf.h"
#include "trace/text/feed.h"
#include "trace/text/lines.h"

struct decoder {
	struct sessionlint_partial *partial;
	const unsigned char *at, *end;
	int error; /* -EBADMSG, -ENOMEM */
	uint64_t lines, bytes;
	uint32_t *texts; /* by number in the bytes: that in the partial */
	size_t text_count, text_capacity;
	struct item_context last;
};

static void fail(struct decoder *decoder, int error)
{
	if (decoder->error == 0)
		decoder->error = error;
	decoder->at = decoder->end;
}

static unsigned get_byte(struct decoder *decoder)
{
	if (decoder->at < decoder->end)
		return *decoder->at++;
	fail(decoder, -EBADMSG);
	return 0;
}

static uint64_t get_number(struct decoder *decoder)
{
	uint64_t number = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		unsigned byte = get_byte(decoder);

		if (shift == 63 && byte > 1)
			break;
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return number;
	}
	fail(decoder, -EBADMSG);
	return 0;
}

static uint64_t get_signed(struct decoder *decoder)
{
	uint64_t number = get_number(decoder);

	return number & 1 ? ~(number >> 1) : number >> 1;
}

static uint64_t get_at_most(struct decoder *decoder, uint64_t limit)
{
	uint64_t number = get_number(decoder);

	if (number > limit)
		fail(decoder, -EBADMSG);
	return number > limit ? 0 : number;
}

/* How many there are of what takes at least one byte. */
static uint32_t get_count(struct decoder *decoder)
{
	return (uint32_t)get_at_most(decoder, (size_t)(decoder->end - decoder->at) & INT32_MAX);
}

static struct sessionlint_text get_text(struct decoder *decoder)
{
	uint64_t size = get_number(decoder);
	struct sessionlint_text text;

	if (size > (size_t)(decoder->end - decoder->at)) {
		fail(decoder, -EBADMSG);
		return text_of("", 0);
	}
	text = text_of((const char *)decoder->at, (size_t)size);
	decoder->at += size;
	return text;
}

/* A text of a record, which is valid. */
static struct sessionlint_text get_valid_text(struct decoder *decoder)
{
	struct sessionlint_text text = get_text(decoder);

	if (utf8_valid(text.data, text.size) < text.size)
		fail(decoder, -EBADMSG);
	return text;
}

/* Writes the number that it has in the partial. */
static void get_known_text(struct decoder *decoder, uint32_t *ret_number)
{
	uint64_t number = get_at_most(decoder, decoder->text_count);
	uint32_t *texts;
	int r;

	if (number > 0) {
		*ret_number = decoder->texts[number - 1];
		return;
	}
	texts = array_grow(decoder->texts, decoder->text_count, &decoder->text_capacity,
			   sizeof *texts);
	if (!texts) {
		fail(decoder, -ENOMEM);
		return;
	}
	decoder->texts = texts;
	r = partial_text_number(&decoder->partial->texts, get_valid_text(decoder), ret_number);
	if (r < 0)
		fail(decoder, r);
	else
		texts[decoder->text_count++] = *ret_number;
}

static void get_host(struct decoder *decoder, uint32_t *ret_host)
{
	uint32_t text;
	int r = partial_text_number(&decoder->partial->texts, get_valid_text(decoder), &text);

	if (r == 0)
		r = known_host(decoder->partial, text, ret_host);
	if (r < 0)
		fail(decoder, r);
}

/* ---- items ---- */

static void get_place(struct decoder *decoder, unsigned tag, struct partial_item *item)
{
	struct item_context *last = &decoder->last;

	item->line = last->line + 1;
	item->offset = last->offset;
	if (!(tag & TAG_NEXT_LINE))
		item->line += get_at_most(decoder, decoder->lines - last->line) - 1;
	if (!(tag & TAG_SAME_PLACE))
		item->offset += get_at_most(decoder, decoder->bytes - last->offset);
	if (item->line <= last->line || item->line > decoder->lines)
		fail(decoder, -EBADMSG);
	last->line = item->line;
	last->offset = item->offset;
}

static void get_head(struct decoder *decoder, unsigned tag, struct partial_item *item)
{
	const uint64_t needed = KEY_BIT(KEY_EVENT) | KEY_BIT(KEY_SESSION);
	const struct item_context *last = &decoder->last;

	item->keys = last->keys;
	item->source = last->source;
	item->flags = last->flags;
	item->host = last->host;
	item->boot = last->boot;
	item->user = last->user;
	item->address = last->address;
	if (!(tag & TAG_SAME_HEAD)) {
		item->keys = (uint16_t)get_at_most(decoder, EVENT_KEYS);
		item->source = (uint8_t)get_byte(decoder);
		item->flags = (uint8_t)get_byte(decoder);
		get_known_text(decoder, &item->host);
		get_known_text(decoder, &item->boot);
	}
	if (!(tag & TAG_SAME_USER)) {
		get_known_text(decoder, &item->user);
		get_known_text(decoder, &item->address);
	}
	if (item->keys & ~EVENT_KEYS || (item->keys & needed) != needed ||
	    item->source >= SOURCE_COUNT || item->flags & ~RECORD_SOURCE_ASSUMED ||
	    !(item->keys & KEY_BIT(KEY_HOST)) != (item->host == TEXT_NONE))
		fail(decoder, -EBADMSG);
}

static int get_event(struct decoder *decoder, unsigned tag)
{
	struct partial_item item = {
		.kind = ITEM_EVENT,
		.from = SESSIONLINT_NO_STATE,
		.to = SESSIONLINT_NO_STATE,
		.time = SESSIONLINT_NO_TIME,
	};

	get_place(decoder, tag, &item);
	get_head(decoder, tag, &item);
	item.session = (uint32_t)get_at_most(decoder, UINT32_MAX);
	item.event = (uint32_t)get_at_most(decoder, UINT32_MAX);
	if (item.keys & KEY_BIT(KEY_FROM))
		item.from = (uint32_t)get_at_most(decoder, UINT32_MAX);
	if (item.keys & KEY_BIT(KEY_TO))
		item.to = (uint32_t)get_at_most(decoder, UINT32_MAX);
	if (item.keys & KEY_BIT(KEY_TIME))
		item.time = decoder->last.time + get_signed(decoder);
	if (item.keys & KEY_BIT(KEY_SEQ))
		item.seq = decoder->last.seq + (tag & TAG_NEXT_SEQ ? 1 : get_signed(decoder));
	context_take(&decoder->last, &item);
	return decoder->error < 0 ? decoder->error : condense_event(decoder->partial, &item);
}

/* Reads the record again. */
static int take_raw(struct decoder *decoder, const struct raw_record *raw)
{
	int r = decoder->error;

	if (r < 0)
		return r;
	feed_seek(&decoder->partial->reader, decoder->last.line - 1, decoder->last.offset);
	r = partial_take(decoder->partial, raw);
	return r == -EINVAL || r == -ENOTSUP ? -EBADMSG : r;
}

static int get_line(struct decoder *decoder, unsigned tag)
{
	struct partial_item item;
	struct raw_record raw = { .count = 0 };

	get_place(decoder, tag, &item);
	raw.line = get_text(decoder);
	return take_raw(decoder, &raw);
}

static int get_pairs(struct decoder *decoder, unsigned tag)
{
	struct raw_record raw = { .count = 0 };
	struct partial_item item;
	struct sessionlint_pair *pairs;
	char *keys, *room;
	int r;

	get_place(decoder, tag, &item);
	raw.count = get_count(decoder);
	pairs = calloc(raw.count + 1, sizeof *pairs);
	/* all keys are among these bytes, and each gets a NUL */
	keys = room = malloc((size_t)(decoder->end - decoder->at) + raw.count + 1);
	if (!pairs || !keys)
		fail(decoder, -ENOMEM);
	for (size_t i = 0; i < raw.count && decoder->error == 0; i++) {
		pairs[i].key = room;
		text_keep(get_text(decoder), &room);
		*room++ = '\0';
		if (get_byte(decoder))
			pairs[i].value = get_text(decoder);
	}
	raw.pairs = pairs;
	r = take_raw(decoder, &raw);
	free(pairs);
	free(keys);
	return r;
}

/* ---- omissions ---- */

static void get_hosts(struct decoder *decoder, struct omission *omission)
{
	uint32_t count = get_count(decoder);

	omission->hosts = calloc((size_t)count + 1, sizeof *omission->hosts);
	if (!omission->hosts)
		fail(decoder, -ENOMEM);
	omission->host_capacity = (size_t)count + 1;
	for (; omission->host_count < count && decoder->error == 0; omission->host_count++) {
		struct omitted_host *host = &omission->hosts[omission->host_count];

		get_host(decoder, &host->host);
		host->timed = get_byte(decoder) & 1;
		if (host->timed)
			host->time = decoder->last.time + get_signed(decoder);
	}
}

static void get_turn(struct decoder *decoder, struct omitted_turn *turn, uint32_t *host,
		     uint8_t *source)
{
	unsigned tag = get_byte(decoder);
	uint32_t id;
	int r;

	if (!(tag & TURN_TAG_SAME_SOURCE))
		*source = (uint8_t)get_byte(decoder);
	if (!(tag & TURN_TAG_SAME_HOST))
		get_host(decoder, host);
	if (*source >= SOURCE_COUNT || *host >= decoder->partial->host_count)
		fail(decoder, -EBADMSG);
	id = (uint32_t)get_at_most(decoder, UINT32_MAX);
	turn->was_alive = tag & TURN_TAG_WAS_ALIVE;
	turn->is_alive = tag & TURN_TAG_IS_ALIVE;
	turn->begun = tag & TURN_TAG_ONCE ? 1 : (uint32_t)get_at_most(decoder, UINT32_MAX);
	if (!turn->is_alive)
		turn->ended = decoder->last.line + get_signed(decoder);
	if (decoder->error < 0)
		return;
	r = known_session(decoder->partial, *host, id, *source, &turn->owner);
	if (r < 0)
		fail(decoder, r);
}

static void get_turns(struct decoder *decoder, struct omission *omission)
{
	uint32_t count = get_count(decoder), host = NO_HOST;
	uint8_t source = SOURCE_COUNT;

	omission->turns = calloc((size_t)count + 1, sizeof *omission->turns);
	if (!omission->turns)
		fail(decoder, -ENOMEM);
	omission->turn_capacity = (size_t)count + 1;
	for (; omission->turn_count < count && decoder->error == 0; omission->turn_count++)
		get_turn(decoder, &omission->turns[omission->turn_count], &host, &source);
	if (omission->turn_count > omission->events)
		fail(decoder, -EBADMSG);
}

static int get_omission(struct decoder *decoder)
{
	struct omission *omission = calloc(1, sizeof *omission);
	const uint64_t most = INT32_MAX;

	if (!omission)
		return -ENOMEM;
	if (decoder->partial->kind != SESSIONLINT_PARTIAL_CONDENSED)
		fail(decoder, -EBADMSG);
	omission->events = get_at_most(decoder, decoder->lines);
	omission->change = (int64_t)get_signed(decoder);
	omission->lives.highest = (int64_t)get_at_most(decoder, most);
	omission->lives.lowest = -(int64_t)get_at_most(decoder, most);
	if (omission->change > omission->lives.highest || omission->change < omission->lives.lowest)
		fail(decoder, -EBADMSG);
	get_hosts(decoder, omission);
	if (decoder->error == 0)
		get_turns(decoder, omission);
	if (decoder->error < 0) {
		omission_free(omission);
		return decoder->error;
	}
	return condense_omission(decoder->partial, omission);
}

static int get_items(struct decoder *decoder)
{
	uint64_t count = get_at_most(decoder, (size_t)(decoder->end - decoder->at));
	int r = decoder->error;

	for (; count > 0 && r == 0; count--) {
		unsigned tag = get_byte(decoder);

		switch ((enum item_tag)(tag & TAG_KIND)) {
		case TAG_EVENT:
			r = get_event(decoder, tag);
			break;
		case TAG_LINE:
			r = get_line(decoder, tag);
			break;
		case TAG_PAIRS:
			r = get_pairs(decoder, tag);
			break;
		default:
			r = get_omission(decoder);
			break;
		}
		r = decoder->error < 0 ? decoder->error : r;
	}
	return r == 0 && decoder->at < decoder->end ? -EBADMSG : r;
}

/* ---- the whole ---- */

static int get_header(struct decoder *decoder)
{
	enum sessionlint_partial_kind kind;
	enum sessionlint_source source;
	bool assumed;

	if (get_byte(decoder) != PARTIAL_VERSION)
		return -EBADMSG;
	kind = (enum sessionlint_partial_kind)get_byte(decoder);
	source = (enum sessionlint_source)get_byte(decoder);
	assumed = get_byte(decoder) & 1;
	decoder->lines = get_number(decoder);
	decoder->bytes = get_number(decoder);
	if (decoder->error < 0 || (unsigned)kind > SESSIONLINT_PARTIAL_CONDENSED ||
	    (unsigned)source >= SOURCE_COUNT)
		return -EBADMSG;
	return partial_new(kind, source, assumed, &decoder->partial);
}

/* Whether the bytes are as they were saved. */
static bool is_undamaged(const unsigned char *bytes, size_t size)
{
	size_t magic = strlen(PARTIAL_MAGIC);

	return size >= magic + 4 && memcmp(bytes, PARTIAL_MAGIC, magic) == 0 &&
	       crc32_update(crc32_known(), 0, bytes, size - 4) == read_u32(bytes + size - 4);
}

int sessionlint_partial_load(const void *data, size_t size,
			     struct sessionlint_partial **ret_partial)
{
	const unsigned char *bytes = data;
	struct decoder decoder = { .error = 0 };
	int r;

	if (!is_undamaged(bytes, size))
		return -EBADMSG;
	decoder.at = bytes + strlen(PARTIAL_MAGIC);
	decoder.end = bytes + size - 4;
	r = get_header(&decoder);
	if (r < 0)
		return r;
	r = get_items(&decoder);
	free(decoder.texts);
	if (r < 0) {
		sessionlint_partial_free(decoder.partial);
		return r;
	}
	feed_seek(&decoder.partial->reader, decoder.lines, decoder.bytes);
	*ret_partial = decoder.partial;
	return 0;
}
