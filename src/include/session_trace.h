/* SPDX-License-Identifier: MIT */
/*
 * Writes the records of a session trace, which sessionlint checks, from a Windows driver or
 * service.
 *
 * This header is self-contained: C89 and C++98, no library, no allocation, no state, no floating
 * point. The functions only access their arguments, so they can be called at any IRQL and by any
 * number of threads. docs/recording.md shows a driver, a service and a COM sink.
 *
 * The functions that write a record put one line without line end into a buffer of the caller and
 * return the number of bytes that it needs without the terminator, as snprintf() does. A buffer of
 * any size above 0 is terminated. A line that does not fit becomes an empty line, never half a
 * record: it is written if and only if the result is less than the size of the buffer.
 *
 * Texts are any bytes; they are escaped as needed. For a NULL or empty text and for an invalid time
 * the key is omitted.
 */
#ifndef SESSION_TRACE_H
#define SESSION_TRACE_H

/* It uses the types and functions of the Windows header included before it. */
#if (defined(_KERNEL_MODE) || defined(DEPRECATE_DDK_FUNCTIONS)) && !defined(_WDMDDK_) &&           \
	!defined(_NTDDK_)
#error "session_trace.h: include wdm.h or ntddk.h before it in kernel code"
#endif

#include "session_trace_line.h"

/* The beginning of a record in debug output, which distinguishes it from other output. */
#define SESSION_TRACE_TAG "sessionlint: "

/* For DbgPrintEx() and its like: the tag, the record, the end of the line. */
#define SESSION_TRACE_FORMAT SESSION_TRACE_TAG "%s\n"

/* The size of a buffer for what a call of DbgPrint() can send: 512 bytes, less tag and line end.
 */
#define SESSION_TRACE_LINE_MAX 498

/* Longer names of drivers are truncated to this: they could not be read. */
#define SESSION_TRACE_DRIVER_MAX 128

/* The part of a call or callback that is recorded; 0: all of it. */
#define SESSION_TRACE_BEGIN 1
#define SESSION_TRACE_END   2

/* The common beginning of records. All zero: nothing is written. */
struct session_trace_origin {
	session_trace_u64 time; /* KeQuerySystemTimePrecise(), GetSystemTimePreciseAsFileTime(): in
				   100 ns since 1601-01-01 UTC. 0, or after the year 9999: none */
	session_trace_u64 seq;  /* one more for each record */
	int has_seq;            /* whether seq is written */
	const char *host;
	const char *boot;   /* text that differs for each start of the host */
	const char *driver; /* the driver; in records of calls, objects, notifications, samples */
	const char *source; /* "wts", "sens"; NULL: wdm. In records of events, samples, markers */

	/* of calls and callbacks: SESSION_TRACE_BEGIN is written before the call, or first in the
	 * callback, SESSION_TRACE_END after it; or one record after it, with the numbers of both
	 */
	int phase;
	session_trace_u64 seq_end; /* one more number of the count, taken after the call */
	int has_seq_end;
	session_trace_u32 irql; /* KeGetCurrentIrql() */
	int has_irql;
};

/* ---- records ---- */

/* Begins a record; @origin may be NULL. */
SESSION_TRACE_FUNCTION void session_trace_open(struct session_trace_line *line, char *buffer,
					       session_trace_size size,
					       const struct session_trace_origin *origin)
{
	session_trace_begin(line, buffer, size);
	if (!origin)
		return;
	session_trace_put_time(line, "time", origin->time);
	if (origin->has_seq)
		session_trace_put_number(line, "seq", origin->seq);
	session_trace_put_text(line, "host", origin->host);
	session_trace_put_text(line, "boot", origin->boot);
}

/* Begins a record of a driver. */
SESSION_TRACE_FUNCTION void session_trace_open_driver(struct session_trace_line *line, char *buffer,
						      session_trace_size size,
						      const struct session_trace_origin *origin)
{
	session_trace_open(line, buffer, size, origin);
	if (origin)
		session_trace_put_limited(line, "driver", origin->driver, SESSION_TRACE_DRIVER_MAX);
}

/* The same for a call or a callback. */
SESSION_TRACE_FUNCTION void session_trace_open_call(struct session_trace_line *line, char *buffer,
						    session_trace_size size,
						    const struct session_trace_origin *origin)
{
	session_trace_open_driver(line, buffer, size, origin);
	if (!origin)
		return;
	if (origin->phase == SESSION_TRACE_BEGIN)
		session_trace_put_text(line, "phase", "begin");
	else if (origin->phase == SESSION_TRACE_END)
		session_trace_put_text(line, "phase", "end");
	else if (origin->has_seq && origin->has_seq_end)
		session_trace_put_number(line, "seq_end", origin->seq_end);
	if (origin->has_irql)
		session_trace_put_number(line, "irql", origin->irql);
}

