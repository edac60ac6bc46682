/* SPDX-License-Identifier: MIT */
#include "trace/windows/event_meaning.h"

#include <errno.h>

#include "trace/user_names.h"
#include "trace/windows/annotations.h"

enum meaning {
	MEANS_NOTHING,
	MEANS_LOGON,
	MEANS_LOGOFF,
	MEANS_DISCONNECTED,
	MEANS_CONNECTED,
	MEANS_NOTIFIED, /* a subscriber of Winlogon: the number in Event says of what */
	MEANS_REPORT,
	MEANS_TRANSITION,
	MEANS_BOOT,
	MEANS_SERVICE, /* the Event Log service started, with the host or by itself */
	MEANS_SHUTDOWN,
	MEANS_ANNOTATION,
	MEANS_LITTLE, /* the end of a notification: noted */
};

struct meaning_row {
	uint16_t id;
	uint8_t meaning;
	uint8_t annotation; /* enum annotation_kind */
};

/*
 * The records that mean something, by provider; the frequent ones first. Kernel-General 13 and
 * EventLog 6006 and 6008 are not in it: they are written at the next boot, or when the service
 * alone stops, and end no session.
 */
static const struct meaning_row of_lsm[] = {
	{ 21, MEANS_LOGON, 0 },
	{ 23, MEANS_LOGOFF, 0 },
	{ 24, MEANS_DISCONNECTED, 0 },
	{ 25, MEANS_CONNECTED, 0 },
	{ 32, MEANS_BOOT, 0 },
	{ 36, MEANS_REPORT, 0 },
	{ 37, MEANS_REPORT, 0 },
	{ 38, MEANS_TRANSITION, 0 },
	{ 54, MEANS_SHUTDOWN, 0 },
	{ 39, MEANS_ANNOTATION, ANNOTATION_DISCONNECT_REQUESTED },
	{ 40, MEANS_ANNOTATION, ANNOTATION_DISCONNECT_REASON },
	{ 41, MEANS_ANNOTATION, ANNOTATION_ARBITRATION_BEGAN },
	{ 42, MEANS_ANNOTATION, ANNOTATION_ARBITRATION_ENDED },
};
static const struct meaning_row of_winlogon[] = {
	{ 811, MEANS_NOTIFIED, 0 },
	{ 812, MEANS_LITTLE, 0 },
	{ 7001, MEANS_LOGON, 0 },
	{ 7002, MEANS_LOGOFF, 0 },
};
/* 2 and 4 stand for a 1 and 3 that are missing: see repeats.h */
static const struct meaning_row of_profiles[] = {
	{ 1, MEANS_LOGON, 0 },
	{ 2, MEANS_LOGON, 0 },
	{ 3, MEANS_LOGOFF, 0 },
	{ 4, MEANS_LOGOFF, 0 },
};
static const struct meaning_row of_rdp_core[] = {
	{ 66, MEANS_CONNECTED, 0 },
	{ 131, MEANS_ANNOTATION, ANNOTATION_CONNECTION },
	{ 140, MEANS_ANNOTATION, ANNOTATION_CONNECTION_FAILED },
};
static const struct meaning_row of_connection_manager[] = {
	{ 261, MEANS_ANNOTATION, ANNOTATION_CONNECTION },
	{ 1149, MEANS_ANNOTATION, ANNOTATION_AUTHENTICATED },
};
static const struct meaning_row of_gateway[] = {
	{ 200, MEANS_ANNOTATION, ANNOTATION_GATEWAY },
	{ 300, MEANS_ANNOTATION, ANNOTATION_GATEWAY },
	{ 301, MEANS_ANNOTATION, ANNOTATION_GATEWAY },
	{ 302, MEANS_ANNOTATION, ANNOTATION_GATEWAY },
	{ 303, MEANS_ANNOTATION, ANNOTATION_GATEWAY },
};
static const struct meaning_row of_security[] = {
	{ 4624, MEANS_ANNOTATION, ANNOTATION_LOGON_SESSION_BEGAN },
	{ 4634, MEANS_ANNOTATION, ANNOTATION_LOGON_SESSION_ENDED },
	{ 4647, MEANS_ANNOTATION, ANNOTATION_LOGOFF_STARTED },
	{ 4778, MEANS_ANNOTATION, ANNOTATION_RECONNECTED },
	{ 4779, MEANS_ANNOTATION, ANNOTATION_DISCONNECTED },
	{ 4800, MEANS_ANNOTATION, ANNOTATION_LOCKED },
	{ 4801, MEANS_ANNOTATION, ANNOTATION_UNLOCKED },
};
static const struct meaning_row of_kernel_general[] = {
	{ 12, MEANS_BOOT, 0 },
};
static const struct meaning_row of_kernel_power[] = {
	{ 41, MEANS_ANNOTATION, ANNOTATION_POWER },
	{ 42, MEANS_ANNOTATION, ANNOTATION_POWER },
	{ 107, MEANS_ANNOTATION, ANNOTATION_POWER },
};
static const struct meaning_row of_kernel_boot[] = {
	{ 27, MEANS_ANNOTATION, ANNOTATION_POWER },
};
static const struct meaning_row of_eventlog[] = {
	{ 6005, MEANS_SERVICE, 0 },
};

