/* SPDX-License-Identifier: MIT */
/*
 * The published table, transcribed a second time: from the picture on the page "IO_SESSION_STATE
 * enumeration (wdm.h)", in the picture's own layout, without a look at the chart. "A blank cell
 * means that no transition can occur directly from that state to that state."
 */
#ifndef CONFORMANCE_MODEL_PICTURE_H
#define CONFORMANCE_MODEL_PICTURE_H

#include "sessionlint.h"

#define PICTURE_COLUMNS 7
#define PICTURE_ROWS    7

/* What is written in a cell. */
enum picture_cell {
	BLANK = 0,
	CREATED = SESSIONLINT_EVENT_CREATED,
	TERMINATED = SESSIONLINT_EVENT_TERMINATED,
	CONNECTED = SESSIONLINT_EVENT_CONNECTED,
	DISCONNECTED = SESSIONLINT_EVENT_DISCONNECTED,
	LOGON = SESSIONLINT_EVENT_LOGON,
	LOGOFF = SESSIONLINT_EVENT_LOGOFF,
};

/* clang-format off */

/* "From state", left to right. The picture has no column Terminated. */
static const enum sessionlint_state picture_from[PICTURE_COLUMNS] = {
	SESSIONLINT_STATE_INITIALIZED,
	SESSIONLINT_STATE_CREATED,
	SESSIONLINT_STATE_CONNECTED,
	SESSIONLINT_STATE_DISCONNECTED,
	SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON,
	SESSIONLINT_STATE_LOGGED_ON,
	SESSIONLINT_STATE_LOGGED_OFF,
};

/* "To state", top to bottom. The picture has no row Initialized. */
static const enum sessionlint_state picture_to[PICTURE_ROWS] = {
	SESSIONLINT_STATE_CREATED,
	SESSIONLINT_STATE_CONNECTED,
	SESSIONLINT_STATE_DISCONNECTED,
	SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON,
	SESSIONLINT_STATE_LOGGED_ON,
	SESSIONLINT_STATE_LOGGED_OFF,
	SESSIONLINT_STATE_TERMINATED,
};

/* Columns as in picture_from, rows as in picture_to. */
static const enum picture_cell picture[PICTURE_ROWS][PICTURE_COLUMNS] = {
	{ CREATED, BLANK,        BLANK,        BLANK,      BLANK,      BLANK,        BLANK },
	{ BLANK,   CONNECTED,    BLANK,        CONNECTED,  BLANK,      BLANK,        BLANK },
	{ BLANK,   DISCONNECTED, DISCONNECTED, BLANK,      LOGOFF,     BLANK,        DISCONNECTED },
	{ BLANK,   BLANK,        BLANK,        LOGON,      BLANK,      DISCONNECTED, BLANK },
	{ BLANK,   BLANK,        LOGON,        BLANK,      BLANK,      BLANK,        BLANK },
	{ BLANK,   BLANK,        BLANK,        BLANK,      BLANK,      LOGOFF,       BLANK },
	{ BLANK,   TERMINATED,   TERMINATED,   TERMINATED, TERMINATED, TERMINATED,   TERMINATED },
};

/* clang-format on */

/* What the picture says of a pair of states: the event, or BLANK. */
static inline unsigned picture_event(unsigned from, unsigned to)
{
	for (unsigned row = 0; row < PICTURE_ROWS; row++)
		for (unsigned column = 0; column < PICTURE_COLUMNS; column++)
			if (picture_from[column] == from && picture_to[row] == to)
				return picture[row][column];
	return BLANK;
}

/* The row in which @event stands in the column @from; 0, which has no column, if in none. */
static inline unsigned picture_next(unsigned from, unsigned event)
{
	for (unsigned column = 0; column < PICTURE_COLUMNS; column++) {
		if (picture_from[column] != from)
			continue;
		for (unsigned row = 0; row < PICTURE_ROWS; row++)
			if (picture[row][column] == event)
				return picture_to[row];
	}
	return 0;
}

#endif
