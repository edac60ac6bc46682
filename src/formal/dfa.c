/* SPDX-License-Identifier: MIT */
/* A plain list: the start, the states in which nothing needs to follow, and a transition a line. */
#include "formal/formal.h"

static void dfa_write(FILE *file, const struct formal_machine *machine)
{
	struct formal_arc arc = FORMAL_BEFORE_FIRST;

	formal_print_header(file, machine, "dfa", "# ");
	fprintf(file, "start %s\n", machine->states[machine->start].name);
	formal_print_states(file, machine, formal_is_final, "final ", "\n", "");
	while (formal_arc_next(machine, &arc))
		fprintf(file, "%s %s %s\n", machine->states[arc.from].name,
			machine->events[arc.event], machine->states[arc.to].name);
}

const struct formal_language formal_dfa = {
	.name = "dfa",
	.summary = "a plain list of transitions: state, event, state",
	.write = dfa_write,
};