#define ROWS(rows)                                                                                 \
	{                                                                                          \
		(rows), sizeof(rows) / sizeof(rows)[0]                                             \
	}

static const struct {
	const struct meaning_row *rows;
	size_t count;
} meanings[WINDOWS_PROVIDERS] = {
	[WINDOWS_LSM] = ROWS(of_lsm),
	[WINDOWS_WINLOGON] = ROWS(of_winlogon),
	[WINDOWS_PROFILES] = ROWS(of_profiles),
	[WINDOWS_RDP_CORE] = ROWS(of_rdp_core),
	[WINDOWS_CONNECTION_MANAGER] = ROWS(of_connection_manager),
	[WINDOWS_GATEWAY] = ROWS(of_gateway),
	[WINDOWS_SECURITY] = ROWS(of_security),
	[WINDOWS_KERNEL_GENERAL] = ROWS(of_kernel_general),
	[WINDOWS_KERNEL_POWER] = ROWS(of_kernel_power),
	[WINDOWS_KERNEL_BOOT] = ROWS(of_kernel_boot),
	[WINDOWS_EVENTLOG] = ROWS(of_eventlog),
};

static const struct meaning_row *row_of(enum windows_provider provider, uint32_t id)
{
	for (size_t i = 0; i < meanings[provider].count; i++)
		if (meanings[provider].rows[i].id == id)
			return &meanings[provider].rows[i];
	return NULL;
}

/* Ids of the Local Session Manager's log that mean nothing to the model are below this. */
#define LSM_IDS 64

bool windows_id_matters(enum windows_provider provider, uint32_t id)
{
	return id < LSM_IDS || row_of(provider, id);
}

bool windows_boots(enum windows_provider provider, uint32_t id)
{
	const struct meaning_row *row = row_of(provider, id);

	return row && (row->meaning == MEANS_BOOT || row->meaning == MEANS_SERVICE);
}

enum windows_interest windows_interest(enum windows_provider provider, uint32_t id)
{
	const struct meaning_row *row = row_of(provider, id);

	if (row)
		return row->meaning == MEANS_LITTLE ? WINDOWS_NOTE : WINDOWS_MAP;
	return windows_providers[provider].sessions ? WINDOWS_NOTE : WINDOWS_SKIP;
}

bool windows_annotates(enum windows_provider provider, uint32_t id)
{
	const struct meaning_row *row = row_of(provider, id);

	return row && row->meaning == MEANS_ANNOTATION;
}

/* The events that an id alone shows. */
static const uint8_t shown_events[] = {
	[MEANS_LOGON] = SESSIONLINT_EVENT_LOGON,
	[MEANS_LOGOFF] = SESSIONLINT_EVENT_LOGOFF,
	[MEANS_DISCONNECTED] = SESSIONLINT_EVENT_DISCONNECTED,
	[MEANS_CONNECTED] = SESSIONLINT_EVENT_CONNECTED,
};

