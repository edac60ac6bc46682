# SPDX-License-Identifier: MIT
#
# All that Windows is known to do, and the end of a session with its user still logged on, where the source
# does not show it.

%%{
	machine implied;

	reconnected          = shown_reconnect;
	terminated_logged_on = shown_termination | hidden_termination;
	reused               = silent;
}%%
