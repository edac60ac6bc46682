/* SPDX-License-Identifier: MIT */
/*
 * Hosts that are made up: they boot, and sessions live on them by the published table and the
 * reconnect. It knows both by heart ("IO_SESSION_STATE enumeration (wdm.h)"), as well as what each
 * source shows of a session, and shares no code with the checker.
 */
#ifndef CONFORMANCE_LIVES_WORLD_H
#define CONFORMANCE_LIVES_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "session_table.h"

enum source {
	WDM,
	WTS,
	SENS,
	LSM,
	WINLOGON,
};
#define SOURCES 5

extern const char *const source_names[SOURCES];

/* How often of 100 times a source shows an event that a session takes in a state. */
unsigned world_shows(enum source source, enum state state, enum event event);

enum kind {
	EVENT,
	SAMPLE,   /* the state that a session is in */
	NOTIFIED, /* what a driver is told of an event */
	REGISTERED,
	BOOT,
	SHUTDOWN,
	GAP,
	END,
};

/* One thing that a capture can hold, in the order in which it happened. */
struct record {
	enum kind kind;
	enum source source;
	unsigned host;
	unsigned boot; /* of the host, counted from 0 */
	unsigned driver;
	unsigned session;
	unsigned life; /* counted from 1, of all sessions; 0: of none */
	enum event event;
	enum state before, after;
	bool says_before, says_after; /* the capture gives the state */
	bool lost;
	bool barrier; /* nothing of its host moves past it in the file */
	uint64_t seq;
	size_t line; /* in the file, the first of several; 0: it is not there */
};

struct records {
	struct record *list;
	size_t count, room;
};

struct record *records_add(struct records *records);

struct random {
	uint64_t state;
};

uint64_t random_next(struct random *random);
unsigned random_below(struct random *random, unsigned bound);
bool random_chance(struct random *random, unsigned permille);

/* What one trace is made of. */
struct plan;

/* Lets the hosts of a plan live, and records all that its sources show. */
void world_run(struct random *random, const struct plan *plan, struct records *ret_records);

#endif
