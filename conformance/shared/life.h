/* SPDX-License-Identifier: MIT */
/* A legal life of a session. */
#ifndef CONFORMANCE_LIFE_H
#define CONFORMANCE_LIFE_H

/* Over and over: every transition of the published table but the early ends is in it. */
static const struct {
	const char *event, *from, *to;
} life[] = {
	{ "Created", "Initialized", "Created" },
	{ "Connected", "Created", "Connected" },
	{ "Logon", "Connected", "LoggedOn" },
	{ "Disconnected", "LoggedOn", "DisconnectedLoggedOn" },
	{ "Logoff", "DisconnectedLoggedOn", "Disconnected" },
	{ "Connected", "Disconnected", "Connected" },
	{ "Logon", "Connected", "LoggedOn" },
	{ "Logoff", "LoggedOn", "LoggedOff" },
	{ "Disconnected", "LoggedOff", "Disconnected" },
	{ "Logon", "Disconnected", "DisconnectedLoggedOn" },
	{ "Logoff", "DisconnectedLoggedOn", "Disconnected" },
	{ "Connected", "Disconnected", "Connected" },
	{ "Disconnected", "Connected", "Disconnected" },
	{ "Terminated", "Disconnected", "Terminated" },
};

#define LIFE_STEPS (sizeof life / sizeof life[0])

#endif
