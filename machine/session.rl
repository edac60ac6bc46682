# SPDX-License-Identifier: MIT
#
# The session: the transition table of the project. One arc per line, `cause -> State`.
#
# The table is the picture on the page "IO_SESSION_STATE enumeration (wdm.h)": 17 transitions between 8
# states. Two arcs are not in it: `reconnected`, which real Windows logs show and the picture leaves blank,
# and `reused`, by which a session id is reused.
#
# Causes are free names. The recognizer that includes this chart defines for each whether a trace shows it.
# An event has several causes if a source shows one of its arcs and hides another.

%%{
	machine session;

	session = (
		start: (
			BEGIN_INITIALIZED              -> Initialized
			| BEGIN_CREATED                -> Created
			| BEGIN_CONNECTED              -> Connected
			| BEGIN_DISCONNECTED           -> Disconnected
			| BEGIN_DISCONNECTED_LOGGED_ON -> DisconnectedLoggedOn
			| BEGIN_LOGGED_ON              -> LoggedOn
			| BEGIN_LOGGED_OFF             -> LoggedOff
			| BEGIN_TERMINATED             -> Terminated
		),

		Initialized: (
			created                        -> Created
		) >~in_Initialized,

		Created: (
			connected                      -> Connected
			| disconnected_unused          -> Disconnected
			| terminated                   -> Terminated
		) >~in_Created,

		Connected: (
			logon                          -> LoggedOn
			| disconnected_unused          -> Disconnected
			| terminated                   -> Terminated
		) >~in_Connected,

		Disconnected: (
			connected                      -> Connected
			| logon                        -> DisconnectedLoggedOn
			| terminated                   -> Terminated
		) >~in_Disconnected,

		DisconnectedLoggedOn: (
			logoff                         -> Disconnected
			| reconnected                  -> LoggedOn
			| terminated_logged_on         -> Terminated
		) >~in_DisconnectedLoggedOn,

		LoggedOn: (
			disconnected                   -> DisconnectedLoggedOn
			| logoff                       -> LoggedOff
			| terminated_logged_on         -> Terminated
		) >~in_LoggedOn,

		LoggedOff: (
			disconnected_logged_off        -> Disconnected
			| terminated                   -> Terminated
		) >~in_LoggedOff,

		Terminated: (
			reused                         -> Initialized
			| silent                       -> final
		) >~in_Terminated
	);
}%%
