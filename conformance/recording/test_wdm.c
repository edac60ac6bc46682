/* SPDX-License-Identifier: MIT */
/*
 * The records that session_trace.h makes of the structures of wdm.h. kernel/wdm.h declares them
 * here; kernel_assertions.c holds the real ones to the same fields.
 */
#include <wdm.h>

#include <session_trace.h>

#include <string.h>

#include "tap.h"

#define ADDRESS(number) ((void *)(uintptr_t)(number))

static char line[SESSION_TRACE_LINE_MAX];

static void is(session_trace_size length, const char *expected, const char *what)
{
	if (!tap_ok(strcmp(line, expected) == 0 && length == strlen(expected), "%s", what))
		tap_note("%s", line);
}

static void test_register(void)
{
	IO_SESSION_STATE_NOTIFICATION wanted = { .Size = 32,
						 .Flags = 1,
						 .IoObject = ADDRESS(0xa1),
						 .EventMask = 0x3f,
						 .Context = ADDRESS(0xc3) };

	is(session_trace_wdm_register(line, sizeof line, NULL, IoSessionStateNotification, &wanted,
				      20, STATUS_SUCCESS, ADDRESS(0xd4)),
	   "call=IoRegisterContainerNotification pointer_size=8 class=0 io=0xa1 size=32 length=20 "
	   "flags=0x1 "
	   "mask=0x3f "
	   "context=0xc3 status=STATUS_SUCCESS registration=0xd4",
	   "a registration");
	is(session_trace_wdm_register(line, sizeof line, NULL, IoSessionStateNotification, NULL, 32,
				      STATUS_UNSUCCESSFUL, NULL),
	   "call=IoRegisterContainerNotification pointer_size=8 class=0 io=0x0 size=0 length=32 "
	   "flags=0x0 "
	   "mask=0x0 "
	   "context=0x0 status=0xc0000001",
	   "a registration without information");
}

static void test_notify(void)
{
	IO_SESSION_CONNECT_INFO payload = { 0x01020304, 1 };

	is(session_trace_wdm_notify(line, sizeof line, NULL, 3, ADDRESS(0xb2), ADDRESS(0xa1),
				    IoSessionEventConnected, ADDRESS(0xc3), &payload,
				    sizeof payload, STATUS_UNSUCCESSFUL),
	   "session=3 notify=Connected io=0xa1 session_object=0xb2 context=0xc3 "
	   "payload_session=16909060 payload_local=true payload_length=8 status=0xc0000001",
	   "a notification");
}

static void test_information(void)
{
	IO_SESSION_STATE_INFORMATION information = { 3, IoSessionStateLoggedOn, 1 };

	is(session_trace_wdm_get_information(line, sizeof line, NULL, ADDRESS(0xb2), &information,
					     12, STATUS_SUCCESS),
	   "session=3 call=IoGetContainerInformation class=0 session_object=0xb2 length=12 "
	   "status=STATUS_SUCCESS",
	   "an inquiry");
	is(session_trace_wdm_get_information(line, sizeof line, NULL, ADDRESS(0xb2), NULL, 12,
					     STATUS_UNSUCCESSFUL),
	   "call=IoGetContainerInformation class=0 session_object=0xb2 length=12 status=0xc0000001",
	   "a refused inquiry, whose result is not read");
	is(session_trace_wdm_sample(line, sizeof line, NULL, ADDRESS(0xb2), &information),
	   "session=3 state=LoggedOn local=true session_object=0xb2", "a sample");
	information.SessionState = IoSessionStateDisconnectedLoggedOn;
	is(session_trace_wdm_sample(line, sizeof line, NULL, NULL, &information),
	   "session=3 state=DisconnectedLoggedOn", "a sample of a session that is not connected");
}

static void test_change(void)
{
	struct session_trace_origin origin = { .time = 1, .seq = 2, .host = "H", .boot = "B" };
	LARGE_INTEGER time = { .QuadPart = 134169265047710000 };
	IO_SESSION_CONNECT_INFO payload = { 3, 0 };

	is(session_trace_wdm_change(line, sizeof line, &origin, 3, 41, &time,
				    IoSessionEventConnected, IoSessionStateConnected,
				    IoSessionStateCreated, &payload, sizeof payload),
	   "time=2026-03-02T12:01:44.7710000Z seq=41 host=H boot=B session=3 event=Connected "
	   "from=Created to=Connected payload_session=3 payload_local=false payload_length=8",
	   "a call of NtNotifyChangeSession()");
	is(session_trace_wdm_change(line, sizeof line, NULL, 3, 0, NULL, IoSessionEventTerminated,
				    IoSessionStateTerminated, IoSessionStateDisconnected, NULL, 0),
	   "seq=0 session=3 event=Terminated from=Disconnected to=Terminated payload_length=0",
	   "one without time and payload");
}

int main(void)
{
	test_register();
	test_notify();
	test_information();
	test_change();
	return tap_done();
}
