# SPDX-License-Identifier: MIT
#
# What a kernel driver sees that selects all events ("IO_SESSION_STATE_NOTIFICATION structure (wdm.h)"):
# everything.

%%{
	machine wdm;

	created                 = EV_CREATED;
	connected               = EV_CONNECTED;
	disconnected            = EV_DISCONNECTED;
	disconnected_logged_off = EV_DISCONNECTED;
	disconnected_unused     = EV_DISCONNECTED;
	logon                   = EV_LOGON;
	logoff                  = EV_LOGOFF;
	terminated              = EV_TERMINATED;

	shown_reconnect         = EV_CONNECTED;
	shown_termination       = EV_TERMINATED;
	hidden_termination      = never;
}%%
