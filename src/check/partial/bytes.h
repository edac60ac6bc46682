/* SPDX-License-Identifier: MIT */
/*
 * A partial as bytes:
 *
 *     "SLPT" version kind source assumed lines bytes items item... crc32
 *
 * Numbers are written seven bits at a time, the lowest first; numbers that can be negative as twice
 * their value, or its complement. Lines, offsets and times are differences to those of the item
 * before. A text is a 0, its size and its bytes, or the number of one that was written before.
 */
#ifndef CHECK_PARTIAL_BYTES_H
#define CHECK_PARTIAL_BYTES_H

#include "check/partial/partial.h"

#define PARTIAL_MAGIC   "SLPT"
#define PARTIAL_VERSION 1

/* What the first byte of an item says. */
enum item_tag {
	TAG_EVENT,
	TAG_LINE,
	TAG_PAIRS,
	TAG_OMISSION,
	TAG_KIND = 3,
	TAG_SAME_HEAD = 1 << 2,  /* an event has the keys, source, host and boot of the last one */
	TAG_SAME_USER = 1 << 3,  /* and its user and address */
	TAG_NEXT_LINE = 1 << 4,  /* it is in the next line */
	TAG_NEXT_SEQ = 1 << 5,   /* its seq is the next one */
	TAG_SAME_PLACE = 1 << 6, /* its offset is that of the last one */
};

enum turn_tag {
	TURN_TAG_WAS_ALIVE = 1 << 0,
	TURN_TAG_IS_ALIVE = 1 << 1,
	TURN_TAG_ONCE = 1 << 2,        /* one incarnation began */
	TURN_TAG_SAME_SOURCE = 1 << 3, /* as that of the one before */
	TURN_TAG_SAME_HOST = 1 << 4,   /* likewise */
};

/* What the next item is compared with. */
struct item_context {
	uint64_t line, offset, time, seq;
	uint16_t keys;
	uint8_t source, flags;
	uint32_t host, boot, user, address;
};

static inline void context_take(struct item_context *context, const struct partial_item *item)
{
	context->keys = item->keys;
	context->source = item->source;
	context->flags = item->flags;
	context->host = item->host;
	context->boot = item->boot;
	context->user = item->user;
	context->address = item->address;
	if (item->keys & KEY_BIT(KEY_TIME))
		context->time = item->time;
	if (item->keys & KEY_BIT(KEY_SEQ))
		context->seq = item->seq;
}

#endif
