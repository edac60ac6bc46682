/* SPDX-License-Identifier: MIT */
/* What a trace is made of: what happens on its hosts, and how a capture records it. */
#ifndef CONFORMANCE_LIVES_PLAN_H
#define CONFORMANCE_LIVES_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "world.h"

#define HOSTS_MAX   4
#define DRIVERS_MAX 2
#define IDS_MAX     64

/* What seq counts. */
enum numbering {
	NUMBERED_NOT,
	NUMBERED_BY_TRACE,
	NUMBERED_BY_HOST,
	NUMBERED_BY_DRIVER,
};

/* How a capture tells that a host has started. */
enum boots {
	BOOTS_NONE,
	BOOTS_MARKED,
	BOOTS_VALUED, /* by the key boot in each record */
	BOOTS_BOTH,
};

/* How records are lost, and whether that shows. */
enum losses {
	LOSES_NOTHING,
	LOSES_COUNTED, /* numbers are missing */
	LOSES_TOLD,    /* marker=gap */
	LOSES_FIRST,   /* those before some number of each scope */
};

/* What is done to a legal trace. */
enum breach {
	BREACH_NONE,
	BREACH_INSERTED, /* an event that never was */
	BREACH_DROPPED,  /* an event, and nothing tells of the loss */
	BREACH_SWAPPED,  /* two events of a session */
	BREACH_REPLACED, /* an event by another */
	BREACH_REPEATED, /* an event, as if it had happened twice */
	BREACH_STATE,    /* a state that the session is not in */
	BREACH_MOVED,    /* an event, to another session */
};
#define BREACHES 8

/* How the command is told to read the trace: each has a folder of its own. */
enum reading {
	READ_PLAINLY,
	READ_LATE,   /* --start=unknown */
	READ_STRICT, /* --strict; no session reconnects */
	READ_KNOWN,  /* --start=initialized */
};
#define READINGS 4

extern const char *const reading_names[READINGS];

struct plan {
	enum reading reading;
	unsigned lives, hosts, ids, drivers;
	bool named; /* the hosts have names */
	enum source sources[2];
	unsigned source_count;
	bool reconnects, observed;
	enum boots boots;
	enum numbering numbering;
	uint64_t first; /* number */
	bool restarts;  /* numbers begin again with each boot */
	bool wraps;     /* at 2^32 */
	bool bare;      /* markers have no number */
	enum losses losses;
	unsigned lost;    /* permille of records, or of hosts that lose their first ones */
	unsigned twice;   /* permille of records that are there twice */
	unsigned window;  /* how far records are out of order */
	unsigned skipped; /* records before the capture began */
	unsigned cut;     /* permille of the file that is cut off at its end */
	bool ends;        /* with marker=end */
	enum breach breach;
};

/* A plan for @lives lives or some multiple of that; with @judged, a small one with a breach. */
void plan_draw(struct random *random, unsigned lives, bool judged, struct plan *ret_plan);

/* Writes the plan as a comment of the trace. */
void plan_print(const struct plan *plan, FILE *file);

#endif
