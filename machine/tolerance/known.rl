# SPDX-License-Identifier: MIT
#
# All that Windows is known to do: the table, the undocumented reconnect, and the reuse of a session id.

%%{
	machine known;

	reconnected          = shown_reconnect;
	terminated_logged_on = shown_termination;
	reused               = silent;
}%%
