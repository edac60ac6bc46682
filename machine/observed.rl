# SPDX-License-Identifier: MIT
#
# The table as published and the undocumented reconnect, DisconnectedLoggedOn to LoggedOn; one life.

%%{
	machine observed;

	reconnected          = shown_reconnect;
	terminated_logged_on = shown_termination;
	reused               = never;
}%%
