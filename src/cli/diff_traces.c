/* SPDX-License-Identifier: MIT */
/*
 * Each log is checked once. The result for a model without a mask follows from how far the checker
 * had to go beyond the published table to explain a session: up to the first event that a model
 * rejects, the checker's belief is that of the model. What a driver with a mask would have been
 * notified of is followed here.
 */
#include "cli/diff_traces.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "check/subject.h"
#include "model/projection.h"

/* ---- one step ---- */

/* Whether @side can judge a session: its source and everything that it did must be known.
 */
static bool is_comparable(const struct changes *changes, const struct side *side,
			  const struct sessionlint_step *step)
{
	if (side->masked)
		return step->source == SESSIONLINT_SOURCE_WDM &&
		       changes->notifications == changes->notifications_before;
	if (side->any_source && side->tolerance != MODEL_OBSERVED)
		return true;
	return step->source == side->source;
}

static bool refuses_new_incarnation(const struct side *side)
{
	return side->tolerance == MODEL_PUBLISHED || side->tolerance == MODEL_OBSERVED;
}

/* Judges by what the checker needed to explain the step. */
static bool refuses(const struct side *side, const struct sessionlint_step *step)
{
	switch (step->verdict) {
	case SESSIONLINT_VERDICT_LEGAL:
		break;
	case SESSIONLINT_VERDICT_UNDOCUMENTED:
		if (side->tolerance == MODEL_PUBLISHED || side->tolerance == MODEL_REUSED)
			return true;
		break;
	case SESSIONLINT_VERDICT_IMPLIED:
		return side->tolerance != MODEL_IMPLIED;
	case SESSIONLINT_VERDICT_CONTRADICTED:
	case SESSIONLINT_VERDICT_ILLEGAL:
		return true;
	}
	return step->renewed && refuses_new_incarnation(side);
}

/* Judges by what a driver with the mask would have been notified of. */
static bool refuses_notification(const struct side *side, struct outcome *outcome,
				 const struct sessionlint_step *step)
{
	if (step->kind != SESSIONLINT_STEP_EVENT || !mask_selects(side->mask, step->event))
		return false;
	outcome->belief = model_show(&side->model, outcome->belief, step->event);
	return outcome->belief == SESSIONLINT_BELIEF_NONE;
}

static void outcome_follow(const struct side *side, struct outcome *outcome,
			   const struct sessionlint_step *step)
{
	sessionlint_belief before = outcome->belief;

	if (step->kind == SESSIONLINT_STEP_LOST ||
	    (step->kind == SESSIONLINT_STEP_EVENT && step->event >= SESSIONLINT_EVENT_MAX))
		outcome->belief = SESSIONLINT_BELIEF_ANY;
	if (outcome->refused || step->kind == SESSIONLINT_STEP_LOST ||
	    !(side->masked ? refuses_notification(side, outcome, step) : refuses(side, step)))
		return;
	*outcome = (struct outcome) {
		.refused = true,
		.line = step->line,
		.event = step->event,
		.before = side->masked ? before : step->before,
		.verdict = step->verdict,
	};
}

/* ---- one incarnation ---- */

static struct incarnation *incarnation_begin(struct changes *changes,
					     const struct sessionlint_step *step)
{
	struct incarnation *incarnation = open_incarnation_add(&changes->incarnations, step);
	bool goes_on;

	if (!incarnation)
		return NULL;
	goes_on = step->renewed && open_incarnation_alike(incarnation, &changes->ended);
	for (unsigned i = 0; i < 2; i++) {
		const struct model *model = &changes->sides[i]->model;

		if (goes_on && !changes->ended.outcomes[i].refused)
			incarnation->outcomes[i].belief = changes->ended.outcomes[i].belief;
		else if (step->midway)
			incarnation->outcomes[i].belief = SESSIONLINT_BELIEF_ANY;
		else
			incarnation->outcomes[i].belief =
				model->closure[belief_of(SESSIONLINT_STATE_INITIALIZED)];
	}
	return incarnation;
}

/* The rule that check would report. For a driver with a mask that would take another trace. */
static void write_rule(const struct side *side, const struct outcome *outcome)
{
	enum sessionlint_rule rule = SESSIONLINT_RULE_ILLEGAL_TRANSITION;

	if (side->masked)
		return;
	switch (outcome->verdict) {
	case SESSIONLINT_VERDICT_LEGAL:
		return;
	case SESSIONLINT_VERDICT_UNDOCUMENTED:
		rule = SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION;
		break;
	case SESSIONLINT_VERDICT_IMPLIED:
		rule = SESSIONLINT_RULE_IMPLIED_TERMINATION;
		break;
	case SESSIONLINT_VERDICT_CONTRADICTED:
		rule = SESSIONLINT_RULE_WRONG_STATE;
		break;
	case SESSIONLINT_VERDICT_ILLEGAL:
		if (outcome->event >= SESSIONLINT_EVENT_MAX &&
		    outcome->event != SESSIONLINT_NO_EVENT)
			rule = SESSIONLINT_RULE_INVALID_EVENT;
		break;
	}
	printf(" [%s]", sessionlint_rule_info(rule)->name);
}

