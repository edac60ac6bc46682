/* SPDX-License-Identifier: MIT */
/* Murphi, for rumur: a rule for each transition. Claims about a step are assertions. */
#include "formal/formal.h"

static void write_declarations(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;

	fputs("\ntype\n  event_t: enum { event_None, ", file);
	formal_print_events(file, machine, FORMAL_ALL_EVENTS, "event_", "", ", ");
	fputs(" };\n  state_t: enum { ", file);
	formal_print_states(file, machine, NULL, "state_", "", ", ");
	fprintf(file,
		" };\n\nvar\n  state: state_t;\n  last: event_t;\n"
		"  -- after %s, and not yet ",
		machine->events[hold->begin]);
	formal_print_events(file, machine, hold->ends, "", "", " or ");
	fprintf(file,
		"\n  %s: boolean;\n  rest: boolean; -- changes where nothing needs to follow\n",
		hold->name);
}

/* A function that says whether a state is one of the selected. */
static void write_function(FILE *file, const struct formal_machine *machine, const char *name,
			   formal_select *select)
{
	fprintf(file, "\nfunction %s(s: state_t): boolean;\nbegin\n  return ", name);
	if (!formal_print_states(file, machine, select, "s = state_", "", " | "))
		fputs("false", file);
	fputs(";\nend;\n", file);
}

static void write_assertions(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;

	if (machine->over >= 0)
		fprintf(file, "  assert \"over\" last != event_%s%s;\n",
			machine->events[machine->over], machine->reused ? " | first(s)" : "");
	if (hold->claim != FORMAL_EXACTLY)
		return;
	fprintf(file, "  assert \"kept\" !%s(state) | %s(s)", hold->inside, hold->inside);
	formal_print_events(file, machine, hold->ends, " | e = event_", "", "");
	fputs(";\n", file);
}

static void write_take(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;

	fputs("\nprocedure take(e: event_t; s: state_t);\nbegin\n", file);
	write_assertions(file, machine);
	fprintf(file, "  if e = event_%s then\n    %s := true;\n  elsif ",
		machine->events[hold->begin], hold->name);
	formal_print_events(file, machine, hold->ends, "e = event_", "", " | ");
	fprintf(file,
		" then\n    %s := false;\n  end;\n  last := e;\n  state := s;\n  rest := "
		"false;\nend;\n",
		hold->name);
}

static void write_rules(FILE *file, const struct formal_machine *machine)
{
	struct formal_arc arc = FORMAL_BEFORE_FIRST;

	fprintf(file,
		"\nstartstate \"start\"\nbegin\n  state := state_%s;\n  last := event_None;\n"
		"  %s := false;\n  rest := false;\nend;\n\n",
		machine->states[machine->start].name, machine->hold.name);
	while (formal_arc_next(machine, &arc)) {
		const char *from = machine->states[arc.from].name;
		const char *event = machine->events[arc.event];

		fprintf(file,
			"rule \"%s in %s\" state = state_%s ==> begin take(event_%s, state_%s); "
			"end;\n",
			event, from, from, event, machine->states[arc.to].name);
	}
	fputs("\n-- so that the end is not a deadlock\n", file);
	for (unsigned i = 0; i < machine->state_count; i++)
		if (machine->states[i].final)
			fprintf(file,
				"rule \"over in %s\" state = state_%s ==> begin rest := !rest; "
				"end;\n",
				machine->states[i].name, machine->states[i].name);
}

static void write_claims(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;

	fputc('\n', file);
	for (unsigned i = 0; i < machine->state_count; i++)
		fprintf(file, "cover \"%s is reached\" state = state_%s;\n",
			machine->states[i].name, machine->states[i].name);
	if (hold->claim == FORMAL_ONLY_WHILE)
		fprintf(file, "invariant \"began\" !%s(state) | %s;\n", hold->inside, hold->name);
	if (hold->claim == FORMAL_EXACTLY)
		fprintf(file, "invariant \"began\" %s(state) = %s;\n", hold->inside, hold->name);
}

static void murphi_write(FILE *file, const struct formal_machine *machine)
{
	formal_print_header(file, machine, "murphi", "-- ");
	write_declarations(file, machine);
	if (machine->reused)
		write_function(file, machine, "first", formal_is_first);
	if (machine->hold.claim != FORMAL_NO_CLAIM)
		write_function(file, machine, machine->hold.inside, formal_is_inside);
	write_take(file, machine);
	write_rules(file, machine);
	write_claims(file, machine);
}

const struct formal_language formal_murphi = {
	.name = "murphi",
	.summary = "for rumur: a rule for each transition, with invariants",
	.write = murphi_write,
};