/* Whether the call has not returned yet: then results are not written. */
SESSION_TRACE_FUNCTION int session_trace_is_begin(const struct session_trace_origin *origin)
{
	return origin && origin->phase == SESSION_TRACE_BEGIN;
}

/* The arguments of a callback. */
struct session_trace_notification {
	session_trace_u32 session; /* the id: from IoGetContainerInformation(), or the payload */
	session_trace_u32 event;
	const void *io;
	const void *session_object;
	const void *context;
	const void *payload; /* IO_SESSION_CONNECT_INFO; may be NULL */
	session_trace_u32 payload_length;
	int has_status; /* whether the callback's result is known yet */
	session_trace_i32 status;
	int session_unknown; /* then the id is not written; session_object identifies the session */
};

SESSION_TRACE_FUNCTION session_trace_size session_trace_notify(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	const struct session_trace_notification *notification)
{
	struct session_trace_line line;

	session_trace_open_call(&line, buffer, size, origin);
	if (!notification->session_unknown)
		session_trace_put_number(&line, "session", notification->session);
	session_trace_put_event(&line, "notify", notification->event);
	session_trace_put_address(&line, "io", notification->io);
	session_trace_put_address(&line, "session_object", notification->session_object);
	session_trace_put_address(&line, "context", notification->context);
	session_trace_put_payload(&line, notification->event, notification->payload,
				  notification->payload_length);
	if (notification->has_status && !session_trace_is_begin(origin))
		session_trace_put_status(&line, "status", notification->status);
	return session_trace_end(&line);
}

/* A call of IoRegisterContainerNotification(): arguments and result. */
struct session_trace_registration {
	session_trace_u32 notification_class;
	session_trace_u32 length; /* NotificationInformationLength */
	session_trace_u32 size;   /* Size, Flags, ... of IO_SESSION_STATE_NOTIFICATION */
	session_trace_u32 flags;
	const void *io;
	session_trace_u32 mask;
	const void *context;
	session_trace_i32 status;
	const void *registration; /* the value of CallbackRegistration after success */
};

SESSION_TRACE_FUNCTION session_trace_size session_trace_register(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	const struct session_trace_registration *call)
{
	struct session_trace_line line;

	session_trace_open_call(&line, buffer, size, origin);
	session_trace_put_text(&line, "call", "IoRegisterContainerNotification");
	session_trace_put_number(&line, "pointer_size", sizeof(void *));
	session_trace_put_number(&line, "class", call->notification_class);
	session_trace_put_address(&line, "io", call->io);
	session_trace_put_number(&line, "size", call->size);
	session_trace_put_number(&line, "length", call->length);
	session_trace_put_hex(&line, "flags", call->flags);
	session_trace_put_hex(&line, "mask", call->mask);
	session_trace_put_address(&line, "context", call->context);
	if (!session_trace_is_begin(origin))
		session_trace_put_status(&line, "status", call->status);
	if (!session_trace_is_begin(origin) && call->status == 0)
		session_trace_put_address(&line, "registration", call->registration);
	return session_trace_end(&line);
}

/* A call of IoUnregisterContainerNotification(). @io may be NULL: then it is not written. */
SESSION_TRACE_FUNCTION session_trace_size session_trace_unregister(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	const void *registration, const void *io)
{
	struct session_trace_line line;

	session_trace_open_call(&line, buffer, size, origin);
	session_trace_put_text(&line, "call", "IoUnregisterContainerNotification");
	session_trace_put_address(&line, "registration", registration);
	if (io)
		session_trace_put_address(&line, "io", io);
	return session_trace_end(&line);
}

/* A call of IoGetContainerInformation(): arguments and result. */
struct session_trace_inquiry {
	session_trace_u32 information_class;
	const void *session_object; /* ContainerObject */
	session_trace_u32 length;   /* BufferLength */
	session_trace_i32 status;
	session_trace_u32 session; /* its result: only written after success */
};

