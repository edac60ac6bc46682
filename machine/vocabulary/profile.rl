# SPDX-License-Identifier: MIT
#
# What the log Microsoft-Windows-User Profile Service/Operational shows: Logon (1, or 2 where that is missing) and Logoff
# (3, or 4). No boot is in the log, and no end: a hidden end is ordinary here.

%%{
	machine profile;

	created                 = silent;
	connected               = silent;
	disconnected            = silent;
	disconnected_logged_off = silent;
	disconnected_unused     = silent;
	logon                   = EV_LOGON;
	logoff                  = EV_LOGOFF;
	terminated              = silent;

	shown_reconnect         = silent;
	shown_termination       = silent;
	hidden_termination      = silent;
}%%
