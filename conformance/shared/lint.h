/* SPDX-License-Identifier: MIT */
/*
 * Checks a model as a whole. Ragel silently accepts conflicting arcs and unreachable states, so the
 * tabulated model is checked.
 */
#ifndef CONFORMANCE_MODEL_LINT_H
#define CONFORMANCE_MODEL_LINT_H

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

/* @text describes the flaw in a sentence; it and @flaw are valid during the call. */
typedef int model_flaw_report(void *userdata, const struct model_flaw *flaw, const char *text);

/*
 * Calls @report for each flaw of @model, by kind, then by number. Meant for models that show every
 * event: hidden events would be dead events, and states that only differ in hidden events
 * indistinguishable. Returns 0, -ENOMEM, or the first negative result of @report, which ends the
 * lint.
 */
int model_lint(const struct model *model, model_flaw_report *report, void *userdata);

/* A shortest event sequence that one state accepts and another rejects. */
struct model_witness {
	unsigned accepting, rejecting; /* the states */
	unsigned length;
	uint8_t events[MODEL_BELIEFS]; /* Moore: fewer than there are beliefs always suffice */
};

/*
 * Finds a sequence that distinguishes the states @one and @other under @model; of several shortest
 * ones the first by event number. Returns 0, -ENOENT if they accept the same sequences, or -ENOMEM.
 */
int model_distinguish(const struct model *model, unsigned one, unsigned other,
		      struct model_witness *ret_witness);

#endif
