/* SPDX-License-Identifier: MIT */
/*
 * The symbols that a recognizer reads. Ragel imports this list, and C includes it.
 *
 * EV_x has the value of IoSessionEventx ("IO_SESSION_EVENT enumeration (wdm.h)"). BEGIN_x is
 * synthetic: it puts the recognizer into one state of the chart, because Ragel runs no to-state
 * action at the start. Its value is 16 more than that of IoSessionStatex ("IO_SESSION_STATE
 * enumeration (wdm.h)").
 *
 * Decimal numbers only: Ragel's import reads nothing else.
 */
#ifndef MACHINE_ALPHABET_H
#define MACHINE_ALPHABET_H

enum machine_symbol {
	EV_CREATED = 1,
	EV_TERMINATED = 2,
	EV_CONNECTED = 3,
	EV_DISCONNECTED = 4,
	EV_LOGON = 5,
	EV_LOGOFF = 6,

	BEGIN_CREATED = 17,
	BEGIN_INITIALIZED = 18,
	BEGIN_CONNECTED = 19,
	BEGIN_DISCONNECTED = 20,
	BEGIN_DISCONNECTED_LOGGED_ON = 21,
	BEGIN_LOGGED_ON = 22,
	BEGIN_LOGGED_OFF = 23,
	BEGIN_TERMINATED = 24
};

#endif
