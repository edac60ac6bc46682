/* SPDX-License-Identifier: MIT */
/*
 * Made-up machines: what sessions of several users do over several boots, and the records that
 * five logs of Windows hold of it, with the delays that were measured on real machines. They are
 * written from the published table and the reconnect, and share no code with the checker.
 */
#ifndef CONFORMANCE_MACHINE_H
#define CONFORMANCE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum machine_log {
	MACHINE_LSM,
	MACHINE_SYSTEM,
	MACHINE_PROFILE,
	MACHINE_RDP,
	MACHINE_WINLOGON,
	MACHINE_LOGS,
};

/* As the model numbers them. */
enum machine_event {
	MACHINE_CREATED = 1,
	MACHINE_TERMINATED,
	MACHINE_CONNECTED,
	MACHINE_DISCONNECTED,
	MACHINE_LOGON,
	MACHINE_LOGOFF,
	MACHINE_EVENTS,
};

enum machine_kind {
	MACHINE_EVENT,
	MACHINE_BOOT,
	MACHINE_SHUTDOWN,
};

enum {
	MACHINE_NONE = -1,
	MACHINE_RECORDS_MAX = 8192,
	MACHINE_TRANSITIONS_MAX = 4096,
	MACHINE_WINLOGONS_MAX = 512,
	MACHINE_JUMPS_MAX = 8,
	MACHINE_FILES_MAX = 3, /* of one log */
	MACHINE_BOOTS_MAX = 5,
};

#define MACHINE_SECOND INT64_C(10000000)

struct machine_record {
	int64_t real; /* when it was written, in 100 ns, by a clock that is never set */
	int64_t time; /* as the machine's clock had it, in 100 ns since 1601 */
	uint64_t number;
	int transition; /* of which it is a witness, or NONE */
	unsigned boot;
	uint32_t session, process;
	uint8_t log, kind, event;
	uint8_t file;
	bool lost;
	bool after_gap; /* records with numbers between the one before and this one are lost */
	char user;      /* A, B, ...; 0: none */
};

struct machine_transition {
	int64_t real;
	unsigned boot;
	uint32_t session;
	uint8_t event;
	bool reconnect;
};

/* A winlogon process. */
struct machine_winlogon {
	unsigned boot;
	uint32_t session, process;
};

/* From this time on the clock is ahead by that much. */
struct machine_jump {
	int64_t real, ahead;
};

struct made_machine {
	struct machine_record records[MACHINE_RECORDS_MAX]; /* by log, and then in its order */
	int count;
	struct machine_transition transitions[MACHINE_TRANSITIONS_MAX];
	int transition_count;
	struct machine_winlogon winlogons[MACHINE_WINLOGONS_MAX];
	int winlogon_count;
	struct machine_jump jumps[MACHINE_JUMPS_MAX];
	int jump_count;
	unsigned boots;               /* numbered from 1 */
	unsigned files[MACHINE_LOGS]; /* number of files; 0: the log is absent */
	bool damaged;
	uint8_t foreign; /* bit n: log n is of another computer */
};

/* What can happen to the logs. */
struct machine_damage {
	bool rings;  /* they begin late */
	bool chunks; /* some are lost in the middle */
	bool absent; /* whole logs */
	bool files;  /* several of one log */
	bool steady; /* the clock is never set */
};

/* Makes up a machine. The same @seed makes the same one. */
void machine_make(struct made_machine *machine, uint64_t seed, struct machine_damage damage);

/* Damages the logs of a machine that is whole. The same @seed damages them in the same way. */
void machine_damage_logs(struct made_machine *machine, struct machine_damage damage, uint64_t seed);

/* How many records Windows writes for a record of this one: the 811 and 812 of each subscriber, and
 * the end of what the profile service does. */
unsigned machine_records_of(const struct machine_record *record);

/* Sets clock times and numbers, after records were added or moved. */
void machine_finish(struct made_machine *machine);

/* Sorts the records by log and by when they were written. */
void machine_sort(struct made_machine *machine);

extern const char *const machine_sources[MACHINE_LOGS];
extern const char *const machine_events[MACHINE_EVENTS];

#endif