/* Prints an incarnation that one model accepts and the other rejects. */
static void write_change(const struct changes *changes, const struct incarnation *incarnation,
			 const struct sessionlint_step *step)
{
	unsigned i = incarnation->outcomes[0].refused ? 0 : 1;
	const struct outcome *outcome = &incarnation->outcomes[i];
	const char *event = sessionlint_event_name(outcome->event);
	char before[BELIEF_TEXT];

	belief_print(outcome->before, "no state", before);
	/* a name may look like a command of a build system */
	fputs("changed: ", stdout);
	escape_plain(stdout, text_from(step->file));
	printf(":%" PRIu64 ": %s %" PRIu32, outcome->line, session_word(step->source),
	       step->session);
	if (step->incarnation > 1)
		printf(" (incarnation %" PRIu32 ")", step->incarnation);
	if (step->host.size) {
		fputs(" on ", stdout);
		escape_plain(stdout, step->host);
	}
	printf(": %s rejects %s", changes->sides[i]->text,
	       outcome->event == SESSIONLINT_NO_EVENT ? "a sample"
	       : event                                ? event
						      : "an invalid event");
	if (!changes->sides[i]->masked && outcome->verdict == SESSIONLINT_VERDICT_LEGAL)
		printf(", a new incarnation of the id");
	else
		printf(" in %s", before);
	printf("; %s accepts all of it", changes->sides[!i]->text);
	write_rule(changes->sides[i], outcome);
	putchar('\n');
}

static void incarnation_end(struct changes *changes, struct incarnation *incarnation,
			    const struct sessionlint_step *step)
{
	if (!is_comparable(changes, changes->sides[0], step) ||
	    !is_comparable(changes, changes->sides[1], step)) {
		changes->skipped++;
	} else {
		changes->compared++;
		if (incarnation->outcomes[0].refused != incarnation->outcomes[1].refused) {
			changes->changed++;
			changes->logs_changed += !changes->changed_here;
			changes->changed_here = true;
			write_change(changes, incarnation, step);
		}
	}
	changes->ended = *incarnation;
	open_incarnation_take(&changes->incarnations, incarnation);
	free(incarnation);
}

/* ---- the run ---- */

static int log_begin(struct changes *changes, const char *file)
{
	free(changes->file);
	changes->file = strdup(file);
	changes->changed_here = false;
	changes->notifications_before = changes->notifications;
	return changes->file ? 0 : -ENOMEM;
}

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	struct changes *changes = userdata;
	struct incarnation *incarnation;

	if ((!changes->file || strcmp(changes->file, step->file) != 0) &&
	    log_begin(changes, step->file) < 0)
		changes->short_of_memory = true;
	changes->notifications = run_totals(changes->logs->run)->notifications;
	if (changes->short_of_memory)
		return;
	incarnation = open_incarnation_find(&changes->incarnations, step);
	if (!incarnation)
		incarnation = incarnation_begin(changes, step);
	if (!incarnation) {
		changes->short_of_memory = true;
		return;
	}
	if (step->kind == SESSIONLINT_STEP_END) {
		incarnation_end(changes, incarnation, step);
		return;
	}
	for (unsigned i = 0; i < 2; i++)
		outcome_follow(changes->sides[i], &incarnation->outcomes[i], step);
}

static void write_end(const struct changes *changes, const struct run_totals *totals)
{
	printf("%" PRIu64 " of %" PRIu64 " sessions differ, in %" PRIu64 " of %" PRIu64 " log%s\n",
	       changes->changed, changes->compared, changes->logs_changed, totals->files,
	       totals->files == 1 ? "" : "s");
	if (changes->skipped)
		printf("%" PRIu64 " more cannot be compared: from another source, or known only "
		       "from notifications\n",
		       changes->skipped);
}

int changes_find(struct changes *changes, char *const *files, int count)
{
	struct run_totals totals;
	int r;

	open_incarnations_init(&changes->incarnations, sizeof(struct incarnation));
	r = logs_observe(changes->logs, files, count, on_step, changes, &totals);
	open_incarnations_free(&changes->incarnations, NULL);
	free(changes->file);
	if (r == 0 && changes->short_of_memory)
		r = -ENOMEM;
	if (r == 0)
		write_end(changes, &totals);
	return r;
}
