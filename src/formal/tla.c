/* SPDX-License-Identifier: MIT */
/*
 * TLA+, for TLC: a module for any number of sessions; and one that compares a trace
 * with it, by the modules Json and IOUtils that TLC's community maintains.
 */
#include "formal/formal.h"

static void write_set(FILE *file, const struct formal_machine *machine, const char *name,
		      formal_select *select)
{
	fprintf(file, "%s == { ", name);
	formal_print_states(file, machine, select, "\"", "\"", ", ");
	fputs(" }\n", file);
}

static void write_event_set(FILE *file, const struct formal_machine *machine, unsigned events)
{
	fputs("{ ", file);
	formal_print_events(file, machine, events, "\"", "\"", ", ");
	fputs(" }", file);
}

static void write_constants(FILE *file, const struct formal_machine *machine)
{
	struct formal_arc arc = FORMAL_BEFORE_FIRST;
	const char *before = "";

	fputs("\nCONSTANT Sessions\n\n", file);
	write_set(file, machine, "States", NULL);
	fputs("Events == ", file);
	write_event_set(file, machine, FORMAL_ALL_EVENTS);
	fputs("\n\n\\* nothing needs to follow\n", file);
	write_set(file, machine, "Final", formal_is_final);
	fputs("\n\\* state, event, state after it\nTransitions == {", file);
	while (formal_arc_next(machine, &arc)) {
		fprintf(file, "%s\n  << \"%s\", \"%s\", \"%s\" >>", before,
			machine->states[arc.from].name, machine->events[arc.event],
			machine->states[arc.to].name);
		before = ",";
	}
	fputs("\n}\n", file);
}

static void write_variables(FILE *file, const struct formal_machine *machine)
{
	const char *hold = machine->hold.name;

	fprintf(file,
		"\nVARIABLES\n  state, \\* of each session\n  last, \\* its last event\n"
		"  %s \\* after %s, and not yet ",
		hold, machine->events[machine->hold.begin]);
	formal_print_events(file, machine, machine->hold.ends, "", "", " or ");
	fprintf(file,
		"\n\nvars == << state, last, %s >>\n\nTypeOK ==\n"
		"  /\\ state \\in [Sessions -> States]\n"
		"  /\\ last \\in [Sessions -> Events \\union { \"None\" }]\n"
		"  /\\ %s \\in [Sessions -> BOOLEAN]\n\nInit ==\n"
		"  /\\ state = [s \\in Sessions |-> \"%s\"]\n"
		"  /\\ last = [s \\in Sessions |-> \"None\"]\n"
		"  /\\ %s = [s \\in Sessions |-> FALSE]\n",
		hold, hold, machine->states[machine->start].name, hold);
}

static void write_actions(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;

	fprintf(file,
		"\nTake(s, e, to) ==\n"
		"  /\\ << state[s], e, to >> \\in Transitions\n"
		"  /\\ state' = [state EXCEPT ![s] = to]\n"
		"  /\\ last' = [last EXCEPT ![s] = e]\n"
		"  /\\ %s' = [%s EXCEPT ![s] = IF e = \"%s\" THEN TRUE ELSE @ /\\ e \\notin ",
		hold->name, hold->name, machine->events[hold->begin]);
	write_event_set(file, machine, hold->ends);
	fputs("]\n\n\\* so that the end is not a deadlock\n"
	      "Over == (\\A s \\in Sessions : state[s] \\in Final) /\\ UNCHANGED vars\n\n"
	      "Next == Over \\/ \\E s \\in Sessions, e \\in Events, to \\in States : Take(s, e, "
	      "to)\n\n"
	      "Spec == Init /\\ [][Next]_vars\n",
	      file);
}

