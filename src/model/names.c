/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/number.h"
#include "model/model.h"
#include "sessionlint.h"

/*
 * The names of a source for an event. Several names and numbers can mean one event; those without a
 * transition mean Ignore and say what else they show about the session.
 */
struct spelling {
	const char *name;
	unsigned number;
	enum sessionlint_event event;
	enum model_activity activity;
};

#define NO_NUMBER UINT32_MAX

static const char *const event_names[] = {
	[SESSIONLINT_EVENT_IGNORE] = "Ignore",
	[SESSIONLINT_EVENT_CREATED] = "Created",
	[SESSIONLINT_EVENT_TERMINATED] = "Terminated",
	[SESSIONLINT_EVENT_CONNECTED] = "Connected",
	[SESSIONLINT_EVENT_DISCONNECTED] = "Disconnected",
	[SESSIONLINT_EVENT_LOGON] = "Logon",
	[SESSIONLINT_EVENT_LOGOFF] = "Logoff",
	[SESSIONLINT_EVENT_MAX] = "Max",
};

static const char *const state_names[] = {
	[SESSIONLINT_STATE_CREATED] = "Created",
	[SESSIONLINT_STATE_INITIALIZED] = "Initialized",
	[SESSIONLINT_STATE_CONNECTED] = "Connected",
	[SESSIONLINT_STATE_DISCONNECTED] = "Disconnected",
	[SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON] = "DisconnectedLoggedOn",
	[SESSIONLINT_STATE_LOGGED_ON] = "LoggedOn",
	[SESSIONLINT_STATE_LOGGED_OFF] = "LoggedOff",
	[SESSIONLINT_STATE_TERMINATED] = "Terminated",
	[SESSIONLINT_STATE_MAX] = "Max",
};

static const char *const source_names[SOURCE_COUNT] = {
	[SESSIONLINT_SOURCE_WDM] = "wdm",
	[SESSIONLINT_SOURCE_WTS] = "wts",
	[SESSIONLINT_SOURCE_SENS] = "sens",
	[SESSIONLINT_SOURCE_LSM] = "lsm",
	[SESSIONLINT_SOURCE_WINLOGON] = "winlogon",
	[SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL] = "winlogon-operational",
	[SESSIONLINT_SOURCE_PROFILE] = "profile",
	[SESSIONLINT_SOURCE_RDP] = "rdp",
	[SESSIONLINT_SOURCE_ACCOUNT] = "account",
};

/* "WM_WTSSESSION_CHANGE message": the codes in wParam. Then .NET's names for them:
 * "SessionChangeReason Enum (System.ServiceProcess)", "SessionSwitchReason Enum (Microsoft.Win32)".
 */
static const struct spelling wts_spellings[] = {
	{ "WTS_CONSOLE_CONNECT", 1, SESSIONLINT_EVENT_CONNECTED, MODEL_NO_ACTIVITY },
	{ "WTS_CONSOLE_DISCONNECT", 2, SESSIONLINT_EVENT_DISCONNECTED, MODEL_NO_ACTIVITY },
	{ "WTS_REMOTE_CONNECT", 3, SESSIONLINT_EVENT_CONNECTED, MODEL_NO_ACTIVITY },
	{ "WTS_REMOTE_DISCONNECT", 4, SESSIONLINT_EVENT_DISCONNECTED, MODEL_NO_ACTIVITY },
	{ "WTS_SESSION_LOGON", 5, SESSIONLINT_EVENT_LOGON, MODEL_NO_ACTIVITY },
	{ "WTS_SESSION_LOGOFF", 6, SESSIONLINT_EVENT_LOGOFF, MODEL_NO_ACTIVITY },
	{ "WTS_SESSION_LOCK", 7, SESSIONLINT_EVENT_IGNORE, MODEL_LOCK },
	{ "WTS_SESSION_UNLOCK", 8, SESSIONLINT_EVENT_IGNORE, MODEL_UNLOCK },
	{ "WTS_SESSION_REMOTE_CONTROL", 9, SESSIONLINT_EVENT_IGNORE, MODEL_REMOTE_CONTROL },
	{ "WTS_SESSION_CREATE", 10, SESSIONLINT_EVENT_CREATED, MODEL_NO_ACTIVITY },
	{ "WTS_SESSION_TERMINATE", 11, SESSIONLINT_EVENT_TERMINATED, MODEL_NO_ACTIVITY },
	{ "WTS_SESSION_DESKTOP_READY", 15, SESSIONLINT_EVENT_IGNORE, MODEL_DESKTOP },
	{ "ConsoleConnect", 1, SESSIONLINT_EVENT_CONNECTED, MODEL_NO_ACTIVITY },
	{ "ConsoleDisconnect", 2, SESSIONLINT_EVENT_DISCONNECTED, MODEL_NO_ACTIVITY },
	{ "RemoteConnect", 3, SESSIONLINT_EVENT_CONNECTED, MODEL_NO_ACTIVITY },
	{ "RemoteDisconnect", 4, SESSIONLINT_EVENT_DISCONNECTED, MODEL_NO_ACTIVITY },
	{ "SessionLogon", 5, SESSIONLINT_EVENT_LOGON, MODEL_NO_ACTIVITY },
	{ "SessionLogoff", 6, SESSIONLINT_EVENT_LOGOFF, MODEL_NO_ACTIVITY },
	{ "SessionLock", 7, SESSIONLINT_EVENT_IGNORE, MODEL_LOCK },
	{ "SessionUnlock", 8, SESSIONLINT_EVENT_IGNORE, MODEL_UNLOCK },
	{ "SessionRemoteControl", 9, SESSIONLINT_EVENT_IGNORE, MODEL_REMOTE_CONTROL },
	{ NULL, 0, SESSIONLINT_EVENT_MAX, MODEL_NO_ACTIVITY },
};

