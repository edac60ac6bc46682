/* SPDX-License-Identifier: MIT */
/*
 * The ledger of a run: how often each cell of the model was exercised, each pair of transitions,
 * each rule; and how long sessions stayed. Its size is bounded by the sessions that are alive.
 *
 * What is certain is counted apart from what is possible: a source that hides events leaves open
 * which of several transitions was taken.
 */
#ifndef COVERAGE_LEDGER_H
#define COVERAGE_LEDGER_H

#include "check/open_incarnations.h"
#include "check/run_totals.h"
#include "coverage/durations.h"
#include "model/model.h"

/* A recognizer of the chart has one arc for each of the cells that are not illegal. */
#define LEDGER_ARCS_MAX 32

enum ledger_cell_kind {
	LEDGER_CELL_ILLEGAL,
	LEDGER_CELL_PUBLISHED,
	LEDGER_CELL_UNDOCUMENTED,
	LEDGER_CELL_REUSE, /* Created in Terminated: the id begins a new incarnation */
};

struct ledger_tally {
	uint64_t certain, possible;
};

/* A transition of the model. */
struct ledger_arc {
	uint8_t from, event, to;
	enum ledger_cell_kind kind;
};

/* What has been counted besides, all of it over the whole run. */
enum ledger_count {
	LEDGER_FILES,
	LEDGER_RECORDS,
	LEDGER_EVENTS,
	LEDGER_INCARNATIONS,
	LEDGER_SAMPLES,      /* of a state, or of several */
	LEDGER_LOSSES,       /* times that the state of a session was lost */
	LEDGER_IGNORED,      /* Ignore, which is no transition */
	LEDGER_INVALID,      /* Max, or outside the enumeration */
	LEDGER_CONTRADICTED, /* events and samples whose states the model denies */
	LEDGER_COUNTS,       /* how many there are */
};

struct ledger {
	struct ledger_arc arcs[LEDGER_ARCS_MAX];
	unsigned arc_count;
	enum ledger_cell_kind kinds[MODEL_STATES][MODEL_EVENTS];
	uint8_t arc_at[MODEL_STATES][MODEL_EVENTS]; /* an index; of cells that have an arc */

	struct ledger_tally taken[LEDGER_ARCS_MAX];
	uint32_t shown_by[LEDGER_ARCS_MAX]; /* in accounts: the sources of its witnesses, by bit */
	struct ledger_tally refused[MODEL_STATES][MODEL_EVENTS]; /* illegal where it was seen */
	struct ledger_tally reused;
	uint64_t inferred;                         /* transitions of accounts that no log shows */
	struct ledger_tally entered[MODEL_STATES]; /* by whatever transition */
	struct ledger_tally pairs[LEDGER_ARCS_MAX][LEDGER_ARCS_MAX];
	struct dwell dwells[LEDGER_ARCS_MAX]; /* in the state before the transition */
	uint64_t rules[RULE_COUNT];
	uint64_t counts[LEDGER_COUNTS];
	uint32_t sources; /* that had steps: bit n is source n */

	struct open_incarnations open; /* what each did last */
	int error;                     /* -ENOMEM: some incarnation could not be followed */
};

/* Large: not for the stack. -ENOMEM. */
int ledger_new(struct ledger **ret_ledger);
void ledger_free(struct ledger *ledger);

/* Counts a step, for options.observe. */
void ledger_step(struct ledger *ledger, const struct sessionlint_step *step);

/* Counts what a run has counted itself. */
void ledger_totals(struct ledger *ledger, const struct run_totals *totals);

/* Whether two arcs can follow each other in an incarnation. */
bool ledger_is_pair(const struct ledger *ledger, unsigned first, unsigned second);

/* How long sessions stayed in @state before whatever certain transition. */
void ledger_state_dwell(const struct ledger *ledger, unsigned state, struct dwell *ret_dwell);

/* The line of machine/session.rl that holds the arc. */
unsigned ledger_arc_line(const struct ledger_arc *arc);

/* ---- ledger_items.c: what there is to cover ---- */

enum ledger_group {
	LEDGER_TRANSITIONS,        /* the published ones */
	LEDGER_UNDOCUMENTED,       /* the reconnect that Windows does */
	LEDGER_REUSE,              /* a new incarnation of an id */
	LEDGER_ILLEGAL,            /* cells */
	LEDGER_PAIRS,              /* of published transitions */
	LEDGER_UNDOCUMENTED_PAIRS, /* those that have an undocumented one */
	LEDGER_RULES,
	LEDGER_GROUPS, /* how many there are */
};

/* One thing to cover. */
struct ledger_item {
	uint8_t from, event, to; /* to: 0 of an illegal cell; all 0 of a rule */
	uint8_t then, end;       /* of a pair: its second event, and where that leads; or 0 */
	const char *rule;        /* or NULL */
	struct ledger_tally *tally;
	uint64_t *findings;           /* of a rule, instead of a tally */
	struct ledger_tally *refused; /* of a transition */
	struct dwell *dwell;          /* of a transition */
	uint32_t *shown_by;           /* of a transition */
	unsigned line;                /* of machine/session.rl; or 0 */
};

/* The name of a group, as in "transitions"; NULL for an invalid number. */
const char *ledger_group_name(unsigned group);

/* The @index-th of the group's items, in the order of states and events. Returns false after the
 * last. */
bool ledger_item_at(struct ledger *ledger, enum ledger_group group, unsigned index,
		    struct ledger_item *ret_item);

static inline uint64_t ledger_item_count(const struct ledger_item *item)
{
	return item->findings ? *item->findings : item->tally->certain;
}

#define LEDGER_NAME_SIZE 128

/* "Connected --Logon--> LoggedOn", "Logon in LoggedOn", "session/gap". */
void ledger_item_name(const struct ledger_item *item, char name[LEDGER_NAME_SIZE]);

struct ledger_share {
	unsigned covered, total;
};

/* How many of the group's items have been seen for certain. */
struct ledger_share ledger_share(struct ledger *ledger, enum ledger_group group);

/* The names of what LEDGER_COUNTS count; NULL for an invalid number. */
const char *ledger_count_name(unsigned count);

#endif
