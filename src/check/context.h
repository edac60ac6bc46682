/* SPDX-License-Identifier: MIT */
/* What the checker knows, and what a finding is about. */
#ifndef CHECK_CONTEXT_H
#define CHECK_CONTEXT_H

#include "check/notes.h"
#include "check/run_options.h"
#include "check/run_totals.h"
#include "check/state/hosts.h"
#include "check/state/session_details.h"
#include "check/state/sessions.h"
#include "check/suppressions.h"
#include "model/model.h"
#include "model/registration.h"
#include "order/hosts.h"
#include "order/log_files.h"
#include "trace/record.h"

struct agreement_search;
struct pending;

struct checker {
	struct run_options options;
	struct run_totals totals;
	struct model_ladder ladders[SOURCE_COUNT]; /* made for the first log */
	sessionlint_belief targets[MODEL_EVENTS];  /* where an event can lead to from anywhere */

	/* The one state that an event leads to from a state, or NONE. */
	sessionlint_belief arcs[MODEL_EVENTS][MODEL_STATES];

	/* What drivers know by their masks; made when first needed. */
	struct model_ladder *masked[PROJECTION_MASKS];
	struct registration_model registration;

	struct hosts *names;      /* of the stage before */
	struct host_states hosts; /* by number, as far as they have been met */
	struct sessions sessions;
	struct details details; /* of sessions */
	struct pending_list {
		struct pending *oldest, *newest;
		uint32_t count;
		uint64_t words; /* of their sets */
		uint64_t made;  /* so far */
	} pending;
	struct agreement_search *search; /* NULL until it is first needed */
	uint32_t agreement_entries;      /* that are kept, of all sessions */
	struct suppressions suppressions;
	struct notes notes;
	struct arena arena;           /* of the finding that is being made */
	struct sessionlint_step step; /* for the observer */

	int stopped; /* what options.report returned when it ended the run */

	/* the log that is being checked */
	const char *file;
	struct log_files files; /* of a log that is several files */
	uint64_t jitter;        /* by less than that times run backward without a reason */
	bool windows_log;
	uint8_t pointer_size; /* of all hosts, as a marker for all says; 0: none does */
	bool unknown;         /* hosts that appear now may have run before */
	uint64_t boots;       /* of all hosts: markers that name none */
	uint32_t lost;        /* records of any host, counted as lost_weight() does */
	uint32_t lost_before; /* those before the last of boots */
	uint32_t shutdowns;
	bool shutdown; /* all hosts are going down, and none has started since */
	struct unreadable {
		uint64_t before;    /* totals.unreadable at the beginning of the log */
		uint64_t readable;  /* records of the run that could be read, likewise */
		bool is_flood;      /* the log began with too many: they are counted from now on */
		uint64_t unlisted;  /* those that have been counted */
		struct place first; /* of them */
		uint64_t last_line;
	} unreadable;
};

/* What a finding is about: a record, and the session it belongs to, if any. */
struct subject {
	struct checker *checker;
	const struct record *record;      /* NULL at the end of the log */
	const struct record_place *place; /* of the record; NULL at the end of the log */
	uint32_t hash; /* with which the session of the record is found, if it is of one */
	struct host *host;
	struct session *session;
	sessionlint_belief earlier; /* what that could be before the event before this one */
	struct io_object *object;   /* whose contract it is about, if any */
	struct driver *driver;      /* of a call or an object */
};

static inline uint32_t host_number(const struct checker *checker, const struct host *host)
{
	return (uint32_t)(host - checker->hosts.hosts);
}

#endif
