/* SPDX-License-Identifier: MIT */
/* The machine as JSON (docs/model.schema.json). */
#include "base/json_writer.h"
#include "formal/formal.h"

static void write_state(struct json_writer *json, const struct formal_machine *machine,
			const struct formal_state *state)
{
	json_line(json, "\n  ");
	json_open(json, '{');
	json_member_string(json, "name", state->name);
	json_member_open(json, "states", '[');
	for (unsigned bit = 0; bit < MODEL_STATES; bit++)
		if (state->states & 1U << bit)
			json_string(json, machine->state_name(bit));
	json_close(json);
	json_member_bool(json, "final", state->final);
	json_close(json);
}

static void write_events(struct json_writer *json, const struct formal_machine *machine)
{
	json_line(json, "\n ");
	json_member_open(json, "events", '[');
	for (unsigned event = 0; event < machine->event_count; event++) {
		json_line(json, "\n  ");
		json_open(json, '{');
		json_member_string(json, "name", machine->events[event]);
		json_member_number(json, "number", machine->first_number + event);
		json_close(json);
	}
	json_close(json);
}

static void write_transitions(struct json_writer *json, const struct formal_machine *machine)
{
	struct formal_arc arc = FORMAL_BEFORE_FIRST;

	json_line(json, "\n ");
	json_member_open(json, "transitions", '[');
	while (formal_arc_next(machine, &arc)) {
		json_line(json, "\n  ");
		json_open(json, '{');
		json_member_string(json, "from", machine->states[arc.from].name);
		json_member_string(json, "event", machine->events[arc.event]);
		json_member_string(json, "to", machine->states[arc.to].name);
		json_close(json);
	}
	json_close(json);
}

static void json_write(FILE *file, const struct formal_machine *machine)
{
	struct json_writer json;

	json_writer_init(&json, file, NULL);
	json_open(&json, '{');
	json_member_string(&json, "machine", machine->kind);
	json_member_string(&json, "model", machine->name);
	json_member_string(&json, "summary", machine->summary);
	json_member_string_or_null(&json, "source", machine->source);
	json_member_string_or_null(&json, "tolerance", machine->tolerance);
	if (machine->masked)
		json_member_number(&json, "mask", machine->mask);
	else
		json_member_null(&json, "mask");
	json_member_string(&json, "start", machine->states[machine->start].name);
	json_line(&json, "\n ");
	json_member_open(&json, "states", '[');
	for (unsigned i = 0; i < machine->state_count; i++)
		write_state(&json, machine, &machine->states[i]);
	json_close(&json);
	write_events(&json, machine);
	write_transitions(&json, machine);
	json_finish(&json);
}

const struct formal_language formal_json = {
	.name = "json",
	.summary = "states, events and transitions (docs/model.schema.json)",
	.write = json_write,
};
