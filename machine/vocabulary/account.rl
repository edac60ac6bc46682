# SPDX-License-Identifier: MIT
#
# What the account of a machine shows: several of its logs, made into one life of each session. Where no log
# shows a transition but the next one needs it, the account says so; what nothing needs is not known.

%%{
	machine account;

	created                 = EV_CREATED?;
	connected               = EV_CONNECTED?;
	disconnected            = EV_DISCONNECTED;
	disconnected_logged_off = EV_DISCONNECTED;
	disconnected_unused     = EV_DISCONNECTED?;
	logon                   = EV_LOGON;
	logoff                  = EV_LOGOFF;
	terminated              = EV_TERMINATED?;

	shown_reconnect         = EV_CONNECTED;
	shown_termination       = EV_TERMINATED;
	hidden_termination      = silent;
}%%
