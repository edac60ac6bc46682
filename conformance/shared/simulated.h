/* SPDX-License-Identifier: MIT */
/*
 * A host without a fault that is made up: sessions, drivers that call and are called back at once,
 * and a recorder that may number its records in several ways and may lose some. It knows the
 * documents by heart and shares no code with the checker.
 *
 * Time is the order of records. What takes time, a call or a callback, has a beginning and an end,
 * between which anything else can happen. A record has one number: that of the beginning, but of
 * IoUnregisterContainerNotification that of its end; or there are two records, or two numbers in
 * one. A driver is in one call at a time, unless both numbers of all are recorded. A
 * registration takes effect at some moment of the call that makes it and stops at some moment of
 * the call that ends it, which returns after all callbacks have. Of each session a registration
 * gets what it selects in order; otherwise callbacks lag as they like.
 */
#ifndef CONFORMANCE_DRIVER_SIMULATED_H
#define CONFORMANCE_DRIVER_SIMULATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "session_table.h"

#define SESSIONS_MAX  5
#define OBJECTS_MAX   6
#define DRIVERS_MAX   3
#define REGISTRATIONS 64
#define ITEMS_MAX     256
#define RECORDS_MAX   1200
#define RECORD_SIZE   512

struct settings {
	bool events;                /* the trace holds what the sessions do */
	bool numbered;              /* records have seq */
	bool shuffled;              /* they are written later than they are numbered */
	bool cut;                   /* the capture ends anywhere */
	bool late;                  /* it begins anywhere: --start=unknown */
	unsigned lose;              /* records of 1000 that are lost */
	bool boots;                 /* the host starts again */
	bool samples;               /* states are asked for */
	bool objects;               /* the life of I/O objects is recorded */
	bool threads;               /* a driver can be in several calls at once */
	unsigned ones, twos, spans; /* how calls and callbacks are recorded: shares of 100 */
	bool nameless;              /* a callback does not know its session before its end */
	bool session_objects;
	unsigned lag; /* in percent: how seldom callbacks come */
	uint32_t drivers, objects_count, sessions_count, steps;
};

/* How a call, or a callback, is recorded. */
enum form {
	FORM_ONE,  /* a record with one number */
	FORM_TWO,  /* two records */
	FORM_SPAN, /* a record with two numbers */
};

/* A registration that is being made, is there, or is being ended. */
enum stage {
	STAGE_NONE,
	STAGE_CALLED,    /* the call has begun */
	STAGE_EFFECTIVE, /* it is notified, but the call has not returned */
	STAGE_LIVE,
	STAGE_ENDING,  /* the call that ends it has begun */
	STAGE_STOPPED, /* nothing more is put into its queue */
};

struct session {
	uint32_t id, state;
	uint64_t object; /* SessionObject of this incarnation */
	bool local;      /* of this connection */
	bool known;      /* some driver has its object */
};

struct object {
	uint32_t driver, number;
	uint32_t device_session; /* 0: none */
	bool exists;
	uint32_t users; /* registrations that are not gone, and calls */
};

struct registration {
	enum stage stage;
	uint32_t object, mask, handle, context;
	uint64_t begun; /* the number of the call's beginning */
	enum form form; /* of the call that runs */
	bool refused;   /* the call fails */
	const char *status;
};

/* A notification on its way. */
struct item {
	uint32_t registration, session, id, event;
	uint64_t object; /* SessionObject */
	bool local;
	bool called; /* the callback runs */
	uint64_t begun;
	enum form form;
	bool nameless;
	const char *status;
};

struct record {
	uint64_t seq, last, written; /* last: the number of the end, or seq */
	char text[RECORD_SIZE];
};

struct host {
	struct settings settings;
	uint64_t random;
	uint64_t seq, barrier; /* records from that number on are written later */
	struct session sessions[SESSIONS_MAX];
	struct object objects[OBJECTS_MAX];
	struct registration registrations[REGISTRATIONS];
	uint32_t handles;
	struct item items[ITEMS_MAX];
	uint32_t item_count;
	uint32_t calls[DRIVERS_MAX]; /* how many calls each driver is in */
	uint64_t next_object;
	struct record records[RECORDS_MAX];
	uint32_t record_count;
	bool going_down;
};

uint32_t below(struct host *host, uint32_t limit);
bool chance(struct host *host, uint32_t percent);

/* ---- simulated_records.c ---- */

/* The number of what happens now. */
uint64_t number_take(struct host *host);

/* Writes a record of that number; the rest is as by printf. */
__attribute__((format(printf, 3, 4))) void record_write(struct host *host, uint64_t seq,
							const char *format, ...);

/* How the next call, or callback, is recorded. */
enum form form_pick(struct host *host);

/* The same of something that is over, and began with @seq. */
__attribute__((format(printf, 4, 5))) void span_write(struct host *host, enum form form,
						      uint64_t seq, const char *format, ...);

/* Puts the records into the order in which they are written, loses some, and writes them to
 * @buffer. Returns the size. */
size_t trace_write(struct host *host, char *buffer, size_t room);

/* ---- simulated_driver.c ---- */

/* One step of a driver, if it can do one. */
void driver_step(struct host *host);
/* One callback begins or ends. */
void callback_step(struct host *host);
/* Whether the callbacks of a registration have all returned. */
bool is_drained(const struct host *host, uint32_t registration);
/* Goes on until all is unregistered and all callbacks have returned. */
void drivers_finish(struct host *host);
/* All drivers are gone, as the host is. */
void drivers_vanish(struct host *host);

/* The event reaches the registrations that select it. */
void event_dispatch(struct host *host, uint32_t session, uint32_t event);

/* Makes up a host by @settings and lets it run; the trace is in its records. */
void host_run(struct host *host, const struct settings *settings, uint64_t seed);

#endif
