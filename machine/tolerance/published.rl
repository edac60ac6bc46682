# SPDX-License-Identifier: MIT
#
# The published table, and one incarnation of a session id.

%%{
	machine published;

	reconnected          = never;
	terminated_logged_on = shown_termination;
	reused               = never;
}%%
