/* SPDX-License-Identifier: MIT */
/*
 * DOT as rvgen reads it, which makes monitors of Linux' runtime verification from it
 * ("Deterministic Automata", Documentation/trace/rv/deterministic_automata.rst): lines in a fixed
 * order, words between spaces. States and events become enumerators of one C file.
 */
#include "base/text.h"
#include "formal/formal.h"

/* DisconnectedLoggedOn is disconnected_logged_on. */
static void write_name(FILE *file, const char *prefix, const char *name)
{
	fputs(prefix, file);
	for (const char *c = name; *c; c++) {
		if (c > name && ascii_lower(*c) != *c)
			fputc('_', file);
		fputc(ascii_lower(*c), file);
	}
}

static void write_node(FILE *file, const char *shape, const char *prefix, const char *name)
{
	fprintf(file, "\t{node [shape = %s] \"", shape);
	write_name(file, prefix, name);
	fputs("\"};\n", file);
}

static void write_nodes(FILE *file, const struct formal_machine *machine)
{
	write_node(file, "plaintext, style=invis, label=\"\"", "__init_",
		   machine->states[machine->start].name);
	for (unsigned i = 0; i < machine->state_count; i++)
		write_node(file, machine->states[i].final ? "doublecircle" : "circle", "",
			   machine->states[i].name);
}

static void write_state(FILE *file, const struct formal_machine *machine, unsigned state)
{
	const char *name = machine->states[state].name;

	fputs("\t\"", file);
	write_name(file, "", name);
	fputs("\" [label = \"", file);
	write_name(file, "", name);
	fputs("\"];\n", file);
	for (unsigned event = 0; event < machine->event_count; event++) {
		unsigned to = formal_next(machine, state, event);

		if (to == FORMAL_NOWHERE)
			continue;
		fputs("\t\"", file);
		write_name(file, "", name);
		fputs("\" -> \"", file);
		write_name(file, "", machine->states[to].name);
		fputs("\" [ label = \"", file);
		write_name(file, "event_", machine->events[event]);
		fputs("\" ];\n", file);
	}
}

static void rv_write(FILE *file, const struct formal_machine *machine)
{
	const char *start = machine->states[machine->start].name;

	fputs("digraph state_automaton {\n", file);
	formal_print_header(file, machine, "rv", "\t// ");
	write_nodes(file, machine);
	write_name(file, "\t\"__init_", start);
	write_name(file, "\" -> \"", start);
	fputs("\";\n", file);
	for (unsigned i = 0; i < machine->state_count; i++)
		write_state(file, machine, i);
	write_name(file, "\t{ rank = min ;\n\t\t\"__init_", start);
	write_name(file, "\";\n\t\t\"", start);
	fputs("\";\n\t}\n}\n", file);
}

const struct formal_language formal_rv = {
	.name = "rv",
	.summary = "the DOT of rvgen, for monitors of Linux' runtime verification",
	.write = rv_write,
};
