/* SPDX-License-Identifier: MIT */
/* A stretch of a log: how records get into it. */
#include "check/partial/partial.h"

#include <errno.h>
#include <stdlib.h>

#include "check/run.h"
#include "trace/text/feed.h"
#include "trace/text/feed_columns.h"

void sessionlint_partial_free(struct sessionlint_partial *partial)
{
	if (!partial)
		return;
	for (uint32_t i = 0; i < partial->count; i++)
		item_free(&partial->items[i]);
	free(partial->items);
	if (partial->reader.format)
		partial->reader.format->close(&partial->reader);
	if (partial->batch)
		arena_free(&partial->batch->arena);
	free(partial->batch);
	partial_texts_free(&partial->texts);
	known_free(partial);
	free(partial->bytes);
	free(partial);
}

int partial_new(enum sessionlint_partial_kind kind, enum sessionlint_source source, bool assumed,
		struct sessionlint_partial **ret_partial)
{
	const struct reader_options options = { .source = source, .source_assumed = assumed };
	struct sessionlint_partial *partial = calloc(1, sizeof *partial);
	int r;

	if (!partial)
		return -ENOMEM;
	partial->kind = kind;
	partial->batch = calloc(1, sizeof *partial->batch);
	r = partial_texts_init(&partial->texts);
	if (r == 0)
		r = known_init(partial);
	if (r == 0)
		r = partial->batch ? feed_open(&partial->reader, &options) : -ENOMEM;
	if (r < 0) {
		partial->reader.format = NULL;
		sessionlint_partial_free(partial);
		return r;
	}
	*ret_partial = partial;
	return 0;
}

int sessionlint_partial_new(const struct sessionlint *run, enum sessionlint_partial_kind kind,
			    struct sessionlint_partial **ret_partial)
{
	const struct run_options *options = &run->checker.options;

	if ((unsigned)kind > SESSIONLINT_PARTIAL_CONDENSED)
		return -EINVAL;
	return partial_new(kind, options->source, !options->source_is_given, ret_partial);
}

/* ---- records ---- */

/* Whether an item can tell all that the record does. */
static bool is_plain(const struct record *record)
{
	return record->kind == RECORD_EVENT && !(record->keys & ~EVENT_KEYS) && !record->contract &&
	       !record->allowance && !record->annotation && !record->activity &&
	       !record_has(record, KEY_HOST) == !record->host.size &&
	       !(record->flags & ~RECORD_SOURCE_ASSUMED);
}

/* What a record says. -ENOMEM. */
static int item_fill(struct sessionlint_partial *partial, const struct record *record,
		     struct partial_item *item)
{
	struct partial_texts *texts = &partial->texts;
	int r;

	*item = (struct partial_item) {
		.kind = ITEM_EVENT,
		.source = record->source,
		.flags = record->flags,
		.keys = (uint16_t)(record->keys & EVENT_KEYS),
		.session = record->session,
		.event = record->event,
		.from = record->from,
		.to = record->to,
		.line = record->line,
		.offset = record->offset,
		.time = record->time,
		.seq = record->seq,
	};
	r = partial_text_number(texts, record->host, &item->host);
	if (r == 0)
		r = partial_text_number(texts, record->boot, &item->boot);
	if (r == 0)
		r = partial_text_number(texts, record->user, &item->user);
	return r < 0 ? r : partial_text_number(texts, record->address, &item->address);
}

/* Adds the record that was read from @raw. */
static int take_record(struct sessionlint_partial *partial, const struct raw_record *raw)
{
	const struct record *record = &partial->batch->records[0];
	struct partial_item item;
	int r = item_fill(partial, record, &item);

	if (r < 0)
		return r;
	if (is_plain(record))
		return condense_event(partial, &item);
	item.raw = raw_copy(raw);
	return item.raw ? condense_other(partial, &item, record) : -ENOMEM;
}

int partial_take(struct sessionlint_partial *partial, const struct raw_record *raw)
{
	struct reader *reader = &partial->reader;
	int r = partial->error;

	if (r < 0)
		return r;
	if (raw->line.data)
		r = feed_line(reader, raw->line.data, raw->line.size, partial->batch);
	else
		r = feed_pairs(reader, raw->pairs, raw->count, partial->batch);
	if (r == -EINVAL)
		return r;
	if (r == 0 && partial->batch->count > 0)
		r = take_record(partial, raw);
	partial->error = r;
	return r;
}

int sessionlint_partial_feed(struct sessionlint_partial *partial,
			     const struct sessionlint_pair *pairs, size_t count)
{
	return partial_take(partial, &(struct raw_record) { .pairs = pairs, .count = count });
}

int sessionlint_partial_feed_line(struct sessionlint_partial *partial, const char *line,
				  size_t size)
{
	return partial_take(partial,
			    &(struct raw_record) { .line = text_of(line ? line : "", size) });
}

static int take_row(void *userdata, const struct sessionlint_pair *pairs, size_t count)
{
	return sessionlint_partial_feed(userdata, pairs, count);
}

int sessionlint_partial_feed_columns(struct sessionlint_partial *partial,
				     const struct sessionlint_column *columns, size_t count,
				     size_t rows)
{
	if (partial->error < 0)
		return partial->error;
	return feed_columns(columns, count, rows, take_row, partial);
}
