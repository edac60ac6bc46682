# SPDX-License-Identifier: MIT
#
# What Winlogon writes to the System log: Logon (7001) and Logoff (7002) notifications, nothing else. A 7001
# also comes for a logon that fails afterwards, so a second one proves nothing: a hidden end is ordinary here.

%%{
	machine winlogon;

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
