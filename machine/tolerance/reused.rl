# SPDX-License-Identifier: MIT
#
# The published table; a session id may be reused after Terminated.

%%{
	machine reused;

	reconnected          = never;
	terminated_logged_on = shown_termination;
	reused               = silent;
}%%