static bool row_shows(const struct meaning_row *row)
{
	return row->meaning == MEANS_BOOT ||
	       (row->meaning < sizeof shown_events && shown_events[row->meaning]);
}

bool windows_shown_at(enum sessionlint_source source, unsigned index,
		      struct windows_shown *ret_shown)
{
	for (unsigned provider = WINDOWS_LSM; provider < WINDOWS_PROVIDERS; provider++) {
		for (size_t i = 0; i < meanings[provider].count; i++) {
			const struct meaning_row *row = &meanings[provider].rows[i];
			bool boot = row->meaning == MEANS_BOOT;

			if (windows_providers[provider].source != source || !row_shows(row) ||
			    index-- > 0)
				continue;
			*ret_shown = (struct windows_shown) {
				(enum windows_provider)provider, row->id, boot,
				boot ? SESSIONLINT_EVENT_IGNORE
				     : (enum sessionlint_event)shown_events[row->meaning]
			};
			return true;
		}
	}
	return false;
}

static void put_text(struct record *record, enum record_key key, struct sessionlint_text *field,
		     struct sessionlint_text text)
{
	if (!text.data)
		return;
	*field = text;
	record->keys |= KEY_BIT(key);
}

/* Who logs on or off. The User Profile Service writes its records for that user. */
static struct sessionlint_text user_of(const struct windows_event *event)
{
	struct sessionlint_text writer = event->texts[WINDOWS_WRITER];

	if (event->provider != WINDOWS_PROFILES)
		return event->texts[WINDOWS_USER];
	return user_sid_is_personal(writer) ? writer : text_of(NULL, 0);
}

static int map_event(const struct windows_event *event, struct record *record,
		     enum sessionlint_event what)
{
	record->kind = RECORD_EVENT;
	record->event = what;
	record->keys |= KEY_BIT(KEY_EVENT);
	put_text(record, KEY_USER, &record->user, user_of(event));
	put_text(record, KEY_ADDRESS, &record->address, event->texts[WINDOWS_ADDRESS]);
	return 1;
}

static int map_marker(struct record *record, enum record_marker marker)
{
	record->kind = RECORD_MARKER;
	record->marker = (uint8_t)marker;
	record->keys |= KEY_BIT(KEY_MARKER);
	return 1;
}

/* Events 36 and 37: the numbers in them are the session manager's own, so the names are what is
 * told. */
static int map_report(const struct windows_event *event, struct record *record, struct arena *arena)
{
	struct sessionlint_text state = event->texts[WINDOWS_STATE],
				what = event->texts[WINDOWS_EVENT];
	struct sessionlint_text error = event->texts[WINDOWS_ERROR];

	put_text(record, KEY_REASON, &record->reason,
		 arena_format(arena, "%s%.*s, %.*s%s%.*s", event->id == 37 ? "invalid in " : "",
			      (int)state.size, state.data ? state.data : "", (int)what.size,
			      what.data ? what.data : "", error.size ? ", error " : "",
			      (int)error.size, error.data ? error.data : ""));
	return map_marker(record, MARKER_REPORTED);
}

static bool is_name(struct sessionlint_text text)
{
	return text.size > 0 && (text.data[0] < '0' || text.data[0] > '9');
}

/* Event 38 tells a whole transition. Names that are not IO_SESSION_STATE's and IO_SESSION_EVENT's
 * are no match. */
static int map_transition(const struct windows_event *event, struct record *record)
{
	struct sessionlint_text from = event->texts[WINDOWS_STATE],
				to = event->texts[WINDOWS_NEW_STATE];
	struct sessionlint_text what = event->texts[WINDOWS_EVENT];
	unsigned number;

	if (!is_name(from) || !is_name(to) || !is_name(what))
		return 0;
	if (sessionlint_event_parse(SESSIONLINT_SOURCE_WDM, what.data, what.size, &number) < 0 ||
	    sessionlint_state_parse(from.data, from.size, &record->from) < 0 ||
	    sessionlint_state_parse(to.data, to.size, &record->to) < 0) {
		record->from = record->to = SESSIONLINT_NO_STATE;
		return 0;
	}
	map_event(event, record, (enum sessionlint_event)number);
	record->keys |= KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO);
	return 1;
}

