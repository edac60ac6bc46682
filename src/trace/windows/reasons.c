/* SPDX-License-Identifier: MIT */
/* Why a session was disconnected, by the numbers of LocalSessionManager 40: those of
 * "ExtendedDisconnectReasonCode enumeration". */
#include "sessionlint.h"

static const char *const reasons[] = {
	[0] = "no reason known",
	[1] = "disconnected by a program",
	[2] = "logged off by a program",
	[3] = "idle for too long",
	[4] = "time limit reached",
	[5] = "replaced by another connection",
	[6] = "out of memory",
	[7] = "the server denied the connection",
	[8] = "the server denied the connection (FIPS)",
	[9] = "the user has no right to connect",
	[10] = "new credentials required",
	[11] = "disconnected by the user",
	[12] = "logged off by the user",
	[13] = "the display driver was not ready",
	[14] = "the desktop window manager failed",
	[15] = "the display driver failed",
	[16] = "an interface of the display driver failed",
	[17] = "winlogon failed",
	[18] = "the client-server runtime failed",
};

const char *sessionlint_reason_text(uint32_t reason)
{
	return reason < sizeof reasons / sizeof reasons[0] ? reasons[reason] : NULL;
}