/* "ISensLogon2 interface (sensevts.h)" and "ISensLogon interface (sensevts.h)": the methods. */
static const struct spelling sens_spellings[] = {
	{ "Logon", 5, SESSIONLINT_EVENT_LOGON, MODEL_NO_ACTIVITY },
	{ "Logoff", 6, SESSIONLINT_EVENT_LOGOFF, MODEL_NO_ACTIVITY },
	{ "SessionDisconnect", 4, SESSIONLINT_EVENT_DISCONNECTED, MODEL_NO_ACTIVITY },
	{ "SessionReconnect", 3, SESSIONLINT_EVENT_CONNECTED, MODEL_NO_ACTIVITY },
	{ "PostShell", NO_NUMBER, SESSIONLINT_EVENT_IGNORE, MODEL_SHELL },
	{ "StartShell", NO_NUMBER, SESSIONLINT_EVENT_IGNORE, MODEL_SHELL },
	{ "DisplayLock", NO_NUMBER, SESSIONLINT_EVENT_IGNORE, MODEL_LOCK },
	{ "DisplayUnlock", NO_NUMBER, SESSIONLINT_EVENT_IGNORE, MODEL_UNLOCK },
	{ "StartScreenSaver", NO_NUMBER, SESSIONLINT_EVENT_IGNORE, MODEL_SCREEN_SAVER },
	{ "StopScreenSaver", NO_NUMBER, SESSIONLINT_EVENT_IGNORE, MODEL_SCREEN_SAVER },
	{ NULL, 0, SESSIONLINT_EVENT_MAX, MODEL_NO_ACTIVITY },
};

/* The methods of ISensLogon, which have no session id. */
static const char *const sessionless_methods[] = {
	"Logon",         "Logoff",           "StartShell",      "DisplayLock",
	"DisplayUnlock", "StartScreenSaver", "StopScreenSaver",
};

/* Event ids of Microsoft-Windows-TerminalServices-LocalSessionManager/Operational. */
static const struct spelling lsm_spellings[] = {
	{ NULL, 21, SESSIONLINT_EVENT_LOGON, MODEL_NO_ACTIVITY },
	{ NULL, 22, SESSIONLINT_EVENT_IGNORE, MODEL_NO_ACTIVITY },
	{ NULL, 23, SESSIONLINT_EVENT_LOGOFF, MODEL_NO_ACTIVITY },
	{ NULL, 24, SESSIONLINT_EVENT_DISCONNECTED, MODEL_NO_ACTIVITY },
	{ NULL, 25, SESSIONLINT_EVENT_CONNECTED, MODEL_NO_ACTIVITY },
	{ NULL, 0, SESSIONLINT_EVENT_MAX, MODEL_NO_ACTIVITY },
};

