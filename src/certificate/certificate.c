/* SPDX-License-Identifier: MIT */
#include "certificate/certificate.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "certificate/log_order.h"
#include "certificate/witness_run.h"
#include "certificate/witness_several.h"
#include "check/run_totals.h"
#include "check/run_trail.h"
#include "check/state/trails.h"

#define FORMAT_VERSION 1U

struct certificate {
	struct witness_text text;
	struct witness_steps steps;
	struct witness_machine *machines; /* by source */
	struct witness_masked masked;
	struct witness_several several;
	struct log_order order;
	struct run_trail trail;
	const struct sessionlint *run;
	uint64_t forgotten; /* by the run, before the log */
	bool failed;        /* memory ran out */
};

static const char *const verdicts[] = {
	[INCARNATION_CONFORMING] = "conforming",
	[INCARNATION_VIOLATING] = "violating",
	[INCARNATION_UNDETERMINED] = "undetermined",
};

/* ---- incarnations ---- */

static const struct witness_machine *machine_of(struct certificate *certificate,
						enum sessionlint_source source)
{
	struct witness_machine *machine = &certificate->machines[source];

	if (!machine->made)
		witness_machine_make(machine, source, certificate->masked.tolerances);
	return machine;
}

/* Follows what is known of the states of a session to the end of the incarnation. */
static void carry(const struct witness_steps *steps, const struct witness_machine *machine,
		  const struct witness_machine *shown, struct incarnation_carried *carried)
{
	for (size_t step = 0; step < steps->count; step++) {
		const struct witness_step *taken = &steps->list[step];

		carried->all = witness_step_take(taken, &machine->all.model, &machine->all.model,
						 carried->all);
		carried->published = witness_step_take(taken, &machine->published,
						       &machine->published, carried->published);
		carried->all = witness_step_or_breach(taken, &shown->life.model, carried->all);
		/* what only a tolerance explains is so; it is not granted for the next record */
		if (!carried->published)
			carried->published = carried->all;
	}
}

/* Forgets what follows for the next incarnation, but not where it can begin. */
static void forget(struct incarnation_carried *carried)
{
	carried->all = SESSIONLINT_BELIEF_ANY;
	carried->vague = true;
}

/* Whether nothing but the end of the previous incarnation explains the first record. */
static bool is_begun(const struct witness_steps *steps, const struct witness_machine *machine,
		     const struct incarnation_carried *carried)
{
	const struct witness_step *first = steps->list;

	if (steps->start != STEPS_RENEWED || steps->count == 0)
		return true;
	if (carried->vague && first->event == SESSIONLINT_EVENT_CREATED)
		return true;
	return !witness_step_take(first, &machine->published, &machine->published,
				  carried->published);
}

static void put_key(struct witness_text *text, const struct ended_incarnation *ended,
		    size_t records)
{
	put(text, "{");
	if (ended->host.size > 0) {
		put(text, "\"host\":");
		put_string(text, ended->host);
		put_char(text, ',');
	}
	if (ended->driver.size > 0) {
		put(text, "\"driver\":");
		put_string(text, ended->driver);
		put_char(text, ',');
	}
	if (ended->source != SESSIONLINT_SOURCE_WDM) {
		put(text, "\"source\":\"");
		put(text, sessionlint_source_name(ended->source));
		put(text, "\",");
	}
	put(text, "\"session\":");
	put_number(text, ended->session);
	put(text, ",\"records\":");
	put_number(text, records);
	put(text, ",\"verdict\":\"");
	put(text, verdicts[ended->verdict]);
	put(text, "\"");
}

/* Why no witness is given: false. */
static bool put_nothing(struct witness_text *text, const char *why)
{
	put(text, ",\"uncertified\":\"");
	put(text, why);
	put(text, "\"");
	return false;
}

/* @start: the states, by set, in which the run can begin; best in Initialized. */
static bool put_run(struct certificate *certificate, const struct witness_machine *machine,
		    sessionlint_belief start, bool over)
{
	const sessionlint_belief initialized = belief_of(SESSIONLINT_STATE_INITIALIZED),
				 end = witness_machine_ends(machine, over);
	const struct witness_ways ways = { &machine->life, &machine->all };
	struct witness_steps *steps = &certificate->steps;
	struct witness_text *text = &certificate->text;

	if (!witness_run_find(steps, &ways, initialized, end) &&
	    (start == initialized || !witness_run_find(steps, &ways, start, end)))
		return put_nothing(text, "no run");
	put(text, ",\"run\":");
	witness_run_put(steps, &ways, over, text);
	return true;
}

