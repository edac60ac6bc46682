/* SPDX-License-Identifier: MIT */
/*
 * Holds sessionlint's values to those of a Windows Driver Kit: this file compiles if they are the
 * same. Nothing of it needs to be run. docs/recording.md says how to compile it with Microsoft's
 * own headers; the tests do it with those of mingw-w64, for x64 and x86.
 *
 * What mingw-w64 10 declares otherwise than Microsoft documents it: IO_SESSION_MAX_PAYLOAD_SIZE is
 * signed (256L), and CallbackFunction is a function without arguments, so that a driver casts its
 * callback. NtNotifyChangeSession() is in neither header.
 */
#ifndef NTDDI_VERSION
#define NTDDI_VERSION 0x06010000 /* Windows 7, the first that has these */
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0601
#endif

#include <stddef.h>

#include <sessionlint.h>

#ifdef SESSIONLINT_CONTRACT
/* the project's own transcription, which has the same names, instead of a driver kit */
#include "trace/contract.h"
#else
#include <wdm.h>

#include <session_trace.h>
#endif

/* Set to another number, every line below fails to compile. */
#ifndef SESSIONLINT_WRONG
#define SESSIONLINT_WRONG 0
#endif

#define PASTE(a, b) a##b
#define NAMED(a, b) PASTE(a, b)
#define SAME(of_windows, ours)                                                                     \
	typedef char NAMED(                                                                        \
		same_at_line_,                                                                     \
		__LINE__)[(unsigned)(of_windows) == (unsigned)(ours) + SESSIONLINT_WRONG ? 1 : -1]

/* "Using NTSTATUS Values" (ntstatus.h): what the three routines are documented to return. */
SAME(STATUS_SUCCESS, 0);
SAME(STATUS_ALREADY_COMMITTED, 0xc0000021);
SAME(STATUS_INSUFFICIENT_RESOURCES, 0xc000009a);
SAME(STATUS_INVALID_PARAMETER_1, 0xc00000ef);
SAME(STATUS_INVALID_PARAMETER_2, 0xc00000f0);
SAME(STATUS_INVALID_PARAMETER_3, 0xc00000f1);
SAME(STATUS_INVALID_PARAMETER_4, 0xc00000f2);

/* "IO_SESSION_STATE_NOTIFICATION structure (wdm.h)", EventMask. */
SAME(IO_SESSION_STATE_VALID_EVENT_MASK, 0x3f);
SAME(IO_SESSION_STATE_ALL_EVENTS, 0xffffffff);

/* "IO_SESSION_NOTIFICATION_FUNCTION callback function (wdm.h)", PayloadLength. */
SAME(IO_SESSION_MAX_PAYLOAD_SIZE, 256);

#ifdef SESSIONLINT_CONTRACT

SAME(NOTIFICATION_SIZE_64, 32);
SAME(NOTIFICATION_SIZE_32, 20);
SAME(CONNECT_INFO_SIZE, 8);
SAME(STATE_INFORMATION_SIZE, 12);

#else

/* "IO_SESSION_EVENT enumeration (wdm.h)". */
SAME(IoSessionEventIgnore, SESSIONLINT_EVENT_IGNORE);
SAME(IoSessionEventCreated, SESSIONLINT_EVENT_CREATED);
SAME(IoSessionEventTerminated, SESSIONLINT_EVENT_TERMINATED);
SAME(IoSessionEventConnected, SESSIONLINT_EVENT_CONNECTED);
SAME(IoSessionEventDisconnected, SESSIONLINT_EVENT_DISCONNECTED);
SAME(IoSessionEventLogon, SESSIONLINT_EVENT_LOGON);
SAME(IoSessionEventLogoff, SESSIONLINT_EVENT_LOGOFF);
SAME(IoSessionEventMax, SESSIONLINT_EVENT_MAX);

