/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/text.h"
#include "sessionlint.h"

/*
 * What a source calls an event. Several names and numbers can mean one event; those that mean no
 * transition stand for Ignore.
 */
struct spelling {
	const char *name;
	unsigned number;
	enum sessionlint_event event;
};

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

static const char *const source_names[SESSIONLINT_SOURCES] = {
	[SESSIONLINT_SOURCE_WDM] = "wdm",           [SESSIONLINT_SOURCE_WTS] = "wts",
	[SESSIONLINT_SOURCE_SENS] = "sens",         [SESSIONLINT_SOURCE_LSM] = "lsm",
	[SESSIONLINT_SOURCE_WINLOGON] = "winlogon",
};

/* "WM_WTSSESSION_CHANGE message": the codes in wParam. */
static const struct spelling wts_spellings[] = {
	{ "WTS_CONSOLE_CONNECT", 1, SESSIONLINT_EVENT_CONNECTED },
	{ "WTS_CONSOLE_DISCONNECT", 2, SESSIONLINT_EVENT_DISCONNECTED },
	{ "WTS_REMOTE_CONNECT", 3, SESSIONLINT_EVENT_CONNECTED },
	{ "WTS_REMOTE_DISCONNECT", 4, SESSIONLINT_EVENT_DISCONNECTED },
	{ "WTS_SESSION_LOGON", 5, SESSIONLINT_EVENT_LOGON },
	{ "WTS_SESSION_LOGOFF", 6, SESSIONLINT_EVENT_LOGOFF },
	{ "WTS_SESSION_LOCK", 7, SESSIONLINT_EVENT_IGNORE },
	{ "WTS_SESSION_UNLOCK", 8, SESSIONLINT_EVENT_IGNORE },
	{ "WTS_SESSION_REMOTE_CONTROL", 9, SESSIONLINT_EVENT_IGNORE },
	{ "WTS_SESSION_CREATE", 10, SESSIONLINT_EVENT_CREATED },
	{ "WTS_SESSION_TERMINATE", 11, SESSIONLINT_EVENT_TERMINATED },
	{ NULL, 15, SESSIONLINT_EVENT_IGNORE }, /* the desktop is ready */
	{ NULL, 0, SESSIONLINT_EVENT_MAX },
};

/* "ISensLogon2 interface (sensevts.h)": the methods. */
static const struct spelling sens_spellings[] = {
	{ "Logon", 5, SESSIONLINT_EVENT_LOGON },
	{ "Logoff", 6, SESSIONLINT_EVENT_LOGOFF },
	{ "SessionDisconnect", 4, SESSIONLINT_EVENT_DISCONNECTED },
	{ "SessionReconnect", 3, SESSIONLINT_EVENT_CONNECTED },
	{ "PostShell", 0, SESSIONLINT_EVENT_IGNORE },
	{ NULL, 0, SESSIONLINT_EVENT_MAX },
};

/* Event ids of Microsoft-Windows-TerminalServices-LocalSessionManager/Operational. */
static const struct spelling lsm_spellings[] = {
	{ NULL, 21, SESSIONLINT_EVENT_LOGON },     { NULL, 22, SESSIONLINT_EVENT_IGNORE },
	{ NULL, 23, SESSIONLINT_EVENT_LOGOFF },    { NULL, 24, SESSIONLINT_EVENT_DISCONNECTED },
	{ NULL, 25, SESSIONLINT_EVENT_CONNECTED }, { NULL, 0, SESSIONLINT_EVENT_MAX },
};

/* Event ids of the provider Microsoft-Windows-Winlogon in the System log. */
static const struct spelling winlogon_spellings[] = {
	{ NULL, 7001, SESSIONLINT_EVENT_LOGON },
	{ NULL, 7002, SESSIONLINT_EVENT_LOGOFF },
	{ NULL, 0, SESSIONLINT_EVENT_MAX },
};

static const struct spelling *const spellings[SESSIONLINT_SOURCES] = {
	[SESSIONLINT_SOURCE_WTS] = wts_spellings,
	[SESSIONLINT_SOURCE_SENS] = sens_spellings,
	[SESSIONLINT_SOURCE_LSM] = lsm_spellings,
	[SESSIONLINT_SOURCE_WINLOGON] = winlogon_spellings,
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
	return source < SESSIONLINT_SOURCES ? source_names[source] : NULL;
}

/* Decimal, or hexadecimal behind 0x; at most 32 bits. */
static int number_parse(struct sessionlint_text text, unsigned *ret_number)
{
	unsigned base = 10;
	uint64_t number = 0;
	size_t i = 0;

	if (text.size > 2 && text.data[0] == '0' && ascii_lower(text.data[1]) == 'x') {
		base = 16;
		i = 2;
	}
	if (i == text.size)
		return -EINVAL;
	for (; i < text.size; i++) {
		char c = ascii_lower(text.data[i]);
		unsigned digit = c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
						      : (unsigned)(c - '0');

		if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
			return -EINVAL;
		if (digit >= base)
			return -EINVAL;
		number = number * base + digit;
		if (number > UINT32_MAX)
			return -EINVAL;
	}
	*ret_number = (unsigned)number;
	return 0;
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

int sessionlint_event_parse(enum sessionlint_source source, const char *name, size_t size,
			    unsigned *ret_event)
{
	struct sessionlint_text text = text_of(name, size);
	const struct spelling *own = spellings[source];
	unsigned number;
	int r;

	/* The model's own names first: they are by far the most frequent. */
	r = name_parse(event_names, COUNT(event_names), without_prefix(text, "IoSessionEvent"),
		       ret_event);
	if (r == 0)
		return 0;
	r = number_parse(text, &number);
	if (!own) {
		if (r == 0)
			*ret_event = number;
		return r;
	}
	for (; own->event != SESSIONLINT_EVENT_MAX; own++) {
		if (r == 0 ? own->number == number : own->name && text_is(text, own->name)) {
			*ret_event = own->event;
			return 0;
		}
	}
	return -EINVAL;
}

int sessionlint_state_parse(const char *name, size_t size, unsigned *ret_state)
{
	struct sessionlint_text text = text_of(name, size);

	if (name_parse(state_names, COUNT(state_names), without_prefix(text, "IoSessionState"),
		       ret_state) == 0)
		return 0;
	return number_parse(text, ret_state);
}

int sessionlint_source_parse(const char *name, size_t size, enum sessionlint_source *ret_source)
{
	unsigned source;
	int r = name_parse(source_names, SESSIONLINT_SOURCES, text_of(name, size), &source);

	if (r == 0)
		*ret_source = (enum sessionlint_source)source;
	return r;
}
