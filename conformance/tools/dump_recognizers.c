/* SPDX-License-Identifier: MIT */
/*
 * The automata that Ragel made, node by node, as they are before the model tabulates them: a line
 * of JSON for each recognizer, then one for that of registrations. An edge is [node, symbol, node].
 */
#include <stdio.h>

#include "model/model.h"
#include "registration_alphabet.h"

#define NODES_MAX 1024

typedef int step_function(const void *recognizer, int node, int symbol, uint8_t *ret_states);

/* The nodes that have been found, and the states that each stands for. */
struct nodes {
	int list[NODES_MAX];
	uint8_t states[NODES_MAX];
	unsigned count;
};

static void nodes_add(struct nodes *nodes, int node, uint8_t states)
{
	for (unsigned i = 0; i < nodes->count; i++)
		if (nodes->list[i] == node)
			return;
	nodes->list[nodes->count] = node;
	nodes->states[nodes->count++] = states;
}

/* Writes what can be reached from @start by symbols from 1 to @last. */
static void dump(const void *recognizer, step_function *step, int start, uint8_t states, int last)
{
	struct nodes nodes = { .count = 0 };
	const char *before = "";

	nodes_add(&nodes, start, states);
	printf("\"start\":%d,\"edges\":[", start);
	for (unsigned i = 0; i < nodes.count && nodes.count < NODES_MAX; i++) {
		for (int symbol = 1; symbol <= last; symbol++) {
			int to = step(recognizer, nodes.list[i], symbol, &states);

			if (!states)
				continue;
			nodes_add(&nodes, to, states);
			printf("%s[%d,%d,%d]", before, nodes.list[i], symbol, to);
			before = ",";
		}
	}
	printf("],\"states\":{");
	for (unsigned i = 0; i < nodes.count; i++)
		printf("%s\"%d\":%u", i ? "," : "", nodes.list[i], nodes.states[i]);
	printf("}}\n");
}

static int session_step(const void *recognizer, int node, int symbol, uint8_t *ret_states)
{
	const struct recognizer *session = recognizer;

	return session->step(node, (enum machine_symbol)symbol, ret_states);
}

static int step_registration(const void *recognizer, int node, int symbol, uint8_t *ret_states)
{
	(void)recognizer;
	return registration_step(node, (enum registration_symbol)symbol, ret_states);
}

int main(void)
{
	uint8_t states;
	int start;

	for (unsigned source = 0; source < SOURCE_COUNT; source++) {
		for (unsigned tolerance = 0; tolerance < MODEL_RECOGNIZERS; tolerance++) {
			const struct recognizer *recognizer = model_recognizer(source, tolerance);

			printf("{\"source\":\"%s\",\"tolerance\":\"%s\",", recognizer->vocabulary,
			       recognizer->tolerance);
			start = recognizer->step(recognizer->start, BEGIN_INITIALIZED, &states);
			dump(recognizer, session_step, start, states, EV_LOGOFF);
		}
	}
	printf("{\"source\":null,\"tolerance\":null,");
	start = registration_step(registration_start_node, BEGIN_ABSENT, &states);
	dump(NULL, step_registration, start, states, TRACE_END);
	return 0;
}
