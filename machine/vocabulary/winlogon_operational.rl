# SPDX-License-Identifier: MIT
#
# What Winlogon tells its subscribers, in Microsoft-Windows-Winlogon/Operational (811): Created (Event 0), Terminated
# (1), Logon (2), Logoff (3), Disconnected (8), and of Connected the reconnect alone (9). A session is the process of
# Winlogon that serves it. After a Logoff that process ends, and a Disconnected then has no record in the logs that are
# known. At a shutdown or a crash the end has no record. No boot is in the log, so that the next use of a process id
# begins with an end that nobody saw. Whether a Disconnected is shown where nobody logged on is not known.

%%{
	machine winlogon_operational;

	created                 = EV_CREATED;
	connected               = silent;
	disconnected            = EV_DISCONNECTED;
	disconnected_logged_off = EV_DISCONNECTED?;
	disconnected_unused     = EV_DISCONNECTED?;
	logon                   = EV_LOGON;
	logoff                  = EV_LOGOFF;
	terminated              = EV_TERMINATED?;

	shown_reconnect         = EV_CONNECTED;
	shown_termination       = EV_TERMINATED?;
	hidden_termination      = silent;
}%%