/* What is lost can have been the end of an incarnation, which may only be noticed later. */
static bool put_runs(struct certificate *certificate, const struct witness_machine *machine,
		     sessionlint_belief start, bool over)
{
	const struct witness_ways ways = { &machine->all, &machine->all };
	struct witness_text *text = &certificate->text;
	sessionlint_belief end = witness_machine_ends(machine, over);

	if (!witness_run_find(&certificate->steps, &ways, start, end))
		return put_nothing(text, "no run");
	put(text, ",\"runs\":[");
	witness_run_put(&certificate->steps, &ways, over, text);
	if (witness_run_find_other(&certificate->steps, &ways, end)) {
		put_char(text, ',');
		witness_run_put(&certificate->steps, &ways, over, text);
	}
	put_char(text, ']');
	return true;
}

/* The rule that makes the incarnation violating, if that is neither about states nor users. */
static const char *rule_name(const struct witness_steps *steps)
{
	return steps->rule < RULE_COUNT ? sessionlint_rule_info(steps->rule)->name : "no rule";
}

/* A record names another user than the one who is logged on; the run shows that nothing is wrong
 * with the states. */
static bool put_stranger(struct certificate *certificate, const struct witness_machine *machine,
			 sessionlint_belief start, bool over)
{
	const struct witness_ways ways = { &machine->all, &machine->all };
	struct witness_text *text = &certificate->text;

	if (!witness_run_find(&certificate->steps, &ways, start,
			      witness_machine_ends(machine, over)))
		return put_nothing(text, "no run");
	put(text, ",\"stranger\":");
	put_number(text, certificate->steps.stranger);
	put(text, ",\"run\":");
	witness_run_put(&certificate->steps, &ways, over, text);
	return true;
}

/* Whether no run explains the incarnation; then writes what shows that. */
static bool put_chain(struct certificate *certificate, const struct witness_machine *machine,
		      sessionlint_belief start)
{
	const struct witness_steps *steps = &certificate->steps;
	struct witness_text *text = &certificate->text;
	struct witness_chain chain;

	if (!witness_chain_find(steps, machine, start, &chain))
		return false;
	witness_chain_put(steps, machine, &chain, text);
	return true;
}

static bool put_several(struct certificate *certificate, const struct ended_incarnation *ended,
			sessionlint_belief start)
{
	const struct witness_steps *steps = &certificate->steps;

	if (witness_several_put(&certificate->several, steps, ended, start, &certificate->text))
		return true;
	return put_nothing(&certificate->text, ended->verdict == INCARNATION_VIOLATING
						       ? rule_name(steps)
						       : "notifications");
}

/* Writes the witness. Whether there is one. */
static bool put_witness(struct certificate *certificate, const struct ended_incarnation *ended,
			const struct witness_machine *machine, const struct witness_machine *shower,
			sessionlint_belief start)
{
	const struct witness_steps *steps = &certificate->steps;
	const sessionlint_belief initialized = belief_of(SESSIONLINT_STATE_INITIALIZED);

	if (steps->uncovered || (steps->unclear && ended->verdict == INCARNATION_CONFORMING))
		return put_nothing(&certificate->text, "notifications");
	/* what cannot be read is all that is known of it */
	if (steps->records == 0 && steps->start == STEPS_RENEWED)
		return put_nothing(&certificate->text, "no record");
	/* its first record alone shows where it begins */
	if (!is_begun(steps, shower, ended->carried))
		return put_nothing(&certificate->text, "beginning");
	if (steps->notified && steps->several)
		return put_several(certificate, ended, start);
	switch (ended->verdict) {
	case INCARNATION_CONFORMING:
		return put_run(certificate, machine,
			       steps->start == STEPS_RENEWED ? start : initialized,
			       ended->terminated);
	case INCARNATION_UNDETERMINED:
		return put_runs(certificate, machine, start, ended->terminated);
	case INCARNATION_VIOLATING:
		break;
	}
	if (put_chain(certificate, machine, ended->carried->all))
		return true;
	/* its states can be explained, but not who is logged on */
	return steps->stranger > 0 ? put_stranger(certificate, machine, start, ended->terminated)
				   : put_nothing(&certificate->text, rule_name(steps));
}

