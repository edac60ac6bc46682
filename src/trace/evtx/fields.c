/* SPDX-License-Identifier: MIT */
#include "trace/evtx/fields.h"

#include <errno.h>

#include "trace/evtx/value.h"
#include "trace/keys.h"

/*
 * A template can contain a long text, and many records can use it. So the texts of a record are
 * limited by the size of the record. Real records are far below the limit.
 */
#define TEXTS_FACTOR 4U
#define TEXTS_BASE   2048U

/* Counts the bytes of texts; -EBADMSG if there are too many. */
static int collect_spend(struct collect *collect, uint32_t size)
{
	if (size > collect->texts_max - collect->texts) {
		collect->reason = "the texts are too long";
		return -EBADMSG;
	}
	collect->texts += size;
	return 0;
}

/* Makes room for @size more bytes at the end of a text, which is moved from the chunk to the arena.
 */
static int collect_grow(struct collect *collect, enum windows_field field, uint32_t size)
{
	struct evtx_value *have = &collect->values[field];
	uint32_t *room = &collect->room[field];
	unsigned char *bytes;

	if (*room - have->size >= size && *room)
		return 0;
	*room = 2 * (have->size + size);
	bytes = (unsigned char *)arena_allocate(collect->arena, *room);
	if (!bytes)
		return -ENOMEM;
	if (have->size > 0)
		memcpy(bytes, have->bytes, have->size);
	have->bytes = bytes;
	return 0;
}

/* Stores a text value. Pieces of one text are joined; of several fields with the same name, the
 * first counts. */
static int collect_text(struct collect *collect, const struct evtx_piece *piece,
			const struct evtx_value *value)
{
	struct evtx_value *have = &collect->values[piece->field];
	bool first = !have->bytes;
	int r;

	if (!first &&
	    (have->leaf != value->leaf || have->type != EVTX_STRING || value->type != EVTX_STRING))
		return 0;
	r = collect_spend(collect, value->size);
	if (r < 0)
		return r;
	/* no copy of a value in the chunk; a single character is not in it */
	if (first && (piece->kind != EVTX_LITERAL || piece->offset)) {
		*have = *value;
		return 0;
	}
	if (first)
		*have = (struct evtx_value) { .type = EVTX_STRING, .leaf = value->leaf };
	r = collect_grow(collect, piece->field, value->size);
	if (r < 0)
		return r;
	memcpy((unsigned char *)have->bytes + have->size, value->bytes, value->size);
	have->size += value->size;
	return 0;
}

/* Whether @name is that of the record before, as in most logs. */
static bool is_last(const struct evtx_value *last, const struct evtx_value *name)
{
	return last->bytes && last->type == name->type && last->size == name->size &&
	       memcmp(last->bytes, name->bytes, name->size) == 0;
}

static void last_set(struct evtx_value *last, const struct evtx_value *name)
{
	*last = *name;
	/* a single character does not lie in the chunk */
	if (name->size <= 2)
		last->bytes = NULL;
}

/* The provider that is called @name. */
static enum windows_provider provider_find(struct evtx_chunk *chunk, const struct evtx_value *name)
{
	if (!is_last(&chunk->provider_name, name)) {
		chunk->provider = value_provider(name);
		last_set(&chunk->provider_name, name);
	}
	return chunk->provider;
}

/* The text of the computer's name. */
static struct sessionlint_text computer_text(const struct collect *collect)
{
	const struct evtx_value *name = &collect->values[WINDOWS_COMPUTER];
	struct evtx_chunk *chunk = collect->chunk;

	if (!is_last(&chunk->computer_name, name)) {
		chunk->computer = value_text(name, collect->arena);
		last_set(&chunk->computer_name, name);
	}
	return chunk->computer;
}

/* Keeps a number; of several fields with one name the first counts. Apart, as a local variable
 * whose address is taken costs each piece a check of the stack. */
__attribute__((noinline)) static void
collect_number(struct collect *collect, enum windows_field field, const struct evtx_value *value)
{
	unsigned index = field - WINDOWS_TEXTS;
	uint64_t number;

	if (collect->event.has >> index & 1 || !value_number(value, &number) ||
	    (field != WINDOWS_LOGON_ID && number > UINT32_MAX))
		return;
	collect->event.numbers[index] = number;
	collect->event.has |= 1U << index;
}

