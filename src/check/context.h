/* SPDX-License-Identifier: MIT */
/* The state of the checker, and the subject of a finding. */
#ifndef CHECK_CONTEXT_H
#define CHECK_CONTEXT_H

#include "check/notes.h"
#include "check/run_options.h"
#include "check/run_totals.h"
#include "check/state/hosts.h"
#include "check/state/session_details.h"
#include "check/state/sessions.h"
#include "check/state/trails.h"
#include "check/suppressions.h"
#include "model/model.h"
#include "model/registration.h"
#include "order/hosts.h"
#include "order/log_files.h"
#include "trace/record.h"

struct agreement_search;
struct judged_account;
struct pending;

struct checker {
	struct run_options options;
	struct run_totals totals;
	struct model_ladder ladders[SOURCE_COUNT]; /* built for the first log */
	sessionlint_belief targets[MODEL_EVENTS];  /* where an event can lead, from any state */

	/* The state that an event leads to from each state, or NONE. */
	sessionlint_belief arcs[MODEL_EVENTS][MODEL_STATES];

	/* What drivers can see through their masks; allocated when first needed. */
	struct model_ladder *masked[PROJECTION_MASKS];
	struct registration_model registration;

	struct hosts *names;      /* owned by the stage before */
	struct host_states hosts; /* by number; may lack hosts without records so far */
	struct sessions sessions;
	struct details details; /* of sessions */
	struct trails trails;   /* of sessions, with options.trail */
	struct pending_list {
		struct pending *oldest, *newest;
		uint32_t count;
		uint64_t words; /* size of their sets */
		uint64_t made;  /* number created so far */
	} pending;
	struct agreement_search *search; /* NULL until first needed */
	uint32_t agreement_entries;      /* number of stored entries, of all sessions */
	struct suppressions suppressions;
	struct notes notes;
	struct arena arena;           /* for the finding being reported */
	struct sessionlint_step step; /* for the observer */

	int stopped; /* why options.report ended the run: its result */

	/* the current log */
	const char *file;
	struct log_files files;        /* of a log of several files, or of an account */
	struct judged_account *judged; /* NULL: the log is no account */
	uint64_t jitter;               /* times may run backward by less than this */
	bool windows_log;
	uint8_t pointer_size; /* of all hosts, from a marker for all; 0: unknown */
	bool unknown;         /* new hosts may have run before */
	uint64_t boots;       /* of all hosts, from markers without a host */
	uint32_t lost;        /* lost records of unknown hosts, counted as in lost_weight() */
	uint32_t lost_before; /* before the last of boots */
	uint32_t shutdowns;
	bool shutdown; /* all hosts are shutting down, and none has booted since */
	struct unreadable {
		uint64_t before;    /* totals.unreadable at the start of the log */
		uint64_t readable;  /* the same, of readable records */
		bool is_flood;      /* the log started with too many: only count further ones */
		uint64_t unlisted;  /* counted, not reported */
		struct place first; /* of these */
		uint64_t last_line;
	} unreadable;
};

/* What a finding is about: a record, and its session, if any. */
struct subject {
	struct checker *checker;
	const struct record *record;      /* NULL at the end of the log */
	const struct record_place *place; /* place of the record; NULL at the end of the log */
	uint32_t hash;                    /* of the record's session, if it has one */
	struct host *host;
	struct session *session;
	sessionlint_belief earlier; /* its possible states before the previous event */
	struct io_object *object;   /* whose contract it is about, if any */
	struct driver *driver;      /* of a call or an object */
};

static inline uint32_t host_number(const struct checker *checker, const struct host *host)
{
	return (uint32_t)(host - checker->hosts.hosts);
}

/* Sets subject->hash again after subject->record was replaced. */
static inline void subject_rehash(struct subject *subject)
{
	subject->hash = session_hash(&subject->checker->sessions, subject->place->host,
				     subject->record->session, subject->record->source);
}

#endif
