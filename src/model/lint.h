/* SPDX-License-Identifier: MIT */
/*
 * What can be wrong with a model as a whole. Ragel takes conflicting arcs and states that nothing
 * leads to without a word, so it is the tabulated model that is asked.
 */
#ifndef MODEL_LINT_H
#define MODEL_LINT_H

#include "model/model.h"

enum model_flaw_kind {
	MODEL_FLAW_UNREACHABLE,       /* no events lead from Initialized to the state */
	MODEL_FLAW_ENDLESS,           /* no events lead from the state to Terminated */
	MODEL_FLAW_TRAP,              /* nothing leaves the state, and it is not Terminated */
	MODEL_FLAW_NONDETERMINISTIC,  /* the event leads from the state to several states */
	MODEL_FLAW_DEAD_EVENT,        /* no state that a session can reach allows the event */
	MODEL_FLAW_INDISTINGUISHABLE, /* no events tell the state from the other */
};
#define MODEL_FLAW_KINDS 6

/* 0 where the kind has no such part. */
struct model_flaw {
	enum model_flaw_kind kind;
	unsigned state;
	unsigned other;
	unsigned event;
	sessionlint_belief successors; /* NONDETERMINISTIC: where the event leads */
};

/* @text says the flaw in a sentence; it and @flaw last as long as the call. */
typedef int model_flaw_report(void *userdata, const struct model_flaw *flaw, const char *text);

/*
 * Calls @report for each flaw of @model, by kind, then by number. A model is meant that shows
 * every event: what a source hides is a dead event to it, and states that only hidden events tell
 * apart are indistinguishable. Returns 0, -ENOMEM, or the first negative result of @report, which
 * ends the lint.
 */
int model_lint(const struct model *model, model_flaw_report *report, void *userdata);

/* A shortest event sequence that one state accepts and another rejects. */
struct model_witness {
	unsigned accepting, rejecting; /* the states */
	unsigned length;
	uint8_t events[MODEL_BELIEFS]; /* Moore: fewer than there are beliefs always suffice */
};

/*
 * Finds what tells the states @one and @other apart under @model; of several shortest sequences
 * the first by event number. Returns 0, -ENOENT if they accept the same sequences, or -ENOMEM.
 */
int model_distinguish(const struct model *model, unsigned one, unsigned other,
		      struct model_witness *ret_witness);

#endif
