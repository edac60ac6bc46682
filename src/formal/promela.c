/* SPDX-License-Identifier: MIT */
/*
 * Promela, for SPIN: two processes for each session. One offers events, each a rendezvous; the
 * other takes those that the table has. LTL claims are about session 0: all are alike.
 */
#include "formal/formal.h"

/* A label that begins with "end" is a place to stop. */
static const char *label_of(const struct formal_state *state)
{
	return state->final ? "end_in_" : "in_";
}

static void write_declarations(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;

	fputs("\n#ifndef SESSIONS\n#define SESSIONS 1\n#endif\n\nmtype:event = { event_None, ",
	      file);
	formal_print_events(file, machine, FORMAL_ALL_EVENTS, "event_", "", ", ");
	fputs(" };\nmtype:state = { ", file);
	formal_print_states(file, machine, NULL, "state_", "", ", ");
	fprintf(file,
		" };\n\nchan happens[SESSIONS] = [0] of { mtype:event };\n"
		"mtype:state state[SESSIONS] = state_%s;\n"
		"mtype:event last[SESSIONS] = event_None;\n"
		"/* after %s, and not yet ",
		machine->states[machine->start].name, machine->events[hold->begin]);
	formal_print_events(file, machine, hold->ends, "", "", " or ");
	fprintf(file, " */\nbool %s[SESSIONS];\n", hold->name);
}

static void write_arc(FILE *file, const struct formal_machine *machine,
		      const struct formal_arc *arc)
{
	const struct formal_hold *hold = &machine->hold;
	const struct formal_state *to = &machine->states[arc->to];
	const char *event = machine->events[arc->event];

	fprintf(file, "\t:: atomic { happens[id] ? event_%s -> last[id] = event_%s; ", event,
		event);
	if (arc->event == hold->begin || hold->ends & 1U << arc->event)
		fprintf(file, "%s[id] = %s; ", hold->name,
			arc->event == hold->begin ? "true" : "false");
	fprintf(file, "state[id] = state_%s; goto %s%s }\n", to->name, label_of(to), to->name);
}

static void write_session(FILE *file, const struct formal_machine *machine)
{
	fprintf(file, "\nproctype %s(byte id)\n{\n\tgoto %s%s;\n", machine->kind,
		label_of(&machine->states[machine->start]), machine->states[machine->start].name);
	for (unsigned i = 0; i < machine->state_count; i++) {
		const struct formal_state *state = &machine->states[i];

		fprintf(file, "%s%s:\n", label_of(state), state->name);
		if (!formal_can_act(machine, i)) {
			fputs("\tfalse;\n", file);
			continue;
		}
		fputs("\tif\n", file);
		for (unsigned event = 0; event < machine->event_count; event++) {
			const struct formal_arc arc = { i, event, formal_next(machine, i, event) };

			if (arc.to != FORMAL_NOWHERE)
				write_arc(file, machine, &arc);
		}
		fputs("\tfi;\n", file);
	}
	fputs("}\n", file);
}

static void write_events(FILE *file, const struct formal_machine *machine)
{
	fputs("\n/* Offers any event at any time: one that is not taken does not happen. */\n"
	      "proctype windows(byte id)\n{\nend:\n\tdo\n",
	      file);
	formal_print_events(file, machine, FORMAL_ALL_EVENTS, "\t:: happens[id] ! event_", "\n",
			    "");
	fprintf(file,
		"\tod\n}\n\n/* Define REPLAY to start the processes otherwise. */\n#ifndef REPLAY\n"
		"init {\n\tbyte id;\n\n\tatomic {\n\t\tfor (id : 0 .. SESSIONS - 1) {\n"
		"\t\t\t"
		"run %s(id);\n\t\t\t"
		"run windows(id)\n\t\t}\n\t}\n}\n#endif\n",
		machine->kind);
}

/* A name for the selected states of session 0. */
static void write_define(FILE *file, const struct formal_machine *machine, const char *name,
			 formal_select *select)
{
	fprintf(file, "#define %s (", name);
	if (!formal_print_states(file, machine, select, "state[0] == state_", "", " || "))
		fputs("false", file);
	fputs(")\n", file);
}

/* Whatever ends an incarnation is the last event of it. */
static void write_over(FILE *file, const struct formal_machine *machine)
{
	const char *over;

	if (machine->over < 0)
		return;
	over = machine->events[machine->over];
	if (machine->reused) {
		write_define(file, machine, "first", formal_is_first);
		fprintf(file,
			"ltl over { [] (last[0] == event_%s -> (last[0] == event_%s W first)) }\n",
			over, over);
	} else {
		fprintf(file, "ltl over { [] (last[0] == event_%s -> [] (last[0] == event_%s)) }\n",
			over, over);
	}
}

static void write_hold(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;

	if (hold->claim == FORMAL_NO_CLAIM)
		return;
	write_define(file, machine, hold->inside, formal_is_inside);
	if (hold->claim == FORMAL_ONLY_WHILE) {
		fprintf(file, "ltl began { [] (%s -> %s[0]) }\n", hold->inside, hold->name);
		return;
	}
	fprintf(file, "ltl began { [] (%s <-> %s[0]) }\n", hold->inside, hold->name);
	fprintf(file, "ltl kept { [] (%s -> (%s W (", hold->inside, hold->inside);
	formal_print_events(file, machine, hold->ends, "last[0] == event_", "", " || ");
	fputs("))) }\n", file);
}

static void promela_write(FILE *file, const struct formal_machine *machine)
{
	fputs("/*\n", file);
	formal_print_header(file, machine, "promela", " * ");
	fputs(" */\n", file);
	write_declarations(file, machine);
	write_session(file, machine);
	write_events(file, machine);
	fputc('\n', file);
	write_over(file, machine);
	write_hold(file, machine);
}

const struct formal_language formal_promela = {
	.name = "promela",
	.summary = "for SPIN: a process for each session, with claims in LTL",
	.write = promela_write,
};