/* What the numbers in Event of Winlogon's 811 mean. */
static const uint8_t notified_events[] = {
	[0] = SESSIONLINT_EVENT_CREATED,      [1] = SESSIONLINT_EVENT_TERMINATED,
	[2] = SESSIONLINT_EVENT_LOGON,        [3] = SESSIONLINT_EVENT_LOGOFF,
	[8] = SESSIONLINT_EVENT_DISCONNECTED, [9] = SESSIONLINT_EVENT_CONNECTED,
};

/* Other numbers are of what is no transition, such as a lock. */
static int map_notified(const struct windows_event *event, struct record *record)
{
	uint64_t number = windows_number(event, WINDOWS_TRANSITION);

	record->source = SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL;
	if (!windows_has(event, WINDOWS_TRANSITION) ||
	    number >= sizeof notified_events / sizeof notified_events[0] ||
	    !notified_events[number])
		return 0;
	return map_event(event, record, (enum sessionlint_event)notified_events[number]);
}

/* The session of a record; of Winlogon's own channel, the process that serves the session. */
static enum windows_field session_field(enum meaning meaning)
{
	return meaning == MEANS_NOTIFIED ? WINDOWS_PROCESS : WINDOWS_SESSION;
}

static int map_meaning(const struct windows_event *event, const struct meaning_row *row,
		       struct record *record, struct arena *arena)
{
	switch ((enum meaning)row->meaning) {
	case MEANS_LOGON:
	case MEANS_LOGOFF:
	case MEANS_DISCONNECTED:
	case MEANS_CONNECTED:
		return map_event(event, record, (enum sessionlint_event)shown_events[row->meaning]);
	case MEANS_NOTIFIED:
		return map_notified(event, record);
	case MEANS_REPORT:
		return map_report(event, record, arena);
	case MEANS_TRANSITION:
		return map_transition(event, record);
	case MEANS_BOOT:
		return map_marker(record, MARKER_BOOT);
	case MEANS_SERVICE:
		/* the kernel's record of a boot, which may follow, has the time at which it began:
		 * what is later here says nothing of the clock */
		record->keys &= ~KEY_BIT(KEY_TIME);
		return map_marker(record, MARKER_SERVICE);
	case MEANS_SHUTDOWN:
		return map_marker(record, MARKER_SHUTDOWN);
	case MEANS_ANNOTATION:
		return windows_annotate(event, (enum annotation_kind)row->annotation, record,
					arena);
	case MEANS_NOTHING:
	case MEANS_LITTLE:
		break;
	}
	return 0;
}

int windows_map(const struct windows_event *event, struct record *record, struct arena *arena,
		struct sessionlint_text *ret_reason)
{
	const struct meaning_row *row = row_of(event->provider, event->id);
	enum windows_field session;
	int r;

	if (!row)
		return 0;
	session = session_field((enum meaning)row->meaning);
	record->source = row->meaning == MEANS_TRANSITION
				 ? SESSIONLINT_SOURCE_WDM
				 : windows_providers[event->provider].source;
	if (record->source != RECORD_NO_SOURCE)
		record->keys |= KEY_BIT(KEY_SOURCE);
	if (row->meaning < MEANS_BOOT && !windows_has(event, session)) {
		*ret_reason = arena_format(arena, "event %u of %s without a %s id", event->id,
					   windows_providers[event->provider].name,
					   session == WINDOWS_SESSION ? "session" : "process");
		return -EINVAL;
	}
	if (windows_has(event, session)) {
		record->session = (uint32_t)windows_number(event, session);
		record->keys |= KEY_BIT(KEY_SESSION);
	}
	r = map_meaning(event, row, record, arena);
	if (r > 0 && !record->annotation && windows_details(event, record, arena) < 0)
		return -ENOMEM;
	return r;
}
