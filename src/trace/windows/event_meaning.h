/* SPDX-License-Identifier: MIT */
/* What the records of Windows' own logs mean, whatever file format they come in. */
#ifndef TRACE_WINDOWS_EVENT_MEANING_H
#define TRACE_WINDOWS_EVENT_MEANING_H

#include "trace/record.h"

/* The facts of a record that somebody asks for. */
enum windows_field {
	WINDOWS_NONE,
	WINDOWS_PROVIDER,
	WINDOWS_EVENT_ID,
	WINDOWS_CHANNEL,
	WINDOWS_COMPUTER,
	WINDOWS_RECORD_ID,
	WINDOWS_TIME,
	WINDOWS_SESSION,
	WINDOWS_USER,
	WINDOWS_ADDRESS,
	WINDOWS_STATE,
	WINDOWS_NEW_STATE,
	WINDOWS_EVENT,
	WINDOWS_ERROR,
};
#define WINDOWS_FIELDS 14

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

/* Who wrote a record. */
enum windows_provider {
	WINDOWS_OTHER,
	WINDOWS_LSM,
	WINDOWS_WINLOGON,
	WINDOWS_KERNEL_GENERAL,
	WINDOWS_EVENTLOG,
};
#define WINDOWS_PROVIDERS 5

extern const char *const windows_provider_names[WINDOWS_PROVIDERS];

enum windows_interest {
	WINDOWS_SKIP, /* nothing to do with sessions */
	WINDOWS_NOTE, /* of a session log, but no transition */
	WINDOWS_MAP,  /* makes a record */
};

/* Whether some provider's records with that id make records. */
bool windows_id_matters(uint32_t id);

/* Whether the record is written at a boot; also one that can be written without a boot. */
bool windows_boots(enum windows_provider provider, uint32_t id);

enum windows_interest windows_interest(enum windows_provider provider, uint32_t id);

/* A record of which windows_interest() says WINDOWS_MAP, in UTF-8. */
struct windows_event {
	enum windows_provider provider;
	uint32_t id;
	bool has_session;
	uint32_t session;
	struct sessionlint_text texts[WINDOWS_FIELDS];
};

/*
 * The source of a record is its channel: that of the session manager, its debug channel (wdm), or
 * the System log (winlogon). Fills in what the event means: kind, event, marker, source, session,
 * user, address, reason, and their keys. Returns 1; 0 if it turns out to be none (its names are not
 * known); -EINVAL with a reason if a field is missing.
 */
int windows_map(const struct windows_event *event, struct record *record, struct arena *arena,
		struct sessionlint_text *ret_reason);

#endif
