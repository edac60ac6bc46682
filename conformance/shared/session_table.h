/* SPDX-License-Identifier: MIT */
/*
 * The published table, transcribed by hand from the picture on the page "IO_SESSION_STATE
 * enumeration (wdm.h)", without a look at the chart. "A blank cell means that no transition can
 * occur directly from that state to that state." All tests and generators in C use this one;
 * table.py is that of Python.
 */
#ifndef CONFORMANCE_SESSION_TABLE_H
#define CONFORMANCE_SESSION_TABLE_H

/* IO_SESSION_STATE */
enum state {
	NOWHERE,
	CREATED,
	INITIALIZED,
	CONNECTED,
	DISCONNECTED,
	DISCONNECTED_LOGGED_ON,
	LOGGED_ON,
	LOGGED_OFF,
	TERMINATED,
};
#define STATES 9

/* IO_SESSION_EVENT */
enum event {
	IGNORE,
	CREATE,
	TERMINATE,
	CONNECT,
	DISCONNECT,
	LOGON,
	LOGOFF,
};
#define EVENTS 7

/* The picture by its columns, "From state": which event leads to which state. It has no column
 * Terminated. NOWHERE is a blank cell. */
static const enum state session_table[STATES][EVENTS] = {
	[INITIALIZED] = { [CREATE] = CREATED },
	[CREATED] = { [CONNECT] = CONNECTED,
		      [DISCONNECT] = DISCONNECTED,
		      [TERMINATE] = TERMINATED },
	[CONNECTED] = { [DISCONNECT] = DISCONNECTED,
			[LOGON] = LOGGED_ON,
			[TERMINATE] = TERMINATED },
	[DISCONNECTED] = { [CONNECT] = CONNECTED,
			   [LOGON] = DISCONNECTED_LOGGED_ON,
			   [TERMINATE] = TERMINATED },
	[DISCONNECTED_LOGGED_ON] = { [LOGOFF] = DISCONNECTED, [TERMINATE] = TERMINATED },
	[LOGGED_ON] = { [DISCONNECT] = DISCONNECTED_LOGGED_ON,
			[LOGOFF] = LOGGED_OFF,
			[TERMINATE] = TERMINATED },
	[LOGGED_OFF] = { [DISCONNECT] = DISCONNECTED, [TERMINATE] = TERMINATED },
};

/* Where an event leads from a state, by the table and by the reconnect, which the page does not
 * have; NOWHERE if it cannot happen. */
static inline enum state session_next(unsigned from, unsigned event)
{
	return from == DISCONNECTED_LOGGED_ON && event == CONNECT ? LOGGED_ON
								  : session_table[from][event];
}

/* The event that leads from one state to another by the table, or IGNORE. No two do. */
static inline enum event session_event_between(unsigned from, unsigned to)
{
	for (unsigned event = CREATE; event < EVENTS; event++)
		if (session_table[from][event] == to)
			return (enum event)event;
	return IGNORE;
}

static inline const char *session_state_name(unsigned state)
{
	static const char *const names[STATES] = {
		"",          "Created",      "Initialized",
		"Connected", "Disconnected", "DisconnectedLoggedOn",
		"LoggedOn",  "LoggedOff",    "Terminated",
	};

	return names[state];
}

static inline const char *session_event_name(unsigned event)
{
	static const char *const names[EVENTS] = {
		"Ignore", "Created", "Terminated", "Connected", "Disconnected", "Logon", "Logoff",
	};

	return names[event];
}

#endif