/* "IO_SESSION_STATE enumeration (wdm.h)". */
SAME(IoSessionStateCreated, SESSIONLINT_STATE_CREATED);
SAME(IoSessionStateInitialized, SESSIONLINT_STATE_INITIALIZED);
SAME(IoSessionStateConnected, SESSIONLINT_STATE_CONNECTED);
SAME(IoSessionStateDisconnected, SESSIONLINT_STATE_DISCONNECTED);
SAME(IoSessionStateDisconnectedLoggedOn, SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON);
SAME(IoSessionStateLoggedOn, SESSIONLINT_STATE_LOGGED_ON);
SAME(IoSessionStateLoggedOff, SESSIONLINT_STATE_LOGGED_OFF);
SAME(IoSessionStateTerminated, SESSIONLINT_STATE_TERMINATED);
SAME(IoSessionStateMax, SESSIONLINT_STATE_MAX);

/* EventMask: event n has bit n - 1. */
#define BIT(event) (1u << ((unsigned)(event)-1))
SAME(IO_SESSION_STATE_CREATION_EVENT, BIT(SESSIONLINT_EVENT_CREATED));
SAME(IO_SESSION_STATE_TERMINATION_EVENT, BIT(SESSIONLINT_EVENT_TERMINATED));
SAME(IO_SESSION_STATE_CONNECT_EVENT, BIT(SESSIONLINT_EVENT_CONNECTED));
SAME(IO_SESSION_STATE_DISCONNECT_EVENT, BIT(SESSIONLINT_EVENT_DISCONNECTED));
SAME(IO_SESSION_STATE_LOGON_EVENT, BIT(SESSIONLINT_EVENT_LOGON));
SAME(IO_SESSION_STATE_LOGOFF_EVENT, BIT(SESSIONLINT_EVENT_LOGOFF));

/* "IO_CONTAINER_NOTIFICATION_CLASS" and "IO_CONTAINER_INFORMATION_CLASS enumeration (wdm.h)". */
SAME(IoSessionStateNotification, 0);
SAME(IoSessionStateInformation, 0);

/* "IO_SESSION_STATE_NOTIFICATION structure (wdm.h)". */
SAME(sizeof(IO_SESSION_STATE_NOTIFICATION), sizeof(void *) == 8 ? 32 : 20);
SAME(offsetof(IO_SESSION_STATE_NOTIFICATION, Size), 0);
SAME(offsetof(IO_SESSION_STATE_NOTIFICATION, Flags), 4);
SAME(offsetof(IO_SESSION_STATE_NOTIFICATION, IoObject), 8);
SAME(offsetof(IO_SESSION_STATE_NOTIFICATION, EventMask), sizeof(void *) == 8 ? 16 : 12);
SAME(offsetof(IO_SESSION_STATE_NOTIFICATION, Context), sizeof(void *) == 8 ? 24 : 16);

/* "IO_SESSION_CONNECT_INFO structure (wdm.h)": the payload. */
SAME(sizeof(IO_SESSION_CONNECT_INFO), 8);
SAME(offsetof(IO_SESSION_CONNECT_INFO, SessionId), 0);
SAME(sizeof(((IO_SESSION_CONNECT_INFO *)0)->SessionId), 4);
SAME(offsetof(IO_SESSION_CONNECT_INFO, LocalSession), 4);
SAME(sizeof(((IO_SESSION_CONNECT_INFO *)0)->LocalSession), 1);

/* "IO_SESSION_STATE_INFORMATION structure (wdm.h)". */
SAME(sizeof(IO_SESSION_STATE_INFORMATION), 12);
SAME(offsetof(IO_SESSION_STATE_INFORMATION, SessionId), 0);
SAME(offsetof(IO_SESSION_STATE_INFORMATION, SessionState), 4);
SAME(offsetof(IO_SESSION_STATE_INFORMATION, LocalSession), 8);

/* The types of session_trace.h are those of Windows. */
SAME(sizeof(session_trace_u32), 4);
SAME(sizeof(session_trace_i32), sizeof(NTSTATUS));
SAME(sizeof(session_trace_u64), sizeof(((LARGE_INTEGER *)0)->QuadPart));
SAME(sizeof(session_trace_size), sizeof(void *));

#endif
