/* SPDX-License-Identifier: MIT */
/* What records of Windows' own logs tell besides transitions. */
#ifndef TRACE_WINDOWS_ANNOTATIONS_H
#define TRACE_WINDOWS_ANNOTATIONS_H

#include "trace/annotation.h"
#include "trace/windows/event_meaning.h"

/* Gives @record, of an event, the process that wrote it, if it is known; and one of the User
 * Profile Service its id. -ENOMEM. */
int windows_details(const struct windows_event *event, struct record *record, struct arena *arena);

/* Makes @record an annotation. Returns 1; -ENOMEM. */
int windows_annotate(const struct windows_event *event, enum annotation_kind kind,
		     struct record *record, struct arena *arena);

#endif
