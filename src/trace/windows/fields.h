/* SPDX-License-Identifier: MIT */
/* The fields of the records of Windows' own logs that are read, and where they are. */
#ifndef TRACE_WINDOWS_FIELDS_H
#define TRACE_WINDOWS_FIELDS_H

#include <stdbool.h>

/* The facts of a record that somebody asks for; texts first. */
enum windows_field {
	WINDOWS_NONE,
	WINDOWS_CHANNEL,
	WINDOWS_COMPUTER,
	WINDOWS_USER,
	WINDOWS_DOMAIN,
	WINDOWS_SID,    /* of WINDOWS_USER */
	WINDOWS_WRITER, /* the SID of the user for whom the record was written */
	WINDOWS_ADDRESS,
	WINDOWS_CLIENT,
	WINDOWS_STATE,
	WINDOWS_NEW_STATE,
	WINDOWS_EVENT,
	WINDOWS_ERROR,
	WINDOWS_SUBSCRIBER,
	WINDOWS_TEXTS, /* end of the texts */

	/* numbers of the event */
	WINDOWS_SESSION = WINDOWS_TEXTS,
	WINDOWS_PROCESS, /* that wrote the record */
	WINDOWS_TRANSITION,
	WINDOWS_REASON,
	WINDOWS_LOGON_ID,
	WINDOWS_NUMBERS_END,

	WINDOWS_PROVIDER = WINDOWS_NUMBERS_END,
	WINDOWS_EVENT_ID,
	WINDOWS_RECORD_ID,
	WINDOWS_TIME,
};
#define WINDOWS_NUMBERS (WINDOWS_NUMBERS_END - WINDOWS_TEXTS)

/* The parts of a record. */
enum windows_section {
	WINDOWS_SYSTEM,
	WINDOWS_USER_DATA,
	WINDOWS_EVENT_DATA,
};

/*
 * One row for each name of a field; the last one has none. What an event says of itself can be in
 * UserData or in EventData: versions of Windows differ, so the name alone counts there.
 */
struct windows_name {
	bool system;           /* in System; otherwise in the event's own data */
	const char *name;      /* of the element, or the Name of a Data element */
	const char *attribute; /* or NULL */
	enum windows_field field;
};

extern const struct windows_name windows_names[];

#endif
