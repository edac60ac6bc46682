/* SPDX-License-Identifier: MIT */
/* The options of a run: see the setters in sessionlint.h. */
#ifndef CHECK_RUN_OPTIONS_H
#define CHECK_RUN_OPTIONS_H

#include "check/run_inputs.h"
#include "check/run_trail.h"
#include "rules/counts.h"

struct filters;

/* What follows the findings and logs of a run, such as a baseline; NULL: not called. */
struct run_follower {
	/* Called for each finding before it is counted; may set suppression and reason if it is
	 * @suppressible. 0 or a negative errno. */
	int (*finding)(void *userdata, struct sessionlint_finding *finding, bool suppressible);
	/* Called after each log, and for the name of several, with whether all was read in full. 0
	 * or a negative errno. */
	int (*log)(void *userdata, const char *name, bool whole);
	void (*release)(void *userdata); /* when the run ends */
	void *userdata;
};

struct run_options {
	enum sessionlint_start start;
	enum sessionlint_source source; /* of text records without one */
	bool source_is_given;           /* source is certain: findings do not suggest another one */
	unsigned pointer_size;
	uint64_t reorder; /* in 100 ns; 0: off */
	bool reverse;
	bool recover;
	enum sessionlint_severity severities[RULE_COUNT];
	const struct filters *filters; /* on what is shown */

	/* NULL: not called */
	sessionlint_report_callback *report;
	sessionlint_suppress_callback *suppress;
	sessionlint_observe_callback *observe;
	sessionlint_progress_callback *progress;
	sessionlint_annotate_callback *annotate;
	run_input_callback *input;
	bool digest; /* of inputs */
	const struct run_follower *follower;
	const struct run_trail *trail;
	void *annotate_data, *input_data;
	void *report_data, *suppress_data, *observe_data, *progress_data;
};

/* The defaults. */
void run_options_init(struct run_options *options);

/* Gives each rule its default severity, or the one under --strict. */
void run_options_set_strict(struct run_options *options, bool strict);

#endif
