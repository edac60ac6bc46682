/* SPDX-License-Identifier: MIT */
#include "trace/evtx_collect.h"

#include <errno.h>

#include "trace/evtx_value.h"
#include "trace/keys.h"

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
	if (piece->kind == EVTX_NESTED)
		return collect_interest(collect) == WINDOWS_MAP ? 0 : COLLECT_ENOUGH;
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

int collect_visit(struct collect *collect, struct evtx_chunk *chunk,
		  const struct evtx_record *source, const char **ret_reason)
{
	int r = evtx_document_visit(chunk, source->offset + 24, source->offset + source->size - 4,
				    collect_piece, collect, ret_reason);

	if (r == 0 && !collect->has_id) {
		*ret_reason = "it has no EventID";
		return -EBADMSG;
	}
	return r < 0 ? r : 0;
}

enum windows_interest collect_interest(const struct collect *collect)
{
	return windows_interest(collect->event.provider, collect->event.id);
}

int collect_record(const struct collect *collect, struct record *record)
{
	struct windows_event event = collect->event;
	struct sessionlint_text reason;
	int r;

	for (unsigned field = WINDOWS_COMPUTER; field < WINDOWS_FIELDS; field++)
		if (collect->values[field].bytes)
			event.texts[field] = value_text(&collect->values[field], collect->arena);
	record->host = event.texts[WINDOWS_COMPUTER];
	if (record->host.size)
		record->keys |= KEY_BIT(KEY_HOST);
	/* an export keeps the document, and puts another time before it */
	if (collect->time)
		record->time = collect->time;
	r = windows_map(&event, record, collect->arena, &reason);
	if (r < 0) {
		record_spoil(record, reason);
		return 1;
	}
	return r;
}