static void write_claims(FILE *file, const struct formal_machine *machine)
{
	const struct formal_hold *hold = &machine->hold;

	if (machine->over >= 0) {
		fputc('\n', file);
		if (machine->reused)
			write_set(file, machine, "First", formal_is_first);
		fprintf(file,
			"Ended == [][\\A s \\in Sessions : last[s] = \"%s\" =>\n"
			"  UNCHANGED << state[s], last[s] >>%s]_vars\n",
			machine->events[machine->over],
			machine->reused ? " \\/ state'[s] \\in First" : "");
	}
	if (hold->claim == FORMAL_NO_CLAIM)
		return;
	fputc('\n', file);
	write_set(file, machine, "Inside", formal_is_inside);
	fprintf(file, "Began == \\A s \\in Sessions : state[s] \\in Inside %s %s[s]\n",
		hold->claim == FORMAL_EXACTLY ? "<=>" : "=>", hold->name);
	if (hold->claim != FORMAL_EXACTLY)
		return;
	fputs("Kept == [][\\A s \\in Sessions : state[s] \\in Inside =>\n"
	      "  state'[s] \\in Inside \\/ last'[s] \\in ",
	      file);
	write_event_set(file, machine, hold->ends);
	fputs("]_vars\n", file);
}

/* What TLC reads beside the module. */
static void write_configuration(FILE *file, const struct formal_machine *machine)
{
	const enum formal_hold_claim claim = machine->hold.claim;

	fprintf(file,
		"\n\\* %s.cfg:\n\\* SPECIFICATION Spec\n\\* CONSTANT Sessions = { 1, 2 }\n"
		"\\* INVARIANT TypeOK\n",
		machine->module);
	if (claim != FORMAL_NO_CLAIM)
		fputs("\\* INVARIANT Began\n", file);
	if (claim == FORMAL_EXACTLY)
		fputs("\\* PROPERTY Kept\n", file);
	if (machine->over >= 0)
		fputs("\\* PROPERTY Ended\n", file);
}

static void tla_write(FILE *file, const struct formal_machine *machine)
{
	fprintf(file, "---- MODULE %s ----\n", machine->module);
	formal_print_header(file, machine, "tla", "\\* ");
	write_constants(file, machine);
	write_variables(file, machine);
	write_actions(file, machine);
	write_claims(file, machine);
	write_configuration(file, machine);
	fputs("\n====\n", file);
}

static void trace_write(FILE *file, const struct formal_machine *machine)
{
	fputs("---- MODULE SessionTrace ----\n", file);
	formal_print_header(file, machine, "tla-trace", "\\* ");
	fputs("\nEXTENDS Session, Naturals, Sequences, TLC, Json, IOUtils\n\n"
	      "\\* TRACE is the path of a trace as NDJSON; a record of an event has session and "
	      "event\n"
	      "Records == LET IsEvent(r) == \"event\" \\in DOMAIN r /\\ r.event \\in Events\n"
	      "           IN SelectSeq(ndJsonDeserialize(IOEnv.TRACE), IsEvent)\n\n"
	      "\\* ids of sessions are those of a host\n"
	      "Id(r) == << IF \"host\" \\in DOMAIN r THEN r.host ELSE \"\", r.session >>\n"
	      "Ids == { Id(Records[i]) : i \\in 1..Len(Records) }\n\n"
	      "VARIABLE at \\* how many records were taken\n\n"
	      "TraceInit == Init /\\ at = 0\n\n"
	      "TraceNext ==\n"
	      "  /\\ at < Len(Records)\n"
	      "  /\\ at' = at + 1\n"
	      "  /\\ \\E to \\in States : Take(Id(Records[at + 1]), Records[at + 1].event, to)\n\n"
	      "TraceSpec == TraceInit /\\ [][TraceNext]_<< vars, at >>\n\n"
	      "\\* the longest run takes all records; or the next one is illegal\n"
	      "TraceAccepted ==\n"
	      "  LET taken == TLCGet(\"stats\").diameter - 1\n"
	      "  IN IF taken = Len(Records) THEN TRUE\n"
	      "     ELSE Print(<< \"illegal\", taken + 1, Records[taken + 1] >>, FALSE)\n\n"
	      "\\* SessionTrace.cfg:\n\\* SPECIFICATION TraceSpec\n"
	      "\\* CONSTANT Sessions <- Ids\n\\* INVARIANT TypeOK\n"
	      "\\* POSTCONDITION TraceAccepted\n\\* CHECK_DEADLOCK FALSE\n\n====\n",
	      file);
}

const struct formal_language formal_tla = {
	.name = "tla",
	.summary = "for TLC: the module Session or Registration, with invariants",
	.write = tla_write,
};

const struct formal_language formal_tla_trace = {
	.name = "tla-trace",
	.summary = "the module SessionTrace, by which TLC checks a trace in NDJSON",
	.sessions_only = true,
	.write = trace_write,
};
