/* SPDX-License-Identifier: MIT */
#include "trace/keys.h"

#include <errno.h>

#include "base/number.h"
#include "base/suggest.h"
#include "model/model.h"
#include "rules/counts.h"
#include "trace/allowance.h"
#include "trace/annotation.h"
#include "trace/time.h"

#define EVENT      (1U << FORM_EVENT)
#define STATE      (1U << FORM_STATE)
#define NOTIFY     (1U << FORM_NOTIFY)
#define REGISTER   (1U << FORM_REGISTER)
#define GET        (1U << FORM_GET)
#define CALL       (REGISTER | 1U << FORM_UNREGISTER | GET)
#define OBJECT     (1U << FORM_OBJECT)
#define REPORTED   (1U << FORM_REPORTED)
#define MARKER     (1U << FORM_MARKER | REPORTED)
#define OF_SESSION (EVENT | STATE | NOTIFY | GET | REPORTED)
#define OF_DRIVER  (NOTIFY | CALL | OBJECT)
#define ALL        (EVENT | STATE | MARKER | OF_DRIVER)

/* The only table of keys. */
const struct trace_key trace_keys[RECORD_KEYS] = {
	[KEY_TIME] = { "time", "RFC 3339, up to 7 fractional digits, Z or an offset", ALL },
	[KEY_SEQ] = { "seq", "an unsigned 64-bit number: the number of the record", ALL },
	[KEY_HOST] = { "host", "text", ALL },
	[KEY_BOOT] = { "boot", "text that differs for each start of the host", ALL },
	[KEY_SOURCE] = { "source", NULL, ALL },
	[KEY_SESSION] = { "session", "a session id: an unsigned 32-bit number", OF_SESSION },
	[KEY_USER] = { "user", "text", OF_SESSION },
	[KEY_ADDRESS] = { "address", "text", OF_SESSION },
	[KEY_EVENT] = { "event", "what the session did: a name or a number", EVENT },
	[KEY_FROM] = { "from", "the state before the event", EVENT },
	[KEY_TO] = { "to", "the state after the event", EVENT },
	[KEY_STATE] = { "state", "a sample: the current state of the session", STATE },
	[KEY_LOCAL] = { "local", "true or false", STATE },
	[KEY_MARKER] = { "marker", "boot, shutdown, gap, end or reported", MARKER },
	[KEY_REASON] = { "reason", "text", MARKER },
	[KEY_ALLOW] = { "allow", "a rule that can be suppressed", ALL },
	[KEY_ALLOW_REASON] = { "allow_reason", "a text that says why the finding is known", ALL },
	[KEY_POINTER_SIZE] = { "pointer_size", "4 or 8: the size of pointers of the host", ALL },
	[KEY_PROCESS] = { "process", "a process id: an unsigned 32-bit number", EVENT },
	[KEY_DRIVER] = { "driver", "text", OF_DRIVER | STATE },
	[KEY_NOTIFY] = { "notify", "the event of which the driver was notified", NOTIFY },
	[KEY_CALL] = { "call", "the name of a routine", CALL },
	[KEY_OBJECT] = { "object", "created or deleted", OBJECT },
	[KEY_IO] = { "io", "an address or a name", OF_DRIVER | STATE },
	[KEY_REGISTRATION] = { "registration", "an address or a name",
			       REGISTER | 1U << FORM_UNREGISTER },
	[KEY_SESSION_OBJECT] = { "session_object", "an address or a name", NOTIFY | GET | STATE },
	[KEY_CLASS] = { "class", "a name or an unsigned 32-bit number", REGISTER | GET },
	[KEY_SIZE] = { "size", "an unsigned 32-bit number", REGISTER },
	[KEY_LENGTH] = { "length", "an unsigned 32-bit number", REGISTER | GET },
	[KEY_FLAGS] = { "flags", "an unsigned 32-bit number", REGISTER },
	[KEY_MASK] = { "mask", "an unsigned 32-bit number, or events separated by commas",
		       REGISTER },
	[KEY_CONTEXT] = { "context", "an address or a name", NOTIFY | REGISTER },
	[KEY_STATUS] = { "status", "an NTSTATUS: a number or a known name",
			 NOTIFY | REGISTER | GET },
	[KEY_PAYLOAD_SESSION] = { "payload_session", "an unsigned 32-bit number", NOTIFY | EVENT },
	[KEY_PAYLOAD_LOCAL] = { "payload_local", "true or false", NOTIFY | EVENT },
	[KEY_PAYLOAD_LENGTH] = { "payload_length", "an unsigned 32-bit number", NOTIFY | EVENT },
	[KEY_DEVICE_SESSION] = { "device_session", "an unsigned 32-bit number", OBJECT },
	[KEY_KIND] = { "kind", "device, driver or file", OBJECT },
	[KEY_OWNER] = { "owner", "the driver of an I/O object: its name or its driver object",
			OBJECT },
	[KEY_PHASE] = { "phase", "begin or end", NOTIFY | CALL },
	[KEY_SEQ_END] = { "seq_end", "an unsigned 64-bit number: the seq of the end of the call",
			  NOTIFY | CALL },
	[KEY_IRQL] = { "irql", "an IRQL: a number up to 255 or a known name", NOTIFY | CALL },
};

