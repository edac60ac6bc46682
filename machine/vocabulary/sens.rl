# SPDX-License-Identifier: MIT
#
# What a subscriber of the System Event Notification Service is notified of ("ISensLogon2 interface
# (sensevts.h)"): Logon, Logoff, SessionDisconnect, and SessionReconnect for a user who returns. A
# disconnect of a session that nobody logged on to has no user name to report: it may be shown or not.

%%{
	machine sens;

	created                 = silent;
	connected               = silent;
	disconnected            = EV_DISCONNECTED;
	disconnected_logged_off = EV_DISCONNECTED;
	disconnected_unused     = EV_DISCONNECTED?;
	logon                   = EV_LOGON;
	logoff                  = EV_LOGOFF;
	terminated              = silent;

	shown_reconnect         = EV_CONNECTED;
	shown_termination       = never;
	hidden_termination      = silent;
}%%
