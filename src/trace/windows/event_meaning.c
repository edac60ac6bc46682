/* SPDX-License-Identifier: MIT */
#include "trace/windows/event_meaning.h"

#include <errno.h>

const struct windows_name windows_names[] = {
	{ true, "Provider", "Name", WINDOWS_PROVIDER },
	{ true, "EventID", NULL, WINDOWS_EVENT_ID },
	{ true, "Channel", NULL, WINDOWS_CHANNEL },
	{ true, "Computer", NULL, WINDOWS_COMPUTER },
	{ true, "EventRecordID", NULL, WINDOWS_RECORD_ID },
	{ true, "TimeCreated", "SystemTime", WINDOWS_TIME },
	{ false, "SessionID", NULL, WINDOWS_SESSION },
	{ false, "SessionId", NULL, WINDOWS_SESSION },
	{ false, "Session", NULL, WINDOWS_SESSION },
	{ false, "TSId", NULL, WINDOWS_SESSION },
	{ false, "User", NULL, WINDOWS_USER },
	{ false, "UserSid", NULL, WINDOWS_USER },
	{ false, "Address", NULL, WINDOWS_ADDRESS },
	{ false, "StateName", NULL, WINDOWS_STATE },
	{ false, "PreviousStateName", NULL, WINDOWS_STATE },
	{ false, "NewStateName", NULL, WINDOWS_NEW_STATE },
	{ false, "EventName", NULL, WINDOWS_EVENT },
	{ false, "ErrorCode", NULL, WINDOWS_ERROR },
	{ false, NULL, NULL, WINDOWS_NONE },
};

const char *const windows_provider_names[WINDOWS_PROVIDERS] = {
	[WINDOWS_OTHER] = "",
	[WINDOWS_LSM] = "Microsoft-Windows-TerminalServices-LocalSessionManager",
	[WINDOWS_WINLOGON] = "Microsoft-Windows-Winlogon",
	[WINDOWS_KERNEL_GENERAL] = "Microsoft-Windows-Kernel-General",
	[WINDOWS_EVENTLOG] = "EventLog",
};

enum meaning {
	MEANS_NOTHING,
	MEANS_LOGON,
	MEANS_LOGOFF,
	MEANS_DISCONNECTED,
	MEANS_RECONNECTED,
	MEANS_REPORT,
	MEANS_TRANSITION,
	MEANS_BOOT,
	MEANS_SERVICE, /* the Event Log service started, with the host or by itself */
	MEANS_SHUTDOWN,
};

/*
 * The one table of records that mean something. Kernel-General 13 and EventLog 6006 and 6008 are
 * not in it: they are written at the next boot, or when the service alone stops, and end no
 * session.
 */
static const struct meaning_row {
	uint16_t id;
	uint8_t provider;
	uint8_t meaning;
} meanings[] = {
	{ 21, WINDOWS_LSM, MEANS_LOGON },          { 23, WINDOWS_LSM, MEANS_LOGOFF },
	{ 24, WINDOWS_LSM, MEANS_DISCONNECTED },   { 25, WINDOWS_LSM, MEANS_RECONNECTED },
	{ 32, WINDOWS_LSM, MEANS_BOOT },           { 36, WINDOWS_LSM, MEANS_REPORT },
	{ 37, WINDOWS_LSM, MEANS_REPORT },         { 38, WINDOWS_LSM, MEANS_TRANSITION },
	{ 54, WINDOWS_LSM, MEANS_SHUTDOWN },       { 7001, WINDOWS_WINLOGON, MEANS_LOGON },
	{ 7002, WINDOWS_WINLOGON, MEANS_LOGOFF },  { 12, WINDOWS_KERNEL_GENERAL, MEANS_BOOT },
	{ 6005, WINDOWS_EVENTLOG, MEANS_SERVICE },
};

#define MEANINGS (sizeof meanings / sizeof meanings[0])

/* Ids of the Local Session Manager's log that mean nothing to the model are below this. */
#define LSM_IDS 64

bool windows_id_matters(uint32_t id)
{
	if (id < LSM_IDS)
		return true;
	for (unsigned i = 0; i < MEANINGS; i++)
		if (meanings[i].id == id)
			return true;
	return false;
}

static enum meaning meaning_of(enum windows_provider provider, uint32_t id)
{
	for (unsigned i = 0; i < MEANINGS; i++)
		if (meanings[i].id == id && meanings[i].provider == provider)
			return (enum meaning)meanings[i].meaning;
	return MEANS_NOTHING;
}

bool windows_boots(enum windows_provider provider, uint32_t id)
{
	enum meaning meaning = meaning_of(provider, id);

	return meaning == MEANS_BOOT || meaning == MEANS_SERVICE;
}

enum windows_interest windows_interest(enum windows_provider provider, uint32_t id)
{
	if (meaning_of(provider, id) != MEANS_NOTHING)
		return WINDOWS_MAP;
	return provider == WINDOWS_LSM ? WINDOWS_NOTE : WINDOWS_SKIP;
}

static void put_text(struct record *record, enum record_key key, struct sessionlint_text *field,
		     struct sessionlint_text text)
{
	if (!text.data)
		return;
	*field = text;
	record->keys |= KEY_BIT(key);
}

static int map_event(const struct windows_event *event, struct record *record,
		     enum sessionlint_event what)
{
	record->kind = RECORD_EVENT;
	record->event = what;
	record->keys |= KEY_BIT(KEY_EVENT);
	put_text(record, KEY_USER, &record->user, event->texts[WINDOWS_USER]);
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

int windows_map(const struct windows_event *event, struct record *record, struct arena *arena,
		struct sessionlint_text *ret_reason)
{
	enum meaning meaning = meaning_of(event->provider, event->id);

	record->source = meaning == MEANS_TRANSITION      ? SESSIONLINT_SOURCE_WDM
			 : event->provider == WINDOWS_LSM ? SESSIONLINT_SOURCE_LSM
							  : SESSIONLINT_SOURCE_WINLOGON;
	record->keys |= KEY_BIT(KEY_SOURCE);
	if (meaning < MEANS_BOOT && !event->has_session) {
		*ret_reason = arena_format(arena, "event %u of %s without a session id", event->id,
					   windows_provider_names[event->provider]);
		return -EINVAL;
	}
	if (event->has_session) {
		record->session = event->session;
		record->keys |= KEY_BIT(KEY_SESSION);
	}
	switch (meaning) {
	case MEANS_LOGON:
		return map_event(event, record, SESSIONLINT_EVENT_LOGON);
	case MEANS_LOGOFF:
		return map_event(event, record, SESSIONLINT_EVENT_LOGOFF);
	case MEANS_DISCONNECTED:
		return map_event(event, record, SESSIONLINT_EVENT_DISCONNECTED);
	case MEANS_RECONNECTED:
		return map_event(event, record, SESSIONLINT_EVENT_CONNECTED);
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
	case MEANS_NOTHING:
		break;
	}
	return 0;
}
