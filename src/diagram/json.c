/* SPDX-License-Identifier: MIT */
/* Everything, for programs. */
#include <inttypes.h>

#include "base/json_writer.h"
#include "diagram/overlay.h"

static void write_tally(struct json_writer *json, const struct ledger_tally *tally)
{
	json_member_number(json, "count", tally->certain);
	json_member_number(json, "possible", tally->possible);
}

/* Stays in units of 100 ns, and the median once more in seconds. */
static void write_stay(struct json_writer *json, const struct overlay_stay *stay)
{
	if (!stay->count) {
		json_member_null(json, "dwell");
		return;
	}
	json_member_open(json, "dwell", '{');
	json_member_number(json, "count", stay->count);
	json_member_number(json, "least", stay->min);
	json_member_number(json, "median", stay->median);
	json_member_number(json, "most", stay->max);
	json_key(json, "median_seconds");
	fprintf(json_value(json), "%" PRIu64 ".%07u", stay->median / 10000000,
		(unsigned)(stay->median % 10000000));
	json_close(json);
}

static void write_mark(struct json_writer *json, const struct overlay_mark *mark)
{
	write_tally(json, &mark->tally);
	json_member_string(json, "level", overlay_level_name(mark->level));
	json_member_bool(json, "hidden", mark->hidden);
	write_stay(json, &mark->stay);
}

static void write_node(struct json_writer *json, const struct diagram *diagram, unsigned index)
{
	const struct diagram_node *node = &diagram->nodes[index];

	json_line(json, "\n  ");
	json_open(json, '{');
	json_member_string(json, "name", node->name);
	json_key(json, "states");
	json_open(json, '[');
	node_print_states(json_string_begin(json), diagram, node, "\",\"");
	json_string_end(json);
	json_close(json);
	json_member_bool(json, "start", index == diagram->start);
	json_member_bool(json, "final", node->final);
	if (diagram->overlay)
		write_mark(json, &diagram->overlay->nodes[index]);
	json_close(json);
}

static void write_edge(struct json_writer *json, const struct diagram *diagram, unsigned index)
{
	const struct diagram_edge *edge = &diagram->edges[index];

	json_line(json, "\n  ");
	json_open(json, '{');
	json_member_string(json, "from", diagram->nodes[edge->from].name);
	json_member_string(json, "event", edge->label);
	json_member_number(json, "number", edge->event);
	json_member_string(json, "to", diagram->nodes[edge->to].name);
	json_member_bool(json, "undocumented", edge->undocumented);
	if (diagram->overlay)
		write_mark(json, &diagram->overlay->edges[index]);
	json_close(json);
}

static void write_illegal(struct json_writer *json, const struct diagram *diagram)
{
	const struct overlay *overlay = diagram->overlay;

	json_line(json, "\n ");
	json_member_open(json, "illegal", '[');
	for (unsigned i = 0; i < overlay->illegal_count; i++) {
		const struct overlay_illegal *illegal = &overlay->illegal[i];

		json_line(json, "\n  ");
		json_open(json, '{');
		json_member_string(json, "in", diagram->nodes[illegal->node].name);
		json_member_string(json, "event", illegal->label);
		json_member_number(json, "number", illegal->event);
		json_member_bool(json, "undocumented", illegal->undocumented);
		write_tally(json, &illegal->tally);
		json_close(json);
	}
	json_close(json);
}

static void write_traces(struct json_writer *json, const struct overlay *overlay)
{
	json_line(json, "\n ");
	json_member_open(json, "traces", '{');
	json_member_number(json, "files", overlay->files);
	json_member_number(json, "incarnations", overlay->incarnations);
	json_member_number(json, "events", overlay->events);
	json_member_number(json, "reused", overlay->reused);
	json_member_number(json, "ignored", overlay->ignored);
	json_member_number(json, "others", overlay->others);
	json_member_number(json, "masked", overlay->masked);
	json_member_number(json, "uncounted", overlay->uncounted);
	json_member_open(json, "sources", '[');
	for (unsigned source = 0; source < SOURCE_COUNT; source++)
		if (overlay->sources & 1U << source)
			json_string(json, sessionlint_source_name(source));
	json_close(json);
	json_close(json);
}

static void json_write(FILE *file, const struct diagram *diagram)
{
	struct json_writer json;

	json_writer_init(&json, file, NULL);
	json_open(&json, '{');
	json_member_string(&json, "machine",
			   diagram->machine == DIAGRAM_SESSION ? "session" : "registration");
	json_member_string(&json, "model", diagram->name);
	json_member_string(&json, "summary", diagram->summary);
	if (diagram->masked)
		json_member_number(&json, "mask", (unsigned)diagram->mask);
	else
		json_member_null(&json, "mask");
	json_line(&json, "\n ");
	json_member_open(&json, "nodes", '[');
	for (unsigned i = 0; i < diagram->node_count; i++)
		write_node(&json, diagram, i);
	json_close(&json);
	json_line(&json, "\n ");
	json_member_open(&json, "edges", '[');
	for (unsigned i = 0; i < diagram->edge_count; i++)
		write_edge(&json, diagram, i);
	json_close(&json);
	if (diagram->overlay) {
		write_illegal(&json, diagram);
		write_traces(&json, diagram->overlay);
	}
	json_finish(&json);
}

const struct diagram_format diagram_json = { "json", "everything, for programs", json_write };
