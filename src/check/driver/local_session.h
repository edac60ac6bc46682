/* SPDX-License-Identifier: MIT */
/* LocalSession: whether the user of a connection is local. All payloads and samples of one
 * connection must agree. */
#ifndef CHECK_DRIVER_LOCAL_SESSION_H
#define CHECK_DRIVER_LOCAL_SESSION_H

#include "check/context.h"
#include "trace/contract.h"

enum local {
	LOCAL_UNKNOWN,
	LOCAL_FALSE,
	LOCAL_TRUE,
};

/* The value in the payload of @record. */
static inline enum local record_local(const struct record *record)
{
	/* a payload without a session does not count */
	if (!record_has(record, KEY_PAYLOAD_LOCAL) ||
	    (record->kind == RECORD_NOTIFY && !record_has(record, KEY_PAYLOAD_SESSION)))
		return LOCAL_UNKNOWN;
	return record->contract->payload_local ? LOCAL_TRUE : LOCAL_FALSE;
}

/* "true" or "false". */
const char *local_text(unsigned local);

/* Handles the event of subject->record, of session @number. -ENOMEM, or what options.report
 * returned. */
int local_follow(struct subject *subject, uint32_t number);

/* A sample of session @number has LocalSession, in a trace with events. The same errors. */
int local_sample(struct subject *subject, uint32_t number);

/* subject->object was notified of @pending, a Connected. */
int local_notify(struct subject *subject, struct session_detail *detail, struct pending *pending);

#endif