static const char *const marker_names[] = {
	[MARKER_BOOT] = "boot", [MARKER_SHUTDOWN] = "shutdown", [MARKER_GAP] = "gap",
	[MARKER_END] = "end",   [MARKER_REPORTED] = "reported",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const char *marker_name(unsigned marker)
{
	return marker < COUNT(marker_names) ? marker_names[marker] : NULL;
}

/* Max size of a bad value in a message. */
#define SHOWN 40

static int shown(struct sessionlint_text text)
{
	return (int)(text.size < SHOWN ? text.size : SHOWN);
}

/* The keys by length of name; KEY_TIME, which is 0, is last. */
#define KEY_NAME_MAX 15
#define KEYS_OF_SIZE 10
static const uint8_t keys_by_size[KEY_NAME_MAX + 1][KEYS_OF_SIZE] = {
	[2] = { KEY_TO, KEY_IO },
	[3] = { KEY_SEQ },
	[4] = { KEY_HOST, KEY_BOOT, KEY_USER, KEY_FROM, KEY_CALL, KEY_SIZE, KEY_MASK, KEY_KIND,
		KEY_IRQL, KEY_TIME },
	[5] = { KEY_EVENT, KEY_STATE, KEY_LOCAL, KEY_ALLOW, KEY_CLASS, KEY_FLAGS, KEY_OWNER,
		KEY_PHASE },
	[6] = { KEY_STATUS, KEY_SOURCE, KEY_MARKER, KEY_REASON, KEY_DRIVER, KEY_NOTIFY, KEY_OBJECT,
		KEY_LENGTH },
	[7] = { KEY_SESSION, KEY_CONTEXT, KEY_ADDRESS, KEY_SEQ_END, KEY_PROCESS },
	[12] = { KEY_REGISTRATION, KEY_ALLOW_REASON, KEY_POINTER_SIZE },
	[13] = { KEY_PAYLOAD_LOCAL },
	[14] = { KEY_PAYLOAD_LENGTH, KEY_SESSION_OBJECT, KEY_DEVICE_SESSION },
	[15] = { KEY_PAYLOAD_SESSION },
};

int trace_key_find(struct sessionlint_text name, enum record_key *ret_key, const char **ret_near)
{
	struct suggestion near = { .word = name };

	for (unsigned i = 0; i < KEYS_OF_SIZE && name.size <= KEY_NAME_MAX; i++) {
		unsigned key = keys_by_size[name.size][i];

		if (key == KEY_TIME && name.size != strlen("time"))
			break;
		if (name.size > 0 && trace_keys[key].name[0] == name.data[0] &&
		    memcmp(trace_keys[key].name, name.data, name.size) == 0) {
			*ret_key = (enum record_key)key;
			return 0;
		}
	}
	if (!ret_near)
		return -ENOENT;
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
	for (unsigned key = 0; key < RECORD_KEYS; key++)
		for (unsigned forms = trace_keys[key].forms; forms; forms &= forms - 1)
			builder->allowed[__builtin_ctz(forms)] |= KEY_BIT(key);
}

void record_make_malformed(struct record *record, struct sessionlint_text reason)
{
	record->kind = RECORD_MALFORMED;
	record->allowance = NULL;
	record->annotation = NULL;
	record->reason = reason;
}

/* Like time_parse(), but only parses the date if it differs from that of the previous record. */
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
	bool local;

	if (boolean_parse(value, &local) < 0)
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

static int number_put(uint32_t *ret_number, struct sessionlint_text value)
{
	uint64_t number;

	if (decimal_parse(value, UINT32_MAX, &number) < 0)
		return -EINVAL;
	*ret_number = (uint32_t)number;
	return 0;
}

/* The process is of the details that records of Windows logs have. */
static int process_put(struct record *record, struct sessionlint_text value, struct arena *arena)
{
	struct annotation *details;
	uint32_t process;

	if (number_put(&process, value) < 0)
		return -EINVAL;
	details = arena_allocate(arena, sizeof *details);
	if (!details)
		return -ENOMEM;
	*details = (struct annotation) { .process = process, .reason = ANNOTATION_NO_REASON };
	record->annotation = details;
	return 0;
}

static int pointer_size_put(struct record *record, struct sessionlint_text value)
{
	if (!text_is(value, "4") && !text_is(value, "8"))
		return -EINVAL;
	record->pointer_size = (uint8_t)(value.data[0] - '0');
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

/* Sets a value of the driver's contract. */
static int contract_value_put(struct record_builder *builder, struct record *record,
			      enum record_key key, struct sessionlint_text value)
{
	if (!record_contract(builder, record))
		return -ENOMEM;
	if (key == KEY_NOTIFY)
		return text_put(&builder->event, value);
	builder->spans |= key == KEY_SEQ_END;
	return contract_put(builder->contract, key, value);
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
		return number_put(&record->session, value);
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
	case KEY_POINTER_SIZE:
		return pointer_size_put(record, value);
	case KEY_PROCESS:
		return process_put(record, value, builder->arena);
	case KEY_ALLOW:
	case KEY_ALLOW_REASON:
		return allowance_put(record, key, value, builder->arena);
	default:
		return contract_value_put(builder, record, key, value);
	}
}

/* The names of the values of a key; NULL after the last, or if it has no names. */
static const char *value_name_at(enum record_key key, enum sessionlint_source source,
				 unsigned index)
{
	switch (key) {
	case KEY_EVENT:
	case KEY_NOTIFY:
		if (index <= SESSIONLINT_EVENT_MAX)
			return sessionlint_event_name(index);
		return model_event_spelling_at(source, index - SESSIONLINT_EVENT_MAX - 1);
	case KEY_FROM:
	case KEY_TO:
	case KEY_STATE:
		return sessionlint_state_name(index + 1);
	case KEY_SOURCE:
		return sessionlint_source_name(index);
	case KEY_ALLOW:
		return allowance_name_at(index);
	case KEY_MARKER:
		return index + MARKER_BOOT < COUNT(marker_names) ? marker_names[index + MARKER_BOOT]
								 : NULL;
	default:
		return contract_name_at(key, index);
	}
}

/* The name most similar to an unknown value, for keys with named values, or NULL. */
static const char *near_value(enum record_key key, enum sessionlint_source source,
			      struct sessionlint_text value)
{
	struct suggestion near = { .word = value };

	for (unsigned i = 0; value_name_at(key, source, i); i++)
		suggestion_offer(&near, value_name_at(key, source, i));
	return near.best;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits_at(struct sessionlint_text value, size_t at)
{
	size_t first = at;

	while (at < value.size && is_digit(value.data[at]))
		at++;
	return at - first;
}

/* Advice for times and numbers in the notation of other programs. */
static const char *value_advice(enum record_key key, struct sessionlint_text value)
{
	size_t digits = digits_at(value, 0);

	if (key == KEY_TIME && value.size > 20 && value.data[19] == '.' && digits_at(value, 20) > 7)
		return "; omit the digits after the seventh of the fraction";
	if (key == KEY_TIME && value.size > 5 && strchr("+-", value.data[value.size - 5]) &&
	    digits_at(value, value.size - 4) == 4)
		return "; an offset has a colon, as in +01:00";
	if ((key == KEY_SESSION || key == KEY_SEQ) && digits > 0 && value.size > digits + 1 &&
	    value.data[digits] == '.' && digits_at(value, digits + 1) == value.size - digits - 1)
		return "; write it without a fraction";
	return "";
}

/* What a key holds, for people. */
static struct sessionlint_text value_text(struct arena *arena, enum record_key key)
{
	struct sessionlint_text text = text_of("", 0);

	if (key != KEY_SOURCE)
		return text_from(trace_keys[key].value);
	for (unsigned i = 0; i < SOURCE_COUNT; i++)
		text = arena_format(arena, "%.*s%s%s%s", (int)text.size, text.data,
				    text_or(i, SOURCE_COUNT), sessionlint_source_name(i),
				    i == 0 ? " (default)" : "");
	return text;
}

struct sessionlint_text record_bad_value(struct arena *arena, const struct record *record,
					 enum record_key key, struct sessionlint_text value)
{
	struct sessionlint_text part = value;
	struct sessionlint_text wanted;
	const char *near;
	uint32_t mask;

	if (key == KEY_ALLOW)
		value = part = allowance_bad_name(value);
	if (key == KEY_MASK)
		event_mask_parse(value, &mask, &part);
	near = near_value(key, (enum sessionlint_source)record->source, part);
	if (part.size != value.size)
		return arena_format(arena, "%s: unknown name '%.*s' in '%.*s'%s%s%s",
				    trace_keys[key].name, shown(part), part.data ? part.data : "",
				    shown(value), value.data, near ? "; did you mean " : "",
				    near ? near : "", near ? "?" : "");
	if (!near && (key == KEY_EVENT || key == KEY_NOTIFY))
		return arena_format(arena, "%s: '%.*s' is not an event of %s", trace_keys[key].name,
				    shown(value), value.data ? value.data : "",
				    sessionlint_source_name(record->source));
	if (near)
		return arena_format(arena, "unknown %s '%.*s'; did you mean %s?",
				    trace_keys[key].name, shown(value),
				    value.data ? value.data : "", near);
	wanted = value_text(arena, key);
	return arena_format(arena, "%s: '%.*s' is not %.*s%s", trace_keys[key].name, shown(value),
			    value.data ? value.data : "", (int)wanted.size, wanted.data,
			    value_advice(key, value));
}

int record_put(struct record_builder *builder, struct record *record, enum record_key key,
	       struct sessionlint_text value, struct arena *arena,
	       struct sessionlint_text *ret_reason)
{
	int r;

	if (record_has(record, key)) {
		*ret_reason = arena_format(arena, "duplicate %s", trace_keys[key].name);
		return -EINVAL;
	}
	builder->arena = arena;
	r = record_put_value(builder, record, key, value);
	if (r < 0) {
		if (r == -EINVAL)
			*ret_reason = record_bad_value(arena, record, key, value);
		return r;
	}
	record->keys |= KEY_BIT(key);
	return 0;
}
