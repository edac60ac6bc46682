/* SPDX-License-Identifier: MIT */
/* States, events and the model of sessionlint.h, which includes this. */
#ifndef SESSIONLINT_MODEL_H
#define SESSIONLINT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define SESSIONLINT_PUBLIC
#else
#define SESSIONLINT_PUBLIC __attribute__((visibility("default")))
#endif

/* ---- states and events ---- */

/* IO_SESSION_EVENT: names and values from "IO_SESSION_EVENT enumeration (wdm.h)". */
enum sessionlint_event {
	SESSIONLINT_EVENT_IGNORE = 0,
	SESSIONLINT_EVENT_CREATED = 1,
	SESSIONLINT_EVENT_TERMINATED = 2,
	SESSIONLINT_EVENT_CONNECTED = 3,
	SESSIONLINT_EVENT_DISCONNECTED = 4,
	SESSIONLINT_EVENT_LOGON = 5,
	SESSIONLINT_EVENT_LOGOFF = 6,
	SESSIONLINT_EVENT_MAX = 7
};

/* IO_SESSION_STATE: names and values from "IO_SESSION_STATE enumeration (wdm.h)". */
enum sessionlint_state {
	SESSIONLINT_STATE_CREATED = 1,
	SESSIONLINT_STATE_INITIALIZED = 2,
	SESSIONLINT_STATE_CONNECTED = 3,
	SESSIONLINT_STATE_DISCONNECTED = 4,
	SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON = 5,
	SESSIONLINT_STATE_LOGGED_ON = 6,
	SESSIONLINT_STATE_LOGGED_OFF = 7,
	SESSIONLINT_STATE_TERMINATED = 8,
	SESSIONLINT_STATE_MAX = 9
};

/* The set of states that a session can be in according to the trace: bit n - 1 is state n. */
typedef uint8_t sessionlint_belief;

/* A set of events: bit n is event n. */
typedef uint8_t sessionlint_event_set;

#define SESSIONLINT_BELIEF_NONE ((sessionlint_belief)0x00)
#define SESSIONLINT_BELIEF_ANY  ((sessionlint_belief)0xff)

/* Who recorded the trace, which decides what it shows and what it hides. Later versions add sources
 * at the end. */
enum sessionlint_source {
	SESSIONLINT_SOURCE_WDM,      /* a kernel driver that selects all events: shows everything */
	SESSIONLINT_SOURCE_WTS,      /* WM_WTSSESSION_CHANGE, SERVICE_CONTROL_SESSIONCHANGE */
	SESSIONLINT_SOURCE_SENS,     /* ISensLogon2 */
	SESSIONLINT_SOURCE_LSM,      /* the log of the Local Session Manager */
	SESSIONLINT_SOURCE_WINLOGON, /* Winlogon's records in the System log */
	/* Winlogon's own log; a session is the process that serves it */
	SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL,
	SESSIONLINT_SOURCE_PROFILE, /* the log of the User Profile Service */
	SESSIONLINT_SOURCE_RDP,     /* the log of RdpCoreTS: connections given to sessions */
	SESSIONLINT_SOURCE_ACCOUNT, /* several logs of one machine, made into one account */
};

/* What is accepted beyond the published table; each tolerance accepts all that the previous one
 * does. */
enum sessionlint_tolerance {
	SESSIONLINT_TOLERANCE_PUBLISHED, /* the table, one incarnation */
	SESSIONLINT_TOLERANCE_REUSED,    /* the id may be reused */
	SESSIONLINT_TOLERANCE_KNOWN,     /* the undocumented reconnect */
	SESSIONLINT_TOLERANCE_IMPLIED,   /* a hidden end with the user logged on */
};

/*
 * The short name of an event or a state, as in "Logon" or "DisconnectedLoggedOn"; the lower-case
 * name of a source, as in "lsm". NULL for an invalid number. The text is static.
 */
SESSIONLINT_PUBLIC const char *sessionlint_event_name(unsigned event);
SESSIONLINT_PUBLIC const char *sessionlint_state_name(unsigned state);
SESSIONLINT_PUBLIC const char *sessionlint_source_name(unsigned source);

/*
 * Reads an event (or a state) from @size bytes at @name: the short name, the full IoSession...
 * name, the number, or the source's own name or number; upper and lower case alike. A number may be
 * outside the enumeration. -EINVAL for anything else, and if the source is unknown.
 */
SESSIONLINT_PUBLIC int sessionlint_event_parse(enum sessionlint_source source, const char *name,
					       size_t size, unsigned *ret_event);
SESSIONLINT_PUBLIC int sessionlint_state_parse(const char *name, size_t size, unsigned *ret_state);
SESSIONLINT_PUBLIC int sessionlint_source_parse(const char *name, size_t size,
						enum sessionlint_source *ret_source);

/* ---- the model ---- */

/*
 * The possible states of a session after @event, if it was in a state of @belief; events that the
 * source hides are taken into account. Empty if no state of @belief allows the event. Ignore does
 * not change a belief; Max and greater numbers lead nowhere. Unknown sources and tolerances allow
 * nothing.
 */
SESSIONLINT_PUBLIC sessionlint_belief sessionlint_model_next(enum sessionlint_source source,
							     enum sessionlint_tolerance tolerance,
							     sessionlint_belief belief,
							     unsigned event);

/* @belief and the states that hidden events can lead to from it. */
SESSIONLINT_PUBLIC sessionlint_belief
sessionlint_model_closure(enum sessionlint_source source, enum sessionlint_tolerance tolerance,
			  sessionlint_belief belief);

/* The events that some state of @belief allows. */
SESSIONLINT_PUBLIC sessionlint_event_set
sessionlint_model_allowed(enum sessionlint_source source, enum sessionlint_tolerance tolerance,
			  sessionlint_belief belief);

#ifdef __cplusplus
}
#endif

#endif