/* The states in which the incarnation can begin, by one of the models. */
static sessionlint_belief start_of(const struct witness_steps *steps, const struct model *model)
{
	const sessionlint_belief initialized = belief_of(SESSIONLINT_STATE_INITIALIZED);

	if (steps->start == STEPS_BEGIN_ANY)
		return SESSIONLINT_BELIEF_ANY;
	return steps->lost ? model_lose(model, initialized, steps->lost) : initialized;
}

/*
 * Nearly all incarnations of most traces: nothing is hidden, lost or said of states. Returns how
 * many records there are, or 0 if it is no such incarnation; *ret_state is the last state, as a
 * set.
 */
static uint32_t is_plain(const struct ended_incarnation *ended,
			 const struct witness_machine *machine, sessionlint_belief *ret_state)
{
	sessionlint_belief state = belief_of(SESSIONLINT_STATE_INITIALIZED);

	if (!machine->shows_all || ended->verdict != INCARNATION_CONFORMING ||
	    (ended->trail[0] != TRAIL_BEGIN && ended->trail[0] != TRAIL_RENEWED) ||
	    (ended->trail[0] == TRAIL_RENEWED &&
	     (ended->carried->vague ||
	      ended->carried->published != belief_of(SESSIONLINT_STATE_TERMINATED))))
		return 0;
	for (uint32_t i = 1; i < ended->size && state; i++)
		state = ended->trail[i] < SESSIONLINT_EVENT_MAX
				? machine->published.reached[ended->trail[i]][state]
				: SESSIONLINT_BELIEF_NONE;
	if (!state || (ended->terminated && state != belief_of(SESSIONLINT_STATE_TERMINATED)))
		return 0;
	*ret_state = state;
	return ended->size - 1;
}

static void put_plain(struct certificate *certificate, const struct ended_incarnation *ended,
		      uint32_t records, sessionlint_belief state)
{
	struct witness_text *text = &certificate->text;

	put_key(text, ended, records);
	put(text, ",\"run\":\"I");
	put_number(text, records);
	put(text, "\"}\n");
	log_order_count(&certificate->order, ended->verdict, true);
	*ended->carried = (struct incarnation_carried) { .all = state, .published = state };
}

static void on_incarnation(void *userdata, const struct ended_incarnation *ended)
{
	struct certificate *certificate = userdata;
	const struct witness_machine *machine = machine_of(certificate, ended->source), *shower;
	struct witness_steps *steps = &certificate->steps;
	struct incarnation_carried *carried = ended->carried;
	sessionlint_belief start;
	bool certified;
	uint32_t plain = is_plain(ended, machine, &start);

	certificate->order.inherited |= ended->inherited;
	log_numbers_end(&certificate->order.numbers, ended->number, ended->driver);
	if (plain > 0) {
		put_plain(certificate, ended, plain, start);
		return;
	}
	if (witness_steps_read(steps, ended) < 0) {
		certificate->failed = true;
		return;
	}
	steps->uncovered |= carried->uncovered;
	steps->several |= carried->several;
	shower = machine;
	if (steps->notified) {
		machine = witness_masked_at(&certificate->masked, steps->mask);
		shower = witness_masked_at(&certificate->masked, steps->first_mask);
	}
	if (!machine || !shower) {
		certificate->failed = true;
		return;
	}
	start = start_of(steps, &machine->all.model);
	if (steps->start != STEPS_RENEWED)
		carried->all = start;
	else if (!carried->vague || ended->verdict == INCARNATION_UNDETERMINED)
		/* what is noticed late may have begun before, if all before is explained */
		start = machine->all.model.closure[carried->all];
	put_key(&certificate->text, ended, steps->records);
	certified = put_witness(certificate, ended, machine, shower, start);
	put(&certificate->text, "}\n");
	log_order_count(&certificate->order, ended->verdict, certified);
	/* without a witness, it is not certain where the incarnation began */
	carried->published = certified ? start_of(steps, &machine->published) : carried->all;
	carry(steps, machine, machine_of(certificate, SESSIONLINT_SOURCE_WDM), carried);
	carried->vague = !certified || ended->verdict != INCARNATION_CONFORMING;
	carried->uncovered = steps->uncovered || steps->unclear;
	carried->several = steps->several;
	if (steps->uncovered || steps->several)
		carried->published = SESSIONLINT_BELIEF_ANY;
	if (steps->uncovered || ended->verdict == INCARNATION_VIOLATING || steps->several)
		forget(carried);
	if (steps->several && ended->next.serial)
		carried->published = witness_several_states(&certificate->several, steps, ended);
	certificate->failed |= certificate->several.failed;
}

/* ---- logs ---- */

