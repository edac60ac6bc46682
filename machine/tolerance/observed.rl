# SPDX-License-Identifier: MIT
#
# The published table and the undocumented reconnect, DisconnectedLoggedOn to LoggedOn; one incarnation.

%%{
	machine observed;

	reconnected          = shown_reconnect;
	terminated_logged_on = shown_termination;
	reused               = never;
}%%
