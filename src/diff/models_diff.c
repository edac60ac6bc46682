/* SPDX-License-Identifier: MIT */
#include "diff/models_diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/projection.h"
#include "trace/contract.h"

int difference_find(const struct side *one, const struct side *other,
		    struct difference *ret_difference)
{
	int r;

	*ret_difference = (struct difference) { .sides = { one, other } };
	r = difference_witness(&one->model, &other->model, &ret_difference->witnesses[0]);
	if (r >= 0)
		r = difference_witness(&other->model, &one->model, &ret_difference->witnesses[1]);
	return r < 0 ? r : 0;
}

/* ---- what check reports on a witness ---- */

static const char *const verdicts[] = {
	[SESSIONLINT_TOLERANCE_PUBLISHED] = "no finding",
	[SESSIONLINT_TOLERANCE_REUSED] = "a new incarnation of the id, which is not a finding",
	[SESSIONLINT_TOLERANCE_KNOWN] = "session/undocumented-transition",
	[SESSIONLINT_TOLERANCE_IMPLIED] = "session/implied-termination",
};

static bool accepts(const struct model *model, const struct witness *witness)
{
	sessionlint_belief belief = model->closure[belief_of(SESSIONLINT_STATE_INITIALIZED)];

	for (unsigned i = 0; i < witness->length; i++)
		belief = model_show(model, belief, witness->events[i]);
	return belief != SESSIONLINT_BELIEF_NONE;
}

/* The most severe finding of check if @side has recorded @witness. */
static int verdict_of(const struct side *side, const struct witness *witness,
		      const char **ret_verdict)
{
	struct model_ladder *ladder = malloc(sizeof *ladder);
	unsigned tolerance = 0;

	if (!ladder)
		return -ENOMEM;
	model_ladder_tabulate(side->source, false, ladder);
	if (side->masked)
		model_ladder_project(ladder, side->mask, ladder);
	while (tolerance < TOLERANCE_COUNT && !accepts(&ladder->rungs[tolerance], witness))
		tolerance++;
	*ret_verdict = tolerance < TOLERANCE_COUNT ? verdicts[tolerance]
						   : "session/illegal-transition";
	/* a driver must not be notified of events that it has not registered for */
	for (unsigned i = 0; i < witness->length && side->masked; i++)
		if (!mask_selects(side->mask, witness->events[i]))
			*ret_verdict = "notification/masked";
	free(ladder);
	return 0;
}

/* ---- for people ---- */

void belief_print(sessionlint_belief belief, const char *none, char text[BELIEF_TEXT])
{
	bool inverted = __builtin_popcount(belief) > MODEL_STATES / 2;
	sessionlint_belief named = inverted ? (sessionlint_belief)~belief : belief;
	const char *before = inverted ? "all except " : "", *between = inverted ? ", " : " or ";
	size_t size = 0;

	snprintf(text, BELIEF_TEXT, "%s", belief ? "any state" : none);
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		if (!(named & belief_of(state)))
			continue;
		size += (size_t)snprintf(text + size, BELIEF_TEXT - size, "%s%s", before,
					 sessionlint_state_name(state));
		before = between;
	}
}

static void events_print(FILE *file, sessionlint_event_set events)
{
	const char *before = "";

	for (unsigned event = 1; event < MODEL_EVENTS; event++) {
		if (!(events & 1U << event))
			continue;
		fprintf(file, "%s%s", before, sessionlint_event_name(event));
		before = ", ";
	}
}

static void write_relation(FILE *file, const struct difference *difference)
{
	const char *one = difference->sides[0]->text, *other = difference->sides[1]->text;
	bool more = difference->witnesses[0].length, less = difference->witnesses[1].length;

	if (!more && !less)
		fprintf(file, "%s and %s accept the same traces\n", one, other);
	else if (more && less)
		fprintf(file, "neither of %s and %s accepts all that the other accepts\n", one,
			other);
	else
		fprintf(file, "%s accepts all that %s accepts, and more\n", more ? one : other,
			more ? other : one);
}

static void write_alphabets(FILE *file, const struct difference *difference)
{
	sessionlint_event_set shown[2];

	for (unsigned i = 0; i < 2; i++)
		shown[i] = difference_alphabet(&difference->sides[i]->model);
	for (unsigned i = 0; i < 2; i++) {
		sessionlint_event_set alone = shown[i] & (sessionlint_event_set)~shown[!i];

		if (!alone)
			continue;
		fprintf(file, "only %s shows ", difference->sides[i]->text);
		events_print(file, alone);
		putc('\n', file);
	}
}

