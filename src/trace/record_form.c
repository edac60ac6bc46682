/* SPDX-License-Identifier: MIT */
/* Derives the kind of a record from its keys. */
#include <errno.h>

#include "base/number.h"
#include "model/model.h"
#include "trace/allowance.h"
#include "trace/keys.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The keys that determine the kind of a record. */
#define KIND_KEYS                                                                                  \
	(KEY_BIT(KEY_EVENT) | KEY_BIT(KEY_STATE) | KEY_BIT(KEY_NOTIFY) | KEY_BIT(KEY_CALL) |       \
	 KEY_BIT(KEY_OBJECT) | KEY_BIT(KEY_MARKER))

static const uint8_t kinds[RECORD_KEYS] = {
	[KEY_EVENT] = RECORD_EVENT, [KEY_STATE] = RECORD_STATE,   [KEY_NOTIFY] = RECORD_NOTIFY,
	[KEY_CALL] = RECORD_CALL,   [KEY_OBJECT] = RECORD_OBJECT, [KEY_MARKER] = RECORD_MARKER,
};

/* The required keys of a record. A successful registration also needs its handle. */
static const uint64_t needs[] = {
	[FORM_EVENT] = KEY_BIT(KEY_SESSION),
	[FORM_STATE] = KEY_BIT(KEY_SESSION),
	[FORM_NOTIFY] = KEY_BIT(KEY_SESSION) | KEY_BIT(KEY_IO),
	[FORM_REGISTER] = KEY_BIT(KEY_IO) | KEY_BIT(KEY_MASK) | KEY_BIT(KEY_STATUS),
	[FORM_UNREGISTER] = KEY_BIT(KEY_REGISTRATION),
	[FORM_GET] = KEY_BIT(KEY_STATUS),
	[FORM_OBJECT] = KEY_BIT(KEY_IO),
	[FORM_MARKER] = 0,
	[FORM_REPORTED] = KEY_BIT(KEY_SESSION),
};

#define FORM(name) (1U << FORM_##name)

/* Names for the records that have a key; several forms together if all have it. */
static const struct {
	unsigned forms;
	const char *name;
} names[] = {
	{ FORM(EVENT), "event" },
	{ FORM(STATE), "state" },
	{ FORM(NOTIFY), "notify" },
	{ FORM(REGISTER) | FORM(UNREGISTER) | FORM(GET), "call" },
	{ FORM(REGISTER), "call=IoRegisterContainerNotification" },
	{ FORM(UNREGISTER), "call=IoUnregisterContainerNotification" },
	{ FORM(GET), "call=IoGetContainerInformation" },
	{ FORM(OBJECT), "object" },
	{ FORM(MARKER) | FORM(REPORTED), "marker" },
	{ FORM(REPORTED), "marker=reported" },
};

/* Finds the kind of record from the keys; NULL, or why there is none. */
static const char *kind_find(struct record *record)
{
	uint64_t keys = record->keys & KIND_KEYS;

	if (!keys)
		return "missing one of event, state, notify, call, object and marker";
	if (keys & (keys - 1))
		return "only one of event, state, notify, call, object and marker can be given";
	record->kind = kinds[__builtin_ctzll(keys)];
	return NULL;
}

static enum record_form form_of(const struct record *record)
{
	switch ((enum record_kind)record->kind) {
	case RECORD_EVENT:
		return FORM_EVENT;
	case RECORD_STATE:
		return FORM_STATE;
	case RECORD_NOTIFY:
		return FORM_NOTIFY;
	case RECORD_CALL:
		return record->contract->call == CALL_REGISTER     ? FORM_REGISTER
		       : record->contract->call == CALL_UNREGISTER ? FORM_UNREGISTER
								   : FORM_GET;
	case RECORD_OBJECT:
		return FORM_OBJECT;
	case RECORD_MARKER:
	case RECORD_NOTED:
	case RECORD_MALFORMED:
	case RECORD_ANNOTATION:
		break;
	}
	return record->marker == MARKER_REPORTED ? FORM_REPORTED : FORM_MARKER;
}

