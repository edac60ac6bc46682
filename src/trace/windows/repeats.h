/* SPDX-License-Identifier: MIT */
/* Transitions that Windows records more than once: Winlogon once for each of its subscribers, the
 * User Profile Service when it is notified and when it has done its work. */
#ifndef TRACE_WINDOWS_REPEATS_H
#define TRACE_WINDOWS_REPEATS_H

#include "trace/record.h"

/* One of the processes of Winlogon, or a session. */
struct windows_repeat {
	uint64_t key;  /* computer, source, and process or session; 0: unused */
	uint64_t used; /* when: a count */
	uint64_t time; /* of its last record */
	uint64_t line;
	uint64_t subscribers; /* notified of the event so far: a bit for each, by hash */
	uint32_t event;
	bool logon, logoff; /* of a session: its completion has not come yet */
};

/* How many are remembered: what repeats a transition follows within a few seconds. */
#define WINDOWS_REPEATS 64

struct windows_repeats {
	struct windows_repeat recent[WINDOWS_REPEATS];
	uint64_t count;
};

/* Whether @record, an event, shows a transition that the records before showed. @computer is a
 * number, @subscriber likewise, or 0. */
bool windows_repeats(struct windows_repeats *repeats, const struct record *record,
		     uint64_t computer, uint64_t subscriber);

#endif
