# SPDX-License-Identifier: MIT
#
# The table as published; a session id may begin a new life after Terminated.

%%{
	machine reused;

	reconnected          = never;
	terminated_logged_on = shown_termination;
	reused               = silent;
}%%