/* "event", "notify and call=IoRegisterContainerNotification". */
static struct sessionlint_text forms_text(struct arena *arena, unsigned forms)
{
	const char *found[COUNT(names)];
	struct sessionlint_text text = text_from("");
	unsigned count = 0;

	for (unsigned i = 0; i < COUNT(names); i++) {
		if ((forms & names[i].forms) != names[i].forms)
			continue;
		found[count++] = names[i].name;
		forms &= ~names[i].forms;
	}
	for (unsigned i = 0; i < count; i++)
		text = arena_format(arena, "%.*s%s%s", (int)text.size, text.data ? text.data : "",
				    i == 0           ? ""
				    : i + 1 == count ? " and "
						     : ", ",
				    found[i]);
	return text;
}

/* "from belongs to event, not to state". */
static struct sessionlint_text stray_reason(struct arena *arena, const struct record *record,
					    enum record_key key, enum record_form form)
{
	struct sessionlint_text owners = forms_text(arena, trace_keys[key].forms);
	struct sessionlint_text own = forms_text(arena, 1U << form);

	if (form == FORM_MARKER)
		own = arena_format(arena, "marker=%s", marker_name(record->marker));
	return arena_format(arena, "%s belongs to %.*s, not to %.*s", trace_keys[key].name,
			    (int)owners.size, owners.data ? owners.data : "", (int)own.size,
			    own.data ? own.data : "");
}

/* Required keys that the end of a call may omit, since its begin has them. And a begin has no
 * status yet. */
static uint64_t needs_of_phase(const struct record *record, enum record_form form)
{
	switch ((enum contract_phase)(record->contract ? record->contract->phase : PHASE_WHOLE)) {
	case PHASE_WHOLE:
		break;
	case PHASE_BEGIN:
		return needs[form] & ~KEY_BIT(KEY_STATUS);
	case PHASE_END:
		return needs[form] & KEY_BIT(KEY_STATUS);
	}
	return needs[form];
}

/* A required key that is missing, or RECORD_KEYS. */
static enum record_key missing_key(const struct record *record, enum record_form form)
{
	uint64_t missing = needs_of_phase(record, form) & ~record->keys;

	/* other keys can name the session */
	if (form == FORM_NOTIFY &&
	    record->keys & (KEY_BIT(KEY_SESSION_OBJECT) | KEY_BIT(KEY_PAYLOAD_SESSION)))
		missing &= ~KEY_BIT(KEY_SESSION);
	if (missing)
		return (enum record_key)__builtin_ctzll(missing);
	if (form == FORM_REGISTER && record_has(record, KEY_STATUS) &&
	    record->contract->status == STATUS_SUCCESS && !record_has(record, KEY_REGISTRATION))
		return KEY_REGISTRATION;
	return RECORD_KEYS;
}

/* Calls and notifications of drivers are recorded in the kernel. */
static const char *driver_source(struct record *record)
{
	if ((record->kind != RECORD_NOTIFY && record->kind != RECORD_CALL &&
	     record->kind != RECORD_OBJECT) ||
	    record->source == SESSIONLINT_SOURCE_WDM)
		return NULL;
	if (record_has(record, KEY_SOURCE))
		return "the source of notify, call and object must be wdm";
	record->source = SESSIONLINT_SOURCE_WDM;
	return NULL;
}

/* Keys that only kernel captures have. */
#define KERNEL_KEYS                                                                                \
	(KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO) | KEY_BIT(KEY_PAYLOAD_SESSION) |                      \
	 KEY_BIT(KEY_PAYLOAD_LOCAL) | KEY_BIT(KEY_PAYLOAD_LENGTH))

/* Whether the event number may be that of another source than the assumed one. */
static bool is_source_doubtful(const struct record_builder *builder, const struct record *record)
{
	return record->kind == RECORD_EVENT && builder->source_assumed &&
	       !record_has(record, KEY_SOURCE) && builder->event.data[0] >= '0' &&
	       builder->event.data[0] <= '9' && !(record->keys & KERNEL_KEYS);
}