SESSION_TRACE_FUNCTION session_trace_size session_trace_get_information(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	const struct session_trace_inquiry *call)
{
	struct session_trace_line line;

	session_trace_open_call(&line, buffer, size, origin);
	if (!session_trace_is_begin(origin) && call->status == 0)
		session_trace_put_number(&line, "session", call->session);
	session_trace_put_text(&line, "call", "IoGetContainerInformation");
	session_trace_put_number(&line, "class", call->information_class);
	session_trace_put_address(&line, "session_object", call->session_object);
	session_trace_put_number(&line, "length", call->length);
	if (!session_trace_is_begin(origin))
		session_trace_put_status(&line, "status", call->status);
	return session_trace_end(&line);
}

/*
 * Creation (@created) or deletion of an I/O object. @device_session is the
 * property DEVPKEY_Device_SessionId of a per-session device object, otherwise 0.
 */
SESSION_TRACE_FUNCTION session_trace_size session_trace_object(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	int created, const void *io, session_trace_u32 device_session)
{
	struct session_trace_line line;

	session_trace_open_driver(&line, buffer, size, origin);
	session_trace_put_text(&line, "object", created ? "created" : "deleted");
	session_trace_put_address(&line, "io", io);
	if (device_session != 0)
		session_trace_put_number(&line, "device_session", device_session);
	return session_trace_end(&line);
}

/*
 * What IoGetContainerInformation() returned for a session: its state at that moment. @local is only
 * written in Connected, LoggedOn and LoggedOff: it is not valid in other states.
 * @session_object may be NULL: then it is not written.
 */
SESSION_TRACE_FUNCTION session_trace_size session_trace_sample(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	session_trace_u32 session, session_trace_u32 state, int local, const void *session_object)
{
	struct session_trace_line line;

	session_trace_open_driver(&line, buffer, size, origin);
	if (origin)
		session_trace_put_text(&line, "source", origin->source);
	session_trace_put_number(&line, "session", session);
	session_trace_put_state(&line, "state", state);
	if (state == 3 || state == 6 || state == 7)
		session_trace_put_boolean(&line, "local", local);
	if (session_object)
		session_trace_put_address(&line, "session_object", session_object);
	return session_trace_end(&line);
}

/* An event of a session. Set everything to zero first, then session, event, and what else is known.
 */
struct session_trace_change {
	session_trace_u32 session;
	session_trace_u32 event; /* the number that the source has for it */
	const char *name;        /* its name, if the source has names instead of numbers */
	const void *user;        /* UTF-16, as in a BSTR */
	session_trace_size user_units;
	int has_states; /* whether the states before and after it are known */
	session_trace_u32 from;
	session_trace_u32 to;
	int has_payload;     /* whether the payload, or its absence, is known */
	const void *payload; /* IO_SESSION_CONNECT_INFO; may be NULL */
	session_trace_u32 payload_length;
};

/* Without a source in @origin, event is one of IO_SESSION_EVENT, otherwise one of that source. */
SESSION_TRACE_FUNCTION session_trace_size session_trace_event(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	const struct session_trace_change *change)
{
	struct session_trace_line line;
	int foreign = origin && origin->source;

	session_trace_open(&line, buffer, size, origin);
	if (origin)
		session_trace_put_text(&line, "source", origin->source);
	session_trace_put_number(&line, "session", change->session);
	if (change->name)
		session_trace_put_text(&line, "event", change->name);
	else if (foreign)
		session_trace_put_number(&line, "event", change->event);
	else
		session_trace_put_event(&line, "event", change->event);
	session_trace_put_wide(&line, "user", change->user, change->user_units);
	if (change->has_states) {
		session_trace_put_state(&line, "from", change->from);
		session_trace_put_state(&line, "to", change->to);
	}
	if (change->has_payload)
		session_trace_put_payload(&line, foreign ? 0 : change->event, change->payload,
					  change->payload_length);
	return session_trace_end(&line);
}

/* @marker: "boot", "shutdown", "gap" (records are lost here), "end". @reason may be NULL. */
SESSION_TRACE_FUNCTION session_trace_size session_trace_marker(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	const char *marker, const char *reason)
{
	struct session_trace_line line;

	session_trace_open(&line, buffer, size, origin);
	session_trace_put_text(&line, "marker", marker);
	session_trace_put_text(&line, "reason", reason);
	return session_trace_end(&line);
}

/* ---- the structures of wdm.h, if it is included ---- */

#if defined(IO_SESSION_MAX_PAYLOAD_SIZE) || defined(SESSION_TRACE_WDM)

