/* SPDX-License-Identifier: MIT */
/* What SENS and WTS report about a session besides transitions: locks, remote control, the
 * shell. */
#include "check/session/session.h"

#define STATE(name) (1U << (SESSIONLINT_STATE_##name - 1))
#define LOGGED_ON   (STATE(LOGGED_ON) | STATE(DISCONNECTED_LOGGED_ON))
#define CONNECTED   (STATE(CONNECTED) | STATE(LOGGED_ON) | STATE(LOGGED_OFF))

/*
 * "WM_WTSSESSION_CHANGE message": the logged-on user locks and unlocks a session; remote control
 * needs a session that is, or just was, connected. "ISensLogon2 interface (sensevts.h)": PostShell
 * follows a Logon, once the shell has started. A session can be disconnected before any of them is
 * reported, so DisconnectedLoggedOn is always included.
 */
static const struct {
	const char *name;
	unsigned states;
} activities[] = {
	[MODEL_NO_ACTIVITY] = { "", SESSIONLINT_BELIEF_ANY },
	[MODEL_LOCK] = { "a lock, which needs a user who is logged on,", LOGGED_ON },
	[MODEL_UNLOCK] = { "an unlock, which needs a user who is logged on,", LOGGED_ON },
	[MODEL_REMOTE_CONTROL] = { "remote control", CONNECTED | STATE(DISCONNECTED) |
							     STATE(DISCONNECTED_LOGGED_ON) },
	[MODEL_SHELL] = { "the shell, which needs a user who is logged on,", LOGGED_ON },
	[MODEL_DESKTOP] = { "a ready desktop", CONNECTED | STATE(DISCONNECTED_LOGGED_ON) },
	[MODEL_SCREEN_SAVER] = { "a screen saver", CONNECTED | STATE(DISCONNECTED_LOGGED_ON) },
};

sessionlint_belief activity_states(unsigned activity)
{
	return (sessionlint_belief)activities[activity].states;
}

const char *activity_name(unsigned activity)
{
	return activities[activity].name;
}