static void on_batch(void *userdata, const struct batch *batch)
{
	struct certificate *certificate = userdata;

	if (log_order_follow(&certificate->order, batch) < 0)
		certificate->failed = true;
}

static void on_log(void *userdata, const struct hosts *hosts, enum run_numbering numbering,
		   bool whole, bool failed)
{
	struct certificate *certificate = userdata;
	uint64_t forgotten = run_totals(certificate->run)->forgotten;

	certificate->failed |= failed;
	if (log_order_end(&certificate->order, hosts, numbering, whole,
			  forgotten > certificate->forgotten) < 0)
		certificate->failed = true;
	certificate->forgotten = forgotten;
}

void certificate_input(struct certificate *certificate, const struct run_input *input)
{
	if (log_order_input(&certificate->order, input) < 0)
		certificate->failed = true;
}

void certificate_log(struct certificate *certificate)
{
	log_order_put(&certificate->order, &certificate->text);
}

/* ---- the whole ---- */

static const char *start_name(enum sessionlint_start start)
{
	switch (start) {
	case SESSIONLINT_START_INITIALIZED:
		return "initialized";
	case SESSIONLINT_START_UNKNOWN:
		return "unknown";
	case SESSIONLINT_START_AUTO:
		break;
	}
	return "auto";
}

static void put_member(struct witness_text *text, const char *key, const char *value)
{
	put(text, ",\"");
	put(text, key);
	put(text, "\":\"");
	put(text, value);
	put(text, "\"");
}

/* Whether what a rule reports is an error. */
static bool is_error(const struct sessionlint *run, enum sessionlint_rule rule)
{
	return sessionlint_rule_severity(run, rule) == SESSIONLINT_SEVERITY_ERROR;
}

static void put_head(struct certificate *certificate, const struct certificate_premises *premises)
{
	const struct witness_tolerances *tolerances = &certificate->masked.tolerances;
	struct witness_text *text = &certificate->text;

	put(text, "{\"certificate\":");
	put_number(text, FORMAT_VERSION);
	put_member(text, "sessionlint", SESSIONLINT_VERSION);
	put_member(text, "start", start_name(premises->start));
	put_member(text, "source", sessionlint_source_name(premises->source));
	put(text, ",\"reconnect\":");
	put(text, tolerances->reconnect ? "true" : "false");
	put(text, ",\"hidden_end\":");
	put(text, tolerances->hidden_end ? "true" : "false");
	put(text, ",\"wrong_user\":");
	put(text, is_error(certificate->run, SESSIONLINT_RULE_WRONG_USER) ? "true" : "false");
	if (premises->reorder > 0) {
		put(text, ",\"reorder\":");
		put_number(text, premises->reorder);
	}
	put(text, "}\n");
}

int certificate_new(FILE *file, struct sessionlint *run,
		    const struct certificate_premises *premises,
		    struct certificate **ret_certificate)
{
	struct certificate *certificate = calloc(1, sizeof *certificate);

	if (!certificate)
		return -ENOMEM;
	certificate->machines = calloc(SOURCE_COUNT, sizeof *certificate->machines);
	if (!certificate->machines) {
		free(certificate);
		return -ENOMEM;
	}
	certificate->text.file = file;
	certificate->run = run;
	certificate->several.masked = &certificate->masked;
	certificate->order.reading = premises->reading;
	certificate->order.by_time = premises->reorder > 0;
	certificate->masked.tolerances = (struct witness_tolerances) {
		.reconnect = !is_error(run, SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION),
		.hidden_end = !is_error(run, SESSIONLINT_RULE_IMPLIED_TERMINATION),
	};
	certificate->trail = (struct run_trail) { on_batch, on_incarnation, on_log, certificate };
	run_set_trail(run, &certificate->trail);
	put_head(certificate, premises);
	*ret_certificate = certificate;
	return 0;
}

void certificate_free(struct certificate *certificate)
{
	if (!certificate)
		return;
	witness_steps_free(&certificate->steps);
	witness_several_free(&certificate->several);
	witness_masked_free(&certificate->masked);
	log_order_free(&certificate->order);
	free(certificate->machines);
	free(certificate);
}

int certificate_end(struct certificate *certificate)
{
	struct witness_text *text = &certificate->text;

	certificate_log(certificate);
	put(text, "{\"end\":true,");
	log_order_put_counts(&certificate->order.all, text);
	put(text, "}\n");
	witness_text_flush(text);
	return certificate->failed ? -ENOMEM : 0;
}
