# SPDX-License-Identifier: MIT
#
# The table as published, and one life of a session id.

%%{
	machine published;

	reconnected          = never;
	terminated_logged_on = shown_termination;
	reused               = never;
}%%
