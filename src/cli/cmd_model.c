/* SPDX-License-Identifier: MIT */
/* sessionlint model: states, events and the table of a recognizer. */
#include <string.h>

#include "cli/cli.h"
#include "model/model.h"

enum {
	OPTION_MODEL
};

static const struct option options[] = {
	{ "model", 'm', "NAME", "published (default), observed, wts, sens, lsm, winlogon",
	  OPTION_MODEL },
	{ 0 },
};

static const char *model_name_at(unsigned index)
{
	const struct model_named *named = model_named(index);

	return named ? named->name : NULL;
}

/* The beliefs that a recognizer can be in, in the order in which they are found. */
struct beliefs {
	sessionlint_belief list[MODEL_BELIEFS];
	unsigned count;
};

static void beliefs_find(const struct model *model, struct beliefs *ret_beliefs)
{
	bool seen[MODEL_BELIEFS] = { false };
	sessionlint_belief start = model->closure[belief_of(SESSIONLINT_STATE_INITIALIZED)];

	ret_beliefs->list[0] = start;
	ret_beliefs->count = 1;
	seen[start] = true;
	for (unsigned i = 0; i < ret_beliefs->count; i++) {
		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			sessionlint_belief to = model->next[event][ret_beliefs->list[i]];

			if (to == SESSIONLINT_BELIEF_NONE || seen[to])
				continue;
			seen[to] = true;
			ret_beliefs->list[ret_beliefs->count++] = to;
		}
	}
}

static bool belief_is_one_state(sessionlint_belief belief)
{
	return (belief & (belief - 1)) == 0;
}

static void belief_name(const struct beliefs *beliefs, sessionlint_belief belief, char *name,
			size_t size)
{
	if (belief_is_one_state(belief)) {
		snprintf(name, size, "%s",
			 sessionlint_state_name((unsigned)__builtin_ctz(belief) + 1));
		return;
	}
	for (unsigned i = 0; i < beliefs->count; i++)
		if (beliefs->list[i] == belief)
			snprintf(name, size, "B%u", i);
}

static void print_names(void)
{
	printf("state                 value  full name\n");
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		printf("%-20s  %5u  IoSessionState%s\n", sessionlint_state_name(state), state,
		       sessionlint_state_name(state));
	printf("\nevent                 value  full name\n");
	for (unsigned event = 0; event <= SESSIONLINT_EVENT_MAX; event++)
		printf("%-20s  %5u  IoSessionEvent%s\n", sessionlint_event_name(event), event,
		       sessionlint_event_name(event));
}

static void print_beliefs(const struct beliefs *beliefs)
{
	bool any = false;

	for (unsigned i = 0; i < beliefs->count; i++) {
		char name[32];

		if (belief_is_one_state(beliefs->list[i]))
			continue;
		if (!any)
			printf("\nbelief                any of\n");
		any = true;
		belief_name(beliefs, beliefs->list[i], name, sizeof name);
		printf("%-20s ", name);
		for (unsigned state = 1; state <= MODEL_STATES; state++)
			if (beliefs->list[i] & belief_of(state))
				printf(" %s", sessionlint_state_name(state));
		putchar('\n');
	}
}

static void print_table(const struct model *model, const struct beliefs *beliefs)
{
	unsigned transitions = 0;

	printf("\n%-20s  %-12s  %s\n", "from", "event", "to");
	for (unsigned i = 0; i < beliefs->count; i++) {
		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			sessionlint_belief to = model->next[event][beliefs->list[i]];
			char from_name[32], to_name[32];

			if (to == SESSIONLINT_BELIEF_NONE)
				continue;
			belief_name(beliefs, beliefs->list[i], from_name, sizeof from_name);
			belief_name(beliefs, to, to_name, sizeof to_name);
			printf("%-20s  %-12s  %s\n", from_name, sessionlint_event_name(event),
			       to_name);
			transitions++;
		}
	}
	printf("\n%u transitions\n", transitions);
}

static int run_model(const struct command *command, int count, char **arguments)
{
	struct arguments walk = { .command = command, .count = count, .list = arguments };
	const struct model_named *named = model_named(0);
	static struct model model;
	struct beliefs beliefs;
	int option;

	while ((option = arguments_next(&walk)) != OPTION_END) {
		unsigned i = 0;

		if (option == OPTION_HELP)
			return command_help(command);
		if (option < OPTION_OPERAND)
			return STATUS_FAILED;
		while (model_named(i) && strcmp(model_named(i)->name, walk.value) != 0)
			i++;
		named = model_named(i);
		if (!named)
			return unknown_word(command, "model", walk.value, model_name_at);
	}
	model_tabulate(model_recognizer(named->source, named->tolerance), &model);
	beliefs_find(&model, &beliefs);
	printf("%s: %s\n\n", named->name, named->summary);
	print_names();
	print_beliefs(&beliefs);
	print_table(&model, &beliefs);
	return STATUS_CLEAN;
}

const struct command command_model = {
	.name = "model",
	.operands = "[NAME]",
	.summary = "print the states, the events and the table of a recognizer",
	.details = "A recognizer of a source that hides events is in a belief: any of several "
		   "states.\n",
	.options = options,
	.run = run_model,
};