/* A call of IoRegisterContainerNotification() with these arguments; @information may be NULL. */
SESSION_TRACE_FUNCTION session_trace_size session_trace_wdm_register(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	IO_CONTAINER_NOTIFICATION_CLASS notification_class,
	const IO_SESSION_STATE_NOTIFICATION *information, ULONG length, NTSTATUS status,
	const void *registration)
{
	struct session_trace_registration call;

	call.notification_class = (session_trace_u32)notification_class;
	call.length = length;
	call.size = information ? information->Size : 0;
	call.flags = information ? information->Flags : 0;
	call.io = information ? information->IoObject : 0;
	call.mask = information ? information->EventMask : 0;
	call.context = information ? information->Context : 0;
	call.status = status;
	call.registration = registration;
	return session_trace_register(buffer, size, origin, &call);
}

/*
 * The arguments of an IO_SESSION_NOTIFICATION_FUNCTION and its result. @session is NULL if the id
 * is unknown, because IoGetContainerInformation() failed or has not been called yet.
 */
SESSION_TRACE_FUNCTION session_trace_size session_trace_wdm_callback(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	const ULONG *session, const void *session_object, const void *io_object, ULONG event,
	const void *context, const void *payload, ULONG payload_length, NTSTATUS status)
{
	struct session_trace_notification notification;

	notification.session = session ? *session : 0;
	notification.session_unknown = !session;
	notification.event = event;
	notification.io = io_object;
	notification.session_object = session_object;
	notification.context = context;
	notification.payload = payload;
	notification.payload_length = payload_length;
	notification.has_status = 1;
	notification.status = status;
	return session_trace_notify(buffer, size, origin, &notification);
}

/* The same for a known session. */
SESSION_TRACE_FUNCTION session_trace_size session_trace_wdm_notify(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	ULONG session, const void *session_object, const void *io_object, ULONG event,
	const void *context, const void *payload, ULONG payload_length, NTSTATUS status)
{
	return session_trace_wdm_callback(buffer, size, origin, &session, session_object, io_object,
					  event, context, payload, payload_length, status);
}

/* A call of IoGetContainerInformation(IoSessionStateInformation, ...) and its result. */
SESSION_TRACE_FUNCTION session_trace_size session_trace_wdm_get_information(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	const void *session_object, const IO_SESSION_STATE_INFORMATION *information, ULONG length,
	NTSTATUS status)
{
	struct session_trace_inquiry call;

	call.information_class = IoSessionStateInformation;
	call.session_object = session_object;
	call.length = length;
	call.status = status;
	call.session = status == 0 && information ? information->SessionId : 0;
	return session_trace_get_information(buffer, size, origin, &call);
}

/* The state that a successful IoGetContainerInformation() returned. */
SESSION_TRACE_FUNCTION session_trace_size session_trace_wdm_sample(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	const void *session_object, const IO_SESSION_STATE_INFORMATION *information)
{
	return session_trace_sample(buffer, size, origin, information->SessionId,
				    (session_trace_u32)information->SessionState,
				    information->LocalSession, session_object);
}

/*
 * The arguments of NtNotifyChangeSession(), and the session of its handle. Sequence number and time
 * come from there; @origin has the rest.
 */
SESSION_TRACE_FUNCTION session_trace_size session_trace_wdm_change(
	char *buffer, session_trace_size size, const struct session_trace_origin *origin,
	ULONG session, ULONG sequence, const LARGE_INTEGER *time, IO_SESSION_EVENT event,
	IO_SESSION_STATE new_state, IO_SESSION_STATE previous_state,
	const IO_SESSION_CONNECT_INFO *payload, ULONG payload_size)
{
	struct session_trace_origin own;
	struct session_trace_change change;

	own.time = time ? (session_trace_u64)time->QuadPart : 0;
	own.seq = sequence;
	own.has_seq = 1;
	own.host = origin ? origin->host : 0;
	own.boot = origin ? origin->boot : 0;
	own.driver = 0;
	own.source = 0;
	own.phase = 0;
	own.has_seq_end = 0;
	own.has_irql = 0;
	change.session = session;
	change.event = (session_trace_u32)event;
	change.name = 0;
	change.user = 0;
	change.user_units = 0;
	change.has_states = 1;
	change.from = (session_trace_u32)previous_state;
	change.to = (session_trace_u32)new_state;
	change.has_payload = 1;
	change.payload = payload;
	change.payload_length = payload_size;
	return session_trace_event(buffer, size, &own, &change);
}

#endif

#endif