/* Why the event is invalid for its source. */
static struct sessionlint_text bad_event(const struct record_builder *builder,
					 const struct record *record, struct arena *arena)
{
	enum record_key key = record->kind == RECORD_EVENT ? KEY_EVENT : KEY_NOTIFY;
	enum sessionlint_source source = (enum sessionlint_source)record->source;
	const char *other = model_event_other_source(source, builder->event);
	bool assumed = key == KEY_EVENT && builder->source_assumed &&
		       !record_has(record, KEY_SOURCE);
	uint32_t number;

	/* several sources use small numbers */
	if (!other || number32_parse(builder->event, &number) == 0)
		return record_bad_value(arena, record, key, builder->event);
	return arena_format(arena, "%s: '%.*s' is an event of %s, not of %s%s%s",
			    trace_keys[key].name, (int)builder->event.size, builder->event.data,
			    other, sessionlint_source_name(source),
			    assumed ? "; the trace names no source: try --source=" : "",
			    assumed ? other : "");
}

/* Why the seq_end or the phase of a call is invalid; NULL: they are valid. */
static const char *phase_malformed(const struct record *record)
{
	const struct contract *contract = record->contract;

	if (!(record->keys & (KEY_BIT(KEY_PHASE) | KEY_BIT(KEY_SEQ_END))))
		return NULL;
	if (record_has(record, KEY_PHASE) && record_has(record, KEY_SEQ_END))
		return "phase and seq_end cannot be combined";
	if (record_has(record, KEY_PHASE)) {
		if (contract->phase == PHASE_BEGIN && record_has(record, KEY_STATUS))
			return "status belongs to phase=end, not to phase=begin";
		return NULL;
	}
	if (!record_has(record, KEY_SEQ))
		return "missing seq";
	/* a 32-bit count may wrap in between */
	if (contract->seq_end <= record->seq &&
	    (record->seq > UINT32_MAX || record->seq - contract->seq_end <= UINT32_MAX / 2))
		return "seq_end is not after seq";
	return NULL;
}

static int event_finish(struct record_builder *builder, struct record *record, struct arena *arena,
			struct sessionlint_text *ret_reason)
{
	enum model_activity activity;

	if (record->kind != RECORD_EVENT && record->kind != RECORD_NOTIFY)
		return 0;
	if (builder->event_number != SESSIONLINT_NO_EVENT) {
		record->event = builder->event_number;
		return 0;
	}
	if (model_event_parse((enum sessionlint_source)record->source, builder->event,
			      &record->event, &activity) < 0) {
		*ret_reason = bad_event(builder, record, arena);
		return -EINVAL;
	}
	record->activity = (uint8_t)activity;
	if (is_source_doubtful(builder, record))
		record->flags |= RECORD_SOURCE_ASSUMED;
	return 0;
}

int record_finish(struct record_builder *builder, struct record *record, struct arena *arena,
		  struct sessionlint_text *ret_reason)
{
	const char *reason = kind_find(record);
	enum record_form form;
	enum record_key key;
	uint64_t stray;

	if (!reason)
		reason = driver_source(record);
	if (!reason && record->allowance)
		reason = allowance_malformed(record);
	if (reason) {
		*ret_reason = text_from(reason);
		return -EINVAL;
	}
	form = form_of(record);
	stray = record->keys & ~builder->allowed[form];
	if (stray) {
		key = (enum record_key)__builtin_ctzll(stray);
		*ret_reason = stray_reason(arena, record, key, form);
		return -EINVAL;
	}
	reason = phase_malformed(record);
	if (reason) {
		*ret_reason = text_from(reason);
		return -EINVAL;
	}
	key = missing_key(record, form);
	if (key == KEY_SESSION && record->kind == RECORD_EVENT &&
	    model_event_is_sessionless((enum sessionlint_source)record->source, builder->event)) {
		record->kind = RECORD_NOTED;
		return 0;
	}
	if (key != RECORD_KEYS) {
		*ret_reason = arena_format(arena, "missing %s", trace_keys[key].name);
		return -EINVAL;
	}
	return event_finish(builder, record, arena, ret_reason);
}
