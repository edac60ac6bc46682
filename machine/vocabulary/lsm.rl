# SPDX-License-Identifier: MIT
#
# What the log Microsoft-Windows-TerminalServices-LocalSessionManager/Operational shows: Logon (21), Logoff
# (23), Disconnected of a session that somebody logged on to (24), and of Connected the reconnect alone (25).

%%{
	machine lsm;

	created                 = silent;
	connected               = silent;
	disconnected            = EV_DISCONNECTED;
	disconnected_logged_off = EV_DISCONNECTED;
	disconnected_unused     = silent;
	logon                   = EV_LOGON;
	logoff                  = EV_LOGOFF;
	terminated              = silent;

	shown_reconnect         = EV_CONNECTED;
	shown_termination       = never;
	hidden_termination      = silent;
}%%
