/* SPDX-License-Identifier: MIT */
#include "base/pause.h"

#include <windows.h>

static HANDLE interrupted;

/* Windows calls it in a thread of its own. */
static BOOL WINAPI on_control(DWORD event)
{
	if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
		return FALSE;
	SetEvent(interrupted);
	return TRUE;
}

void pause_begin(void)
{
	/* it lives until the process ends: the thread may still use it */
	if (!interrupted)
		interrupted = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (!interrupted)
		return;
	ResetEvent(interrupted);
	SetConsoleCtrlHandler(on_control, TRUE);
}

bool pause_wait(unsigned milliseconds)
{
	if (!interrupted) {
		Sleep(milliseconds);
		return true;
	}
	return WaitForSingleObject(interrupted, milliseconds) == WAIT_TIMEOUT;
}

void pause_end(void)
{
	if (interrupted)
		SetConsoleCtrlHandler(on_control, FALSE);
}
