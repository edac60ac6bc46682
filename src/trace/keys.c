/* SPDX-License-Identifier: MIT */
#include "trace/keys.h"

#include <errno.h>

#include "base/suggest.h"
#include "trace/time.h"

/* The one table of keys. */
const struct trace_key trace_keys[RECORD_KEYS] = {
	[KEY_TIME] = { "time", "RFC 3339, up to 7 fractional digits, Z or an offset" },
	[KEY_SEQ] = { "seq", "an unsigned 64-bit number that counts the records" },
	[KEY_HOST] = { "host", "text" },
	[KEY_BOOT] = { "boot", "text that is new for each start of the host" },
	[KEY_SOURCE] = { "source", "wdm (default), wts, sens, lsm or winlogon" },
	[KEY_SESSION] = { "session", "a session id: an unsigned 32-bit number" },
	[KEY_USER] = { "user", "text" },
	[KEY_ADDRESS] = { "address", "text" },
	[KEY_EVENT] = { "event", "what the session did: a name or a number" },
	[KEY_FROM] = { "from", "the state before the event" },
	[KEY_TO] = { "to", "the state after the event" },
	[KEY_STATE] = { "state", "a sample: the state that the session was found in" },
	[KEY_LOCAL] = { "local", "with state: true or false" },
	[KEY_MARKER] = { "marker", "boot, shutdown, gap, end or reported" },
	[KEY_REASON] = { "reason", "text, with marker" },
};

