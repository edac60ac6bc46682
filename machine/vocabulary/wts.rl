# SPDX-License-Identifier: MIT
#
# What a window or a service is notified of ("WM_WTSSESSION_CHANGE message", "WTSRegisterSessionNotification
# function"): Connected, Disconnected, Logon, Logoff. The codes of Created and Terminated are reserved: they
# may occur, but usually do not.

%%{
	machine wts;

	created                 = EV_CREATED?;
	connected               = EV_CONNECTED;
	disconnected            = EV_DISCONNECTED;
	disconnected_logged_off = EV_DISCONNECTED;
	disconnected_unused     = EV_DISCONNECTED;
	logon                   = EV_LOGON;
	logoff                  = EV_LOGOFF;
	terminated              = EV_TERMINATED?;

	shown_reconnect         = EV_CONNECTED;
	shown_termination       = EV_TERMINATED;
	hidden_termination      = silent;
}%%
