/* SPDX-License-Identifier: MIT */
#include "diagram/diagram.h"

#include <string.h>

#include "model/projection.h"
#include "model/registration.h"

static const struct diagram_format *const formats[] = {
	&diagram_svg,   &diagram_dot,    &diagram_mermaid, &diagram_plantuml,
	&diagram_scxml, &diagram_matrix, &diagram_ascii,   &diagram_json,
};

const struct diagram_format *diagram_format_at(unsigned index)
{
	return index < sizeof formats / sizeof formats[0] ? formats[index] : NULL;
}

/* ---- what formats share ---- */

bool node_is_entered(const struct diagram *diagram, unsigned node)
{
	for (unsigned i = 0; i < diagram->edge_count; i++)
		if (diagram->edges[i].to == node)
			return true;
	return false;
}

void node_print_states(FILE *file, const struct diagram *diagram, const struct diagram_node *node,
		       const char *between)
{
	const char *before = "";

	for (unsigned bit = 0; bit < MODEL_STATES; bit++) {
		if (!(node->states & 1U << bit))
			continue;
		fprintf(file, "%s%s", before, diagram->state_name(bit));
		before = between;
	}
}

void diagram_print_title(FILE *file, const struct diagram *diagram)
{
	fprintf(file, "%s: %s", diagram->name, diagram->summary);
	if (diagram->masked)
		fprintf(file, "; as seen by a driver with EventMask 0x%02x",
			(unsigned)diagram->mask);
}

/* ---- sessions ---- */

static const char *session_state_name(unsigned bit)
{
	return sessionlint_state_name(bit + 1);
}

/* The order of the published table, that of a session; by enum values Created would be first. */
static unsigned belief_rank(sessionlint_belief belief)
{
	return belief_state(belief) == SESSIONLINT_STATE_INITIALIZED ? 0 : belief_state(belief);
}

/*
 * If all nodes are states, sorts them in the order of the published table. Beliefs keep the order
 * in which they are found, which their names number.
 */
static void beliefs_sort(struct beliefs *beliefs)
{
	for (unsigned i = 0; i < beliefs->count; i++)
		if (!belief_is_one_state(beliefs->list[i]))
			return;
	for (unsigned i = 1; i < beliefs->count; i++) {
		sessionlint_belief belief = beliefs->list[i];
		unsigned j = i;

		for (; j > 0 && belief_rank(beliefs->list[j - 1]) > belief_rank(belief); j--)
			beliefs->list[j] = beliefs->list[j - 1];
		beliefs->list[j] = belief;
	}
}

static struct diagram_edge *edge_add(struct diagram *diagram, unsigned from, unsigned event,
				     unsigned to)
{
	struct diagram_edge *edge = &diagram->edges[diagram->edge_count++];

	*edge = (struct diagram_edge) { .from = from, .to = to, .event = event };
	diagram->nodes[from].final = false;
	return edge;
}

/*
 * An event is undocumented in a belief if it is only possible with the undocumented reconnect.
 * @documented is the model without it; beliefs are closed, so hidden events are already included.
 */
static void add_sessions(struct diagram *diagram, const struct model *model,
			 const struct model *documented, const struct beliefs *beliefs)
{
	for (unsigned i = 0; i < beliefs->count; i++) {
		struct diagram_node *node = &diagram->nodes[diagram->node_count++];

		*node = (struct diagram_node) { .states = beliefs->list[i], .final = true };
		belief_name(beliefs, beliefs->list[i], node->name);
	}
	for (unsigned i = 0; i < beliefs->count; i++) {
		sessionlint_belief from = beliefs->list[i];

		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			struct diagram_edge *edge;

			if (!(model->allowed[from] & 1U << event))
				continue;
			edge = edge_add(diagram, i, event,
					beliefs_index(beliefs, model->next[event][from]));
			edge->label = sessionlint_event_name(event);
			edge->undocumented = !documented->next[event][from];
		}
	}
}

/* The same tolerance without the undocumented reconnect. */
static enum model_recognizer without_reconnect(enum model_recognizer tolerance)
{
	switch (tolerance) {
	case MODEL_PUBLISHED:
	case MODEL_OBSERVED:
		return MODEL_PUBLISHED;
	case MODEL_REUSED:
	case MODEL_KNOWN:
	case MODEL_ABRUPT:
	case MODEL_IMPLIED: /* hidden ends are part of its beliefs */
		return MODEL_REUSED;
	}
	return MODEL_PUBLISHED;
}

void diagram_of_model(const struct model_named *named, const uint32_t *mask,
		      struct diagram *ret_diagram)
{
	struct model model, documented, whole;
	struct beliefs beliefs;

	model_tabulate(model_recognizer(named->source, named->tolerance), &model);
	model_tabulate(model_recognizer(named->source, without_reconnect(named->tolerance)),
		       &documented);
	if (mask) {
		whole = model;
		model_project(&whole, *mask, true, &model);
		whole = documented;
		model_project(&whole, *mask, true, &documented);
	}
	memset(ret_diagram, 0, sizeof *ret_diagram);
	ret_diagram->machine = DIAGRAM_SESSION;
	ret_diagram->name = named->name;
	ret_diagram->summary = named->summary;
	ret_diagram->masked = mask != NULL;
	ret_diagram->mask = mask ? *mask : 0;
	ret_diagram->state_name = session_state_name;
	beliefs_find(&model, &beliefs);
	beliefs_sort(&beliefs);
	add_sessions(ret_diagram, &model, &documented, &beliefs);
}

/* ---- registrations ---- */

void diagram_of_registration(struct diagram *ret_diagram)
{
	struct registration_model model;

	memset(ret_diagram, 0, sizeof *ret_diagram);
	ret_diagram->machine = DIAGRAM_REGISTRATION;
	ret_diagram->name = REGISTRATION_NAME;
	ret_diagram->summary = REGISTRATION_SUMMARY;
	ret_diagram->state_name = registration_state_name;
	registration_tabulate(&model);
	for (unsigned state = 0; state < REGISTRATION_STATES; state++) {
		struct diagram_node *node = &ret_diagram->nodes[ret_diagram->node_count++];

		*node = (struct diagram_node) { .states = (uint8_t)(1U << state), .final = true };
		snprintf(node->name, sizeof node->name, "%s", registration_state_name(state));
	}
	for (unsigned state = 0; state < REGISTRATION_STATES; state++) {
		for (unsigned symbol = 1; symbol < REGISTRATION_SYMBOLS; symbol++) {
			uint8_t to = model.next[symbol][1U << state];

			/* no arc of the chart is hidden: each leads to one state */
			if (to)
				edge_add(ret_diagram, state, symbol, (unsigned)__builtin_ctz(to))
					->label = registration_symbol_name(symbol);
		}
	}
}
