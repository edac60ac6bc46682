/* SPDX-License-Identifier: MIT */
#include "trace/windows/annotations.h"

#include <errno.h>

#include "trace/address.h"

static struct annotation *annotation_new(const struct windows_event *event,
					 enum annotation_kind kind, struct arena *arena)
{
	struct annotation *annotation = arena_allocate(arena, sizeof *annotation);

	if (annotation)
		*annotation = (struct annotation) {
			.kind = (uint8_t)kind,
			.id = event->id,
			.process = (uint32_t)windows_number(event, WINDOWS_PROCESS),
			.reason = ANNOTATION_NO_REASON,
		};
	return annotation;
}

int windows_details(const struct windows_event *event, struct record *record, struct arena *arena)
{
	if (!windows_number(event, WINDOWS_PROCESS) && event->provider != WINDOWS_PROFILES)
		return 0;
	record->annotation = annotation_new(event, ANNOTATION_DETAILS, arena);
	return record->annotation ? 0 : -ENOMEM;
}

/* Windows writes a hyphen, or nothing, for what it does not know. */
static struct sessionlint_text known(struct sessionlint_text text)
{
	return text.size == 0 || text_is(text, "-") ? text_of(NULL, 0) : text;
}

static void put_text(struct record *record, enum record_key key, struct sessionlint_text *field,
		     struct sessionlint_text text)
{
	text = known(text);
	if (!text.data)
		return;
	*field = text;
	record->keys |= KEY_BIT(key);
}

/* Whether the reason of an annotation is that of the record: a record about power has one too. */
static bool has_reason(enum annotation_kind kind)
{
	return kind == ANNOTATION_DISCONNECT_REASON || kind == ANNOTATION_LOGON_SESSION_BEGAN ||
	       kind == ANNOTATION_LOGON_SESSION_ENDED;
}

int windows_annotate(const struct windows_event *event, enum annotation_kind kind,
		     struct record *record, struct arena *arena)
{
	struct annotation *annotation = annotation_new(event, kind, arena);
	uint64_t reason = windows_number(event, WINDOWS_REASON);

	if (!annotation)
		return -ENOMEM;
	record->kind = RECORD_ANNOTATION;
	record->annotation = annotation;
	if (has_reason(kind) && windows_has(event, WINDOWS_REASON) && reason < ANNOTATION_NO_REASON)
		annotation->reason = (uint32_t)reason;
	annotation->logon_id = windows_number(event, WINDOWS_LOGON_ID);
	annotation->domain = known(event->texts[WINDOWS_DOMAIN]);
	annotation->sid = known(event->texts[WINDOWS_SID]);
	annotation->client = known(event->texts[WINDOWS_CLIENT]);
	put_text(record, KEY_USER, &record->user, event->texts[WINDOWS_USER]);
	put_text(record, KEY_ADDRESS, &record->address,
		 address_without_port(event->texts[WINDOWS_ADDRESS]));
	return 1;
}