static const char *const marker_names[] = {
	[MARKER_BOOT] = "boot", [MARKER_SHUTDOWN] = "shutdown", [MARKER_GAP] = "gap",
	[MARKER_END] = "end",   [MARKER_REPORTED] = "reported",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* How much of a bad value a message repeats. */
#define SHOWN 40

static int shown(struct sessionlint_text text)
{
	return (int)(text.size < SHOWN ? text.size : SHOWN);
}

int trace_key_find(struct sessionlint_text name, enum record_key *ret_key, const char **ret_near)
{
	struct suggestion near = { .word = name };

	for (unsigned key = 0; key < RECORD_KEYS; key++) {
		const char *known = trace_keys[key].name;

		if (name.size && known[0] == name.data[0] && strlen(known) == name.size &&
		    memcmp(known, name.data, name.size) == 0) {
			*ret_key = (enum record_key)key;
			return 0;
		}
	}
	for (unsigned key = 0; key < RECORD_KEYS; key++)
		suggestion_offer(&near, trace_keys[key].name);
	*ret_near = near.best;
	return -ENOENT;
}

void record_builder_init(struct record_builder *builder, enum sessionlint_source source)
{
	*builder = (struct record_builder){
		.day = "no day yet",
		.blank = {
			.time = SESSIONLINT_NO_TIME,
			.event = SESSIONLINT_NO_EVENT,
			.from = SESSIONLINT_NO_STATE,
			.to = SESSIONLINT_NO_STATE,
			.state = SESSIONLINT_NO_STATE,
			.source = (uint8_t)source,
		},
	};
}

void record_spoil(struct record *record, struct sessionlint_text reason)
{
	record->kind = RECORD_MALFORMED;
	record->reason = reason;
}

static int decimal_parse(struct sessionlint_text text, uint64_t limit, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (text.size == 0 || text.size > 20)
		return -EINVAL;
	for (size_t i = 0; i < text.size; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';

		if (digit > 9 || number > (limit - digit) / 10)
			return -EINVAL;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return 0;
}

/* As time_parse(), but the date is read only where it differs from the one of the record before. */
static int time_put(struct record_builder *builder, struct record *record,
		    struct sessionlint_text value)
{
	int64_t clock;

	if (value.size >= 20 && memcmp(value.data, builder->day, sizeof builder->day) == 0 &&
	    clock_parse(value.data + 11, value.data + value.size, &clock) == 0 && clock >= 0) {
		record->time = builder->day_ticks + (uint64_t)clock;
		return 0;
	}
	if (time_parse(value, &record->time) < 0)
		return -EINVAL;
	if (day_parse(value.data, &builder->day_ticks) == 0)
		memcpy(builder->day, value.data, sizeof builder->day);
	return 0;
}

static int local_put(struct record *record, struct sessionlint_text value)
{
	bool local = text_is(value, "true") || text_is(value, "1");

	if (!local && !text_is(value, "false") && !text_is(value, "0"))
		return -EINVAL;
	if (local)
		record->flags |= RECORD_LOCAL;
	return 0;
}

static int marker_put(struct record *record, struct sessionlint_text value)
{
	for (unsigned i = MARKER_BOOT; i < COUNT(marker_names); i++) {
		if (text_is(value, marker_names[i])) {
			record->marker = (uint8_t)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int session_put(struct record *record, struct sessionlint_text value)
{
	uint64_t number;

	if (decimal_parse(value, UINT32_MAX, &number) < 0)
		return -EINVAL;
	record->session = (uint32_t)number;
	return 0;
}

static int source_put(struct record *record, struct sessionlint_text value)
{
	enum sessionlint_source source;

	if (sessionlint_source_parse(value.data, value.size, &source) < 0)
		return -EINVAL;
	record->source = (uint8_t)source;
	return 0;
}

static int text_put(struct sessionlint_text *field, struct sessionlint_text value)
{
	*field = value;
	return 0;
}

int record_put_value(struct record_builder *builder, struct record *record, enum record_key key,
		     struct sessionlint_text value)
{
	switch (key) {
	case KEY_TIME:
		return time_put(builder, record, value);
	case KEY_SEQ:
		return decimal_parse(value, UINT64_MAX, &record->seq);
	case KEY_HOST:
		return text_put(&record->host, value);
	case KEY_BOOT:
		return text_put(&record->boot, value);
	case KEY_SOURCE:
		return source_put(record, value);
	case KEY_SESSION:
		return session_put(record, value);
	case KEY_USER:
		return text_put(&record->user, value);
	case KEY_ADDRESS:
		return text_put(&record->address, value);
	case KEY_EVENT:
		return text_put(&builder->event, value);
	case KEY_FROM:
		return sessionlint_state_parse(value.data, value.size, &record->from);
	case KEY_TO:
		return sessionlint_state_parse(value.data, value.size, &record->to);
	case KEY_STATE:
		return sessionlint_state_parse(value.data, value.size, &record->state);
	case KEY_LOCAL:
		return local_put(record, value);
	case KEY_MARKER:
		return marker_put(record, value);
	case KEY_REASON:
		return text_put(&record->reason, value);
	}
	return -EINVAL;
}

/* The name nearest to a value that is none, for keys whose values are names. NULL if none is near.
 */
static const char *near_value(enum record_key key, struct sessionlint_text value)
{
	struct suggestion near = { .word = value };

	if (key == KEY_EVENT)
		for (unsigned i = 0; sessionlint_event_name(i); i++)
			suggestion_offer(&near, sessionlint_event_name(i));
	else if (key == KEY_FROM || key == KEY_TO || key == KEY_STATE)
		for (unsigned i = 1; sessionlint_state_name(i); i++)
			suggestion_offer(&near, sessionlint_state_name(i));
	else if (key == KEY_SOURCE)
		for (unsigned i = 0; sessionlint_source_name(i); i++)
			suggestion_offer(&near, sessionlint_source_name(i));
	else if (key == KEY_MARKER)
		for (unsigned i = MARKER_BOOT; i < COUNT(marker_names); i++)
			suggestion_offer(&near, marker_names[i]);
	return near.best;
}

static struct sessionlint_text bad_value(struct arena *arena, enum record_key key,
					 struct sessionlint_text value)
{
	const char *near = near_value(key, value);

	if (near)
		return arena_format(arena, "%s: '%.*s' is not one; did you mean %s?",
				    trace_keys[key].name, shown(value),
				    value.data ? value.data : "", near);
	return arena_format(arena, "%s: '%.*s' is not %s", trace_keys[key].name, shown(value),
			    value.data ? value.data : "", trace_keys[key].value);
}

int record_put(struct record_builder *builder, struct record *record, enum record_key key,
	       struct sessionlint_text value, struct arena *arena,
	       struct sessionlint_text *ret_reason)
{
	if (record_has(record, key)) {
		*ret_reason = arena_format(arena, "%s is given twice", trace_keys[key].name);
		return -EINVAL;
	}
	if (record_put_value(builder, record, key, value) < 0) {
		*ret_reason = bad_value(arena, key, value);
		return -EINVAL;
	}
	record->keys |= KEY_BIT(key);
	return 0;
}

/* Which kind of record the keys make; NULL, or why they make none. */
static const char *kind_find(struct record *record)
{
	uint32_t kinds = record->keys &
			 (KEY_BIT(KEY_EVENT) | KEY_BIT(KEY_STATE) | KEY_BIT(KEY_MARKER));

	if (kinds == 0)
		return "none of event, state and marker is given";
	if (kinds & (kinds - 1))
		return "only one of event, state and marker may be given";
	if (kinds == KEY_BIT(KEY_EVENT))
		record->kind = RECORD_EVENT;
	else if (kinds == KEY_BIT(KEY_STATE))
		record->kind = RECORD_STATE;
	else
		record->kind = RECORD_MARKER;

	if (record->kind != RECORD_EVENT && record->keys & (KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO)))
		return "from and to belong to an event";
	if (record->kind != RECORD_STATE && record_has(record, KEY_LOCAL))
		return "local belongs to a state";
	if (record_has(record, KEY_SESSION))
		return NULL;
	if (record->kind != RECORD_MARKER || record->marker == MARKER_REPORTED)
		return "session is not given";
	return NULL;
}

int record_finish(struct record_builder *builder, struct record *record, struct arena *arena,
		  struct sessionlint_text *ret_reason)
{
	const char *reason = kind_find(record);

	if (reason) {
		*ret_reason = text_from(reason);
		return -EINVAL;
	}
	if (record->kind == RECORD_EVENT &&
	    sessionlint_event_parse((enum sessionlint_source)record->source, builder->event.data,
				    builder->event.size, &record->event) < 0) {
		*ret_reason = bad_value(arena, KEY_EVENT, builder->event);
		return -EINVAL;
	}
	return 0;
}
