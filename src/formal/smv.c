/* SPDX-License-Identifier: MIT */
/* SMV, for NuSMV and nuXmv: one relation, with invariants and claims in CTL and LTL. */
#include "formal/formal.h"

static void write_declarations(FILE *file, const struct formal_machine *machine)
{
	fputs("\nMODULE main\n\nVAR\n  state : { ", file);
	formal_print_states(file, machine, NULL, "state_", "", ", ");
	fputs(" };\n  last : { event_None, ", file);
	formal_print_events(file, machine, FORMAL_ALL_EVENTS, "event_", "", ", ");
	fprintf(file, " };\n  %s : boolean;\n", machine->hold.name);
}

static void write_define(FILE *file, const struct formal_machine *machine, const char *name,
			 formal_select *select)
{
	fprintf(file, "  %s := ", name);
	if (!formal_print_states(file, machine, select, "state = state_", "", " | "))
		fputs("FALSE", file);
	fputs(";\n", file);
}

static void write_defines(FILE *file, const struct formal_machine *machine)
{
	fputs("\nDEFINE\n", file);
	write_define(file, machine, "final", formal_is_final);
	write_define(file, machine, "first", formal_is_first);
	write_define(file, machine, machine->hold.inside, formal_is_inside);
}

static void write_relation(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;
	struct formal_arc arc = FORMAL_BEFORE_FIRST;

	fprintf(file, "\nINIT\n  state = state_%s & last = event_None & !%s;\n\nTRANS\n",
		machine->states[machine->start].name, hold->name);
	while (formal_arc_next(machine, &arc))
		fprintf(file,
			"  (state = state_%s & next(last) = event_%s & next(state) = state_%s) |\n",
			machine->states[arc.from].name, machine->events[arc.event],
			machine->states[arc.to].name);
	fprintf(file,
		"  -- nothing needs to follow: it stays as it is\n"
		"  (final & next(last) = last & next(state) = state);\n\n"
		"-- after %s, and not yet ",
		machine->events[hold->begin]);
	formal_print_events(file, machine, hold->ends, "", "", " or ");
	fprintf(file,
		"\nASSIGN\n  next(%s) := case\n    next(last) = event_%s : TRUE;\n    next(last) "
		"in { ",
		hold->name, machine->events[hold->begin]);
	formal_print_events(file, machine, hold->ends, "event_", "", ", ");
	fprintf(file, " } : FALSE;\n    TRUE : %s;\n  esac;\n", hold->name);
}

static void write_hold_claims(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;

	if (hold->claim == FORMAL_NO_CLAIM)
		return;
	fprintf(file, "INVARSPEC NAME began := %s %s %s;\n", hold->inside,
		hold->claim == FORMAL_EXACTLY ? "<->" : "->", hold->name);
	if (hold->claim != FORMAL_EXACTLY)
		return;
	fprintf(file, "LTLSPEC NAME kept := G (%s -> X (%s | last in { ", hold->inside,
		hold->inside);
	formal_print_events(file, machine, hold->ends, "event_", "", ", ");
	fputs(" }));\n", file);
}

static void write_claims(FILE *file, const struct formal_machine *machine)
{
	fputc('\n', file);
	for (unsigned i = 0; i < machine->state_count; i++)
		fprintf(file, "CTLSPEC NAME reached_%s := EF (state = state_%s);\n",
			machine->states[i].name, machine->states[i].name);
	fputs("CTLSPEC NAME no_deadlock := AG EX TRUE;\n", file);
	write_hold_claims(file, machine);
	if (machine->over >= 0)
		fprintf(file,
			"LTLSPEC NAME over := G (last = event_%s -> X (last = event_%s%s));\n",
			machine->events[machine->over], machine->events[machine->over],
			machine->reused ? " | first" : "");
}

static void smv_write(FILE *file, const struct formal_machine *machine)
{
	formal_print_header(file, machine, "smv", "-- ");
	write_declarations(file, machine);
	write_defines(file, machine);
	write_relation(file, machine);
	write_claims(file, machine);
}

const struct formal_language formal_smv = {
	.name = "smv",
	.summary = "for NuSMV and nuXmv: a relation, with claims in CTL and LTL",
	.write = smv_write,
};