/* Stops the walk as soon as it is clear that the record is not about sessions. */
#define COLLECT_ENOUGH 1

__attribute__((noinline)) static int collect_id(struct collect *collect,
						const struct evtx_value *value)
{
	uint64_t number;

	if (collect->has_id || !value_number(value, &number) || number > UINT32_MAX)
		return 0;
	collect->has_id = true;
	collect->event.id = (uint32_t)number;
	if (collect->whole || !collect->has_provider)
		return 0;
	return windows_id_matters(collect->event.provider, collect->event.id) ? 0 : COLLECT_ENOUGH;
}

static int collect_piece(void *userdata, const struct evtx_chunk *chunk,
			 const struct evtx_piece *piece, const struct evtx_value *value)
{
	struct collect *collect = userdata;

	(void)chunk;
	if (piece->kind == EVTX_NESTED)
		return collect_interest(collect) == WINDOWS_MAP ? 0 : COLLECT_ENOUGH;
	switch (piece->field) {
	case WINDOWS_PROVIDER:
		if (collect->event.provider == WINDOWS_OTHER)
			collect->event.provider = provider_find(collect->chunk, value);
		collect->has_provider = true;
		return 0;
	case WINDOWS_EVENT_ID:
		return collect_id(collect, value);
	case WINDOWS_RECORD_ID:
		value_number(value, &collect->own_id);
		return 0;
	case WINDOWS_TIME:
		collect->time = value_time(value);
		return 0;
	case WINDOWS_SESSION:
	case WINDOWS_PROCESS:
	case WINDOWS_TRANSITION:
	case WINDOWS_REASON:
	case WINDOWS_LOGON_ID:
		collect_number(collect, piece->field, value);
		return 0;
	default:
		return collect_text(collect, piece, value);
	}
}

int collect_visit(struct collect *collect, struct evtx_chunk *chunk,
		  const struct evtx_record *source, const char **ret_reason)
{
	int r;

	collect->chunk = chunk;
	collect->texts_max = source->size * TEXTS_FACTOR + TEXTS_BASE;
	r = evtx_document_visit(chunk, source->offset + 24, source->offset + source->size - 4,
				collect_piece, collect, ret_reason);
	if (r == -EBADMSG && collect->reason)
		*ret_reason = collect->reason;
	if (r == 0 && !collect->has_id) {
		*ret_reason = "missing EventID";
		return -EBADMSG;
	}
	return r < 0 ? r : 0;
}

uint64_t collect_computer(const struct collect *collect)
{
	return value_hash(&collect->values[WINDOWS_COMPUTER]);
}

uint64_t collect_channel(const struct collect *collect)
{
	return value_hash(&collect->values[WINDOWS_CHANNEL]);
}

uint64_t collect_subscriber(const struct collect *collect)
{
	return value_hash(&collect->values[WINDOWS_SUBSCRIBER]);
}

enum windows_interest collect_interest(const struct collect *collect)
{
	return windows_interest(collect->event.provider, collect->event.id);
}

bool collect_annotates(const struct collect *collect)
{
	return windows_annotates(collect->event.provider, collect->event.id);
}

int collect_record(struct collect *collect, struct record *record)
{
	struct windows_event *event = &collect->event;
	struct sessionlint_text reason;
	int r;

	if (collect->values[WINDOWS_COMPUTER].bytes)
		event->texts[WINDOWS_COMPUTER] = computer_text(collect);
	for (unsigned field = WINDOWS_COMPUTER + 1; field < WINDOWS_TEXTS; field++)
		if (collect->values[field].bytes && windows_text_matters(event, field))
			event->texts[field] = value_text(&collect->values[field], collect->arena);
	record->host = event->texts[WINDOWS_COMPUTER];
	if (record->host.size)
		record->keys |= KEY_BIT(KEY_HOST);
	/* exports keep the document, but write another time into the record header */
	if (collect->time)
		record->time = collect->time;
	r = windows_map(event, record, collect->arena, &reason);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		record_make_malformed(record, reason);
		return 1;
	}
	return r;
}
