/* SPDX-License-Identifier: MIT */
/*
 * LocalSession: whether the user of a connection is local. Payloads and samples of one connection
 * agree about it.
 */
#ifndef CHECK_DRIVER_LOCAL_SESSION_H
#define CHECK_DRIVER_LOCAL_SESSION_H

#include "check/context.h"
#include "trace/contract.h"

enum local {
	LOCAL_UNKNOWN,
	LOCAL_FALSE,
	LOCAL_TRUE,
};

/* What the payload of @record says. */
static inline enum local record_local(const struct record *record)
{
	/* without a session there is no payload */
	if (!record_has(record, KEY_PAYLOAD_LOCAL) ||
	    (record->kind == RECORD_NOTIFY && !record_has(record, KEY_PAYLOAD_SESSION)))
		return LOCAL_UNKNOWN;
	return record->contract->payload_local ? LOCAL_TRUE : LOCAL_FALSE;
}

/* "true" or "false". */
const char *local_text(unsigned local);

/* The event of subject->record, of session @number, has happened. -ENOMEM, or what options.report
 * returned. */
int local_follow(struct subject *subject, uint32_t number);

/* A sample of session @number gives LocalSession, in a trace that holds the events. The same. */
int local_sample(struct subject *subject, uint32_t number);

/* subject->object was notified of @pending, which is a Connected. */
int local_tell(struct subject *subject, struct session_detail *detail, struct pending *pending);

#endif