/* Event ids of the provider Microsoft-Windows-Winlogon in the System log. */
static const struct spelling winlogon_spellings[] = {
	{ NULL, 7001, SESSIONLINT_EVENT_LOGON, MODEL_NO_ACTIVITY },
	{ NULL, 7002, SESSIONLINT_EVENT_LOGOFF, MODEL_NO_ACTIVITY },
	{ NULL, 0, SESSIONLINT_EVENT_MAX, MODEL_NO_ACTIVITY },
};

/* The numbers in Event of 811 in Microsoft-Windows-Winlogon/Operational. */
static const struct spelling winlogon_operational_spellings[] = {
	{ NULL, 0, SESSIONLINT_EVENT_CREATED, MODEL_NO_ACTIVITY },
	{ NULL, 1, SESSIONLINT_EVENT_TERMINATED, MODEL_NO_ACTIVITY },
	{ NULL, 2, SESSIONLINT_EVENT_LOGON, MODEL_NO_ACTIVITY },
	{ NULL, 3, SESSIONLINT_EVENT_LOGOFF, MODEL_NO_ACTIVITY },
	{ NULL, 4, SESSIONLINT_EVENT_IGNORE, MODEL_LOCK },
	{ NULL, 5, SESSIONLINT_EVENT_IGNORE, MODEL_UNLOCK },
	{ NULL, 8, SESSIONLINT_EVENT_DISCONNECTED, MODEL_NO_ACTIVITY },
	{ NULL, 9, SESSIONLINT_EVENT_CONNECTED, MODEL_NO_ACTIVITY },
	{ NULL, 12, SESSIONLINT_EVENT_IGNORE, MODEL_SHELL },
	{ NULL, 13, SESSIONLINT_EVENT_IGNORE, MODEL_NO_ACTIVITY },
	{ NULL, 0, SESSIONLINT_EVENT_MAX, MODEL_NO_ACTIVITY },
};

/* Event ids of Microsoft-Windows-User Profile Service/Operational; 2 and 4 complete 1 and 3. */
static const struct spelling profile_spellings[] = {
	{ NULL, 1, SESSIONLINT_EVENT_LOGON, MODEL_NO_ACTIVITY },
	{ NULL, 2, SESSIONLINT_EVENT_IGNORE, MODEL_NO_ACTIVITY },
	{ NULL, 3, SESSIONLINT_EVENT_LOGOFF, MODEL_NO_ACTIVITY },
	{ NULL, 4, SESSIONLINT_EVENT_IGNORE, MODEL_NO_ACTIVITY },
	{ NULL, 0, SESSIONLINT_EVENT_MAX, MODEL_NO_ACTIVITY },
};

/* Event ids of Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational. */
static const struct spelling rdp_spellings[] = {
	{ NULL, 66, SESSIONLINT_EVENT_CONNECTED, MODEL_NO_ACTIVITY },
	{ NULL, 0, SESSIONLINT_EVENT_MAX, MODEL_NO_ACTIVITY },
};

