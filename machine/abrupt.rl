# SPDX-License-Identifier: MIT
#
# The table as published, the reuse of a session id, and the end of a session with its user still logged on,
# where the source does not show it: all that the table explains where events are hidden.

%%{
	machine abrupt;

	reconnected          = never;
	terminated_logged_on = shown_termination | hidden_termination;
	reused               = silent;
}%%
