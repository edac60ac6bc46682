/* SPDX-License-Identifier: MIT */
/* Adds the items of a stretch to those of the one before it. */
#include "check/partial/partial.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/text/feed.h"

struct merge {
	struct sessionlint_partial *partial;
	const struct sessionlint_partial *next;
	uint64_t lines, bytes; /* of the stretch before */
	uint32_t *texts;       /* by number in @next: the number in @partial, or TEXT_NONE so far */
};

/* Replaces the number of a text. -ENOMEM. */
static int map_text(struct merge *merge, uint32_t *number)
{
	uint32_t *mapped = &merge->texts[*number];
	int r = 0;

	if (*mapped == TEXT_NONE)
		r = partial_text_number(&merge->partial->texts,
					partial_text(&merge->next->texts, *number), mapped);
	*number = *mapped;
	return r;
}

static int map_event(struct merge *merge, struct partial_item *item)
{
	int r = map_text(merge, &item->host);

	if (r == 0)
		r = map_text(merge, &item->boot);
	if (r == 0)
		r = map_text(merge, &item->user);
	if (r == 0)
		r = map_text(merge, &item->address);
	item->line += merge->lines;
	item->offset += merge->bytes;
	return r;
}

static int map_host(struct merge *merge, uint32_t *host)
{
	struct sessionlint_text name = merge->next->names.hosts[*host].name;
	uint32_t text;
	int r = partial_text_number(&merge->partial->texts, name, &text);

	return r < 0 ? r : known_host(merge->partial, text, host);
}

/* A copy of @from for the other partial. -ENOMEM. */
static int map_omission(struct merge *merge, const struct omission *from, struct omission *to)
{
	int r = 0;

	*to = *from;
	to->host_capacity = from->host_count;
	to->turn_capacity = from->turn_count;
	to->hosts = malloc((from->host_count + 1) * sizeof *to->hosts);
	to->turns = malloc((from->turn_count + 1) * sizeof *to->turns);
	if (!to->hosts || !to->turns)
		return -ENOMEM;
	for (uint32_t i = 0; r == 0 && i < from->host_count; i++) {
		to->hosts[i] = from->hosts[i];
		r = map_host(merge, &to->hosts[i].host);
	}
	for (uint32_t i = 0; r == 0 && i < from->turn_count; i++) {
		const struct omitted_turn *turn = &from->turns[i];
		const struct partial_session *session = &merge->next->sessions.list[turn->owner];
		uint32_t host = session->host;

		to->turns[i] = *turn;
		to->turns[i].ended += merge->lines;
		r = map_host(merge, &host);
		if (r == 0)
			r = known_session(merge->partial, host, session->id, session->source,
					  &to->turns[i].owner);
	}
	return r;
}

static int add_omission(struct merge *merge, const struct omission *from)
{
	struct omission *to = calloc(1, sizeof *to);
	int r = to ? map_omission(merge, from, to) : -ENOMEM;

	if (r < 0) {
		omission_free(to);
		return r;
	}
	return condense_omission(merge->partial, to);
}

static int add_item(struct merge *merge, const struct partial_item *from)
{
	struct partial_item item = *from;
	int r;

	switch ((enum item_kind)from->kind) {
	case ITEM_EVENT:
		r = map_event(merge, &item);
		return r < 0 ? r : condense_event(merge->partial, &item);
	case ITEM_OMITTED:
		r = map_event(merge, &item);
		return r < 0 ? r : condense_omitted(merge->partial, &item);
	case ITEM_OMISSION:
		return add_omission(merge, from->omission);
	case ITEM_RAW:
	case ITEM_KINDS:
		break;
	}
	feed_seek(&merge->partial->reader, merge->lines + from->line - 1,
		  merge->bytes + from->offset);
	return partial_take(merge->partial, from->raw);
}

static bool reads_alike(const struct sessionlint_partial *a, const struct sessionlint_partial *b)
{
	return a->kind == b->kind && a->reader.options.source == b->reader.options.source &&
	       a->reader.options.source_assumed == b->reader.options.source_assumed;
}

int sessionlint_partial_merge(struct sessionlint_partial *partial,
			      const struct sessionlint_partial *next)
{
	struct merge merge = {
		.partial = partial,
		.next = next,
		.lines = feed_lines(&partial->reader),
		.bytes = partial->reader.done,
		.texts = calloc(next->texts.count, sizeof *merge.texts),
	};
	int r = partial->error < 0 ? partial->error : next->error;

	if (r == 0 && (partial == next || !reads_alike(partial, next)))
		r = -EINVAL;
	else if (r == 0 && !merge.texts)
		r = -ENOMEM;
	else if (r == 0) {
		for (uint32_t i = 0; r == 0 && i < next->count; i++)
			r = add_item(&merge, &next->items[i]);
		feed_seek(&partial->reader, merge.lines + feed_lines(&next->reader),
			  merge.bytes + next->reader.done);
		partial->error = r;
	}
	free(merge.texts);
	return r;
}