static const struct spelling *const spellings[SOURCE_COUNT] = {
	[SESSIONLINT_SOURCE_WTS] = wts_spellings,
	[SESSIONLINT_SOURCE_SENS] = sens_spellings,
	[SESSIONLINT_SOURCE_LSM] = lsm_spellings,
	[SESSIONLINT_SOURCE_WINLOGON] = winlogon_spellings,
	[SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL] = winlogon_operational_spellings,
	[SESSIONLINT_SOURCE_PROFILE] = profile_spellings,
	[SESSIONLINT_SOURCE_RDP] = rdp_spellings,
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const char *sessionlint_event_name(unsigned event)
{
	return event < COUNT(event_names) ? event_names[event] : NULL;
}

const char *sessionlint_state_name(unsigned state)
{
	return state < COUNT(state_names) ? state_names[state] : NULL;
}

const char *sessionlint_source_name(unsigned source)
{
	return source < SOURCE_COUNT ? source_names[source] : NULL;
}

/* Takes @prefix from the front of @text, in upper or lower case. */
static struct sessionlint_text without_prefix(struct sessionlint_text text, const char *prefix)
{
	size_t size = strlen(prefix);

	if (text.size > size && text_is(text_of(text.data, size), prefix))
		return text_of(text.data + size, text.size - size);
	return text;
}

static int name_parse(const char *const *names, size_t count, struct sessionlint_text text,
		      unsigned *ret_number)
{
	for (unsigned i = 0; i < count; i++) {
		if (names[i] && text_is(text, names[i])) {
			*ret_number = i;
			return 0;
		}
	}
	return -EINVAL;
}

/* The event that @source itself calls @text, or with @is_number, @number; or NULL. */
static const struct spelling *spelling_find(enum sessionlint_source source,
					    struct sessionlint_text text, bool is_number,
					    unsigned number)
{
	for (const struct spelling *own = spellings[source];
	     own && own->event != SESSIONLINT_EVENT_MAX; own++)
		if (is_number ? own->number == number && number != NO_NUMBER
			      : own->name && text_is(text, own->name))
			return own;
	return NULL;
}

/* The model's own name as the documentation spells it, as nearly always; 0: it is not one. No two
 * names have the same size, but Logoff and Ignore. */
static unsigned event_exact(struct sessionlint_text text)
{
	static const uint8_t by_size[] = {
		[5] = SESSIONLINT_EVENT_LOGON,       [6] = SESSIONLINT_EVENT_LOGOFF,
		[7] = SESSIONLINT_EVENT_CREATED,     [9] = SESSIONLINT_EVENT_CONNECTED,
		[10] = SESSIONLINT_EVENT_TERMINATED, [12] = SESSIONLINT_EVENT_DISCONNECTED,
	};
	static const char prefix[] = "IoSessionEvent";
	const size_t skip = sizeof prefix - 1;
	unsigned event;

	if (text.size > skip && memcmp(text.data, prefix, skip) == 0)
		text = text_of(text.data + skip, text.size - skip);
	event = text.size < sizeof by_size ? by_size[text.size] : 0;
	return event && memcmp(text.data, event_names[event], text.size) == 0 ? event : 0;
}

int model_event_parse(enum sessionlint_source source, struct sessionlint_text text,
		      unsigned *ret_event, enum model_activity *ret_activity)
{
	const struct spelling *own;
	unsigned number;
	int r;

	*ret_activity = MODEL_NO_ACTIVITY;
	/* The model's own names first: they are by far the most frequent. */
	number = event_exact(text);
	if (number) {
		*ret_event = number;
		return 0;
	}
	r = name_parse(event_names, COUNT(event_names), without_prefix(text, "IoSessionEvent"),
		       ret_event);
	if (r == 0)
		return 0;
	r = number32_parse(text, &number);
	if (!spellings[source]) {
		if (r == 0)
			*ret_event = number;
		return r;
	}
	own = spelling_find(source, text, r == 0, number);
	if (!own)
		return -EINVAL;
	*ret_event = own->event;
	*ret_activity = own->activity;
	return 0;
}

const char *model_event_other_source(enum sessionlint_source source, struct sessionlint_text text)
{
	unsigned number = NO_NUMBER;
	bool is_number = number32_parse(text, &number) == 0;

	for (unsigned other = 0; other < SOURCE_COUNT; other++)
		if (other != source && spelling_find(other, text, is_number, number))
			return source_names[other];
	return NULL;
}

int sessionlint_event_parse(enum sessionlint_source source, const char *name, size_t size,
			    unsigned *ret_event)
{
	enum model_activity activity;

	if ((unsigned)source >= SOURCE_COUNT)
		return -EINVAL;
	return model_event_parse(source, text_of(name, size), ret_event, &activity);
}

const char *model_event_spelling_at(enum sessionlint_source source, unsigned index)
{
	if (!spellings[source] || spellings[source][index].event == SESSIONLINT_EVENT_MAX)
		return NULL;
	return spellings[source][index].name ? spellings[source][index].name : "";
}

bool model_event_is_sessionless(enum sessionlint_source source, struct sessionlint_text text)
{
	for (unsigned i = 0; source == SESSIONLINT_SOURCE_SENS && i < COUNT(sessionless_methods);
	     i++)
		if (text_is(text, sessionless_methods[i]))
			return true;
	return false;
}

int sessionlint_state_parse(const char *name, size_t size, unsigned *ret_state)
{
	struct sessionlint_text text = text_of(name, size);

	if (name_parse(state_names, COUNT(state_names), without_prefix(text, "IoSessionState"),
		       ret_state) == 0)
		return 0;
	return number32_parse(text, ret_state);
}

int sessionlint_source_parse(const char *name, size_t size, enum sessionlint_source *ret_source)
{
	unsigned source;
	int r = name_parse(source_names, SOURCE_COUNT, text_of(name, size), &source);

	if (r == 0)
		*ret_source = (enum sessionlint_source)source;
	return r;
}
