# SPDX-License-Identifier: MIT
#
# All that Windows is known to do, and the hidden end of a session with its user still logged on.

%%{
	machine implied;

	reconnected          = shown_reconnect;
	terminated_logged_on = shown_termination | hidden_termination;
	reused               = silent;
}%%
