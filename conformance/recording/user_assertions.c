/* SPDX-License-Identifier: MIT */
/*
 * Holds sessionlint's numbers of WM_WTSSESSION_CHANGE, and its names of the methods of ISensLogon
 * and ISensLogon2, to the headers of a Windows SDK: this file compiles if they are the same. See
 * kernel_assertions.c.
 *
 * 0xF, desktop ready, has no name in the winuser.h of mingw-w64 10.
 */
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0601
#endif

#include <stddef.h>

#include <windows.h>

#include <sensevts.h>

#include <session_trace.h>

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

/* "WM_WTSSESSION_CHANGE message" (winuser.h): wParam. */
SAME(WTS_CONSOLE_CONNECT, 1);
SAME(WTS_CONSOLE_DISCONNECT, 2);
SAME(WTS_REMOTE_CONNECT, 3);
SAME(WTS_REMOTE_DISCONNECT, 4);
SAME(WTS_SESSION_LOGON, 5);
SAME(WTS_SESSION_LOGOFF, 6);
SAME(WTS_SESSION_LOCK, 7);
SAME(WTS_SESSION_UNLOCK, 8);
SAME(WTS_SESSION_REMOTE_CONTROL, 9);
SAME(WTS_SESSION_CREATE, 10);
SAME(WTS_SESSION_TERMINATE, 11);

/* "ISensLogon2 interface (sensevts.h)": the methods, which follow the seven of IDispatch. */
SAME(offsetof(ISensLogon2Vtbl, Logon) / sizeof(void *), 7);
SAME(offsetof(ISensLogon2Vtbl, Logoff) / sizeof(void *), 8);
SAME(offsetof(ISensLogon2Vtbl, SessionDisconnect) / sizeof(void *), 9);
SAME(offsetof(ISensLogon2Vtbl, SessionReconnect) / sizeof(void *), 10);
SAME(offsetof(ISensLogon2Vtbl, PostShell) / sizeof(void *), 11);

/* "ISensLogon interface (sensevts.h)". */
SAME(offsetof(ISensLogonVtbl, Logon) / sizeof(void *), 7);
SAME(offsetof(ISensLogonVtbl, Logoff) / sizeof(void *), 8);
SAME(offsetof(ISensLogonVtbl, StartShell) / sizeof(void *), 9);
SAME(offsetof(ISensLogonVtbl, DisplayLock) / sizeof(void *), 10);
SAME(offsetof(ISensLogonVtbl, DisplayUnlock) / sizeof(void *), 11);
SAME(offsetof(ISensLogonVtbl, StartScreenSaver) / sizeof(void *), 12);
SAME(offsetof(ISensLogonVtbl, StopScreenSaver) / sizeof(void *), 13);

/* The types of session_trace.h are those of Windows. */
SAME(sizeof(session_trace_u32), sizeof(DWORD));
SAME(sizeof(session_trace_size), sizeof(void *));
