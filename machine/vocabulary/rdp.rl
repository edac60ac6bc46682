# SPDX-License-Identifier: MIT
#
# What the log Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational shows: that a session got a remote
# connection (66), its first one or another. The console and some reconnects have no such record.

%%{
	machine rdp;

	created                 = silent;
	connected               = EV_CONNECTED?;
	disconnected            = silent;
	disconnected_logged_off = silent;
	disconnected_unused     = silent;
	logon                   = silent;
	logoff                  = silent;
	terminated              = silent;

	shown_reconnect         = EV_CONNECTED?;
	shown_termination       = silent;
	hidden_termination      = silent;
}%%
