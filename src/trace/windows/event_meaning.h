/* SPDX-License-Identifier: MIT */
/* What the records of Windows' own logs mean, whatever file format they come in. */
#ifndef TRACE_WINDOWS_EVENT_MEANING_H
#define TRACE_WINDOWS_EVENT_MEANING_H

#include "trace/record.h"
#include "trace/windows/fields.h"
#include "trace/windows/providers.h"

enum windows_interest {
	WINDOWS_SKIP, /* nothing to do with sessions */
	WINDOWS_NOTE, /* of a session log, but no transition */
	WINDOWS_MAP,  /* makes a record */
};

/* Whether records with that id can matter. */
bool windows_id_matters(enum windows_provider provider, uint32_t id);

/* Whether the record is written at a boot; also one that can be written without a boot. */
bool windows_boots(enum windows_provider provider, uint32_t id);

enum windows_interest windows_interest(enum windows_provider provider, uint32_t id);

/* Whether the record is an annotation: nothing is judged by it. */
bool windows_annotates(enum windows_provider provider, uint32_t id);

/* A record that shows an event or a boot by its id alone, for queries of other tools. */
struct windows_shown {
	enum windows_provider provider;
	uint16_t id;
	bool boot;
	enum sessionlint_event event; /* unless it is a boot */
};

/* The records of @source that do; returns whether there is one of that number. */
bool windows_shown_at(enum sessionlint_source source, unsigned index,
		      struct windows_shown *ret_shown);

/* A record of which windows_interest() says WINDOWS_MAP, in UTF-8. */
struct windows_event {
	enum windows_provider provider;
	uint32_t id;
	uint32_t has; /* a bit for each number, from WINDOWS_TEXTS on */
	uint64_t numbers[WINDOWS_NUMBERS];
	struct sessionlint_text texts[WINDOWS_TEXTS];
};

static inline bool windows_has(const struct windows_event *event, enum windows_field number)
{
	return event->has >> (number - WINDOWS_TEXTS) & 1;
}

/* Whether windows_map() reads that text of @event, whose provider is known. */
static inline bool windows_text_matters(const struct windows_event *event, unsigned text)
{
	return text != WINDOWS_WRITER || event->provider == WINDOWS_PROFILES;
}

/* 0 if it is absent. */
static inline uint64_t windows_number(const struct windows_event *event, enum windows_field number)
{
	return event->numbers[number - WINDOWS_TEXTS];
}

/*
 * The source of a record is its channel: that of the session manager, its debug channel (wdm), the
 * System log (winlogon), Winlogon's own channel (winlogon-operational), or those of the User
 * Profile Service and of RdpCoreTS. Fills in what the event means: kind, event, marker, source,
 * session, user, address, reason, and their keys, and the annotation. Returns 1; 0 if it turns out
 * to be none (its names are not known); -EINVAL with a reason if a field is missing; -ENOMEM.
 */
int windows_map(const struct windows_event *event, struct record *record, struct arena *arena,
		struct sessionlint_text *ret_reason);

#endif
