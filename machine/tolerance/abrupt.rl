# SPDX-License-Identifier: MIT
#
# The published table, the reuse of a session id, and the hidden end of a session with its user still logged
# on: all that the table explains if events are hidden.

%%{
	machine abrupt;

	reconnected          = never;
	terminated_logged_on = shown_termination | hidden_termination;
	reused               = silent;
}%%