static void write_way(FILE *file, const struct difference *difference, unsigned i)
{
	const struct witness *witness = &difference->witnesses[i];
	const sessionlint_belief *of[2] = { witness->accepting, witness->refusing };
	const char *names[2] = { difference->sides[i]->text, difference->sides[!i]->text };
	char text[2][BELIEF_TEXT];
	size_t width = strlen(names[0]);

	for (unsigned at = 0; at <= witness->length; at++) {
		belief_print(of[0][at], "", text[0]);
		if (strlen(text[0]) > width)
			width = strlen(text[0]);
	}
	fprintf(file, "     %-12s  %-*s  %s\n", "", (int)width, names[0], names[1]);
	for (unsigned at = 0; at <= witness->length; at++) {
		belief_print(of[0][at], "", text[0]);
		belief_print(of[1][at], "rejects it", text[1]);
		if (at == 0)
			fputs("     ", file);
		else
			fprintf(file, "  %u  ", at);
		fprintf(file, "%-12s  %-*s  %s\n",
			at ? sessionlint_event_name(witness->events[at - 1]) : "", (int)width,
			text[0], text[1]);
	}
}

static int write_witness(FILE *file, const struct difference *difference, unsigned i)
{
	const struct witness *witness = &difference->witnesses[i];

	if (witness->length == 0)
		return 0;
	fprintf(file, "\nshortest trace that %s accepts and %s rejects: %u event%s\n",
		difference->sides[i]->text, difference->sides[!i]->text, witness->length,
		witness->length == 1 ? "" : "s");
	write_way(file, difference, i);
	for (unsigned j = 0; j < 2; j++) {
		const struct side *side = difference->sides[j ? !i : i];
		const char *verdict;

		if (verdict_of(side, witness, &verdict) < 0)
			return -ENOMEM;
		fprintf(file, "  check with %s: %s\n", side->text, verdict);
	}
	return 0;
}

static void write_arcs(FILE *file, const struct difference *difference)
{
	static const char *const views[] = { "-", "shown", "hidden", "shown or hidden" };
	const struct side *const *sides = difference->sides;
	int width = (int)strlen(sides[0]->text);
	struct difference_arc arc;
	unsigned count = 0;

	if (width < (int)sizeof "shown or hidden" - 1)
		width = (int)sizeof "shown or hidden" - 1;
	for (unsigned i = 0; difference_arc_at(i, &arc); i++) {
		unsigned one = difference_arc_view(&sides[0]->model, &arc),
			 other = difference_arc_view(&sides[1]->model, &arc);

		if (one == other)
			continue;
		if (count++ == 0)
			fprintf(file, "\n%-20s  %-12s  %-20s  %-*s  %s\n", "from", "event", "to",
				width, sides[0]->text, sides[1]->text);
		fprintf(file, "%-20s  %-12s  %-20s  %-*s  %s\n", sessionlint_state_name(arc.from),
			arc.event ? sessionlint_event_name(arc.event) : "(reuse)",
			sessionlint_state_name(arc.to), width, views[one], views[other]);
	}
	fprintf(file, "\n%u of %u transitions differ%s\n", count, DIFFERENCE_ARCS,
		count == 1 ? "s" : "");
}

int difference_write_text(FILE *file, const struct difference *difference)
{
	write_relation(file, difference);
	write_alphabets(file, difference);
	for (unsigned i = 0; i < 2; i++)
		if (write_witness(file, difference, i) < 0)
			return -ENOMEM;
	write_arcs(file, difference);
	return 0;
}

/* ---- as a trace ---- */

#define DRIVER " driver=driver.sys "

static void write_record(FILE *file, const struct side *side, unsigned session, unsigned event)
{
	const char *name = sessionlint_event_name(event);

	if (!side->masked) {
		fprintf(file, "host=%s source=%s session=%u event=%s\n", side->text,
			sessionlint_source_name(side->source), session, name);
		return;
	}
	fprintf(file, "host=%s" DRIVER "session=%u notify=%s io=disk", side->text, session, name);
	/* with an IO_SESSION_CONNECT_INFO */
	if (event == SESSIONLINT_EVENT_CONNECTED)
		fprintf(file, " payload_session=%u payload_length=8", session);
	putc('\n', file);
}

int difference_write_trace(FILE *file, const struct difference *difference)
{
	fputs("# for sessionlint check --start=initialized; hosts are named after the models\n",
	      file);
	for (unsigned i = 0; i < 2; i++) {
		const struct side *side = difference->sides[i];

		fprintf(file, "\n# as recorded by %s\n", side->text);
		if (side->masked)
			fprintf(file,
				"host=%s" DRIVER "call=IoRegisterContainerNotification io=disk "
				"mask=0x%x registration=r status=STATUS_SUCCESS\n",
				side->text, (unsigned)side->mask);
		for (unsigned j = 0; j < 2; j++) {
			const struct witness *witness = &difference->witnesses[j];
			const char *verdict;

			if (witness->length == 0)
				continue;
			if (verdict_of(side, witness, &verdict) < 0)
				return -ENOMEM;
			fprintf(file, "# session %u: %s it; check reports: %s\n", j + 1,
				i == j ? "accepts" : "rejects", verdict);
			for (unsigned at = 0; at < witness->length; at++)
				write_record(file, side, j + 1, witness->events[at]);
		}
		/* a driver need not unregister when the host shuts down */
		if (side->masked)
			fprintf(file, "host=%s marker=shutdown\n", side->text);
	}
	return 0;
}
