/* SPDX-License-Identifier: MIT */
/* Everything, for programs. */
#include <inttypes.h>

#include "diagram/overlay.h"

static const char *bool_word(bool value)
{
	return value ? "true" : "false";
}

static void write_tally(FILE *file, const struct ledger_tally *tally)
{
	fprintf(file, ",\"count\":%" PRIu64 ",\"possible\":%" PRIu64, tally->certain,
		tally->possible);
}

/* Stays in units of 100 ns, and the median once more in seconds. */
static void write_mark(FILE *file, const struct overlay_mark *mark)
{
	const struct overlay_stay *stay = &mark->stay;

	write_tally(file, &mark->tally);
	fprintf(file, ",\"level\":\"%s\",\"hidden\":%s,\"dwell\":", overlay_level_name(mark->level),
		bool_word(mark->hidden));
	if (stay->count)
		fprintf(file,
			"{\"count\":%" PRIu64 ",\"least\":%" PRIu64 ",\"median\":%" PRIu64
			",\"most\":%" PRIu64 ",\"median_seconds\":%" PRIu64 ".%07u}",
			stay->count, stay->least, stay->median, stay->most, stay->median / 10000000,
			(unsigned)(stay->median % 10000000));
	else
		fputs("null", file);
}

static void write_node(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_node *node = &diagram->nodes[index];

	fprintf(file, "{\"name\":\"%s\",\"states\":[\"", node->name);
	node_print_states(file, diagram, node, "\",\"");
	fprintf(file, "\"],\"start\":%s,\"final\":%s", bool_word(index == diagram->start),
		bool_word(node->final));
	if (diagram->overlay)
		write_mark(file, &diagram->overlay->nodes[index]);
	fputc('}', file);
}

static void write_edge(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_edge *edge = &diagram->edges[index];

	fprintf(file,
		"{\"from\":\"%s\",\"event\":\"%s\",\"number\":%u,\"to\":\"%s\","
		"\"undocumented\":%s",
		diagram->nodes[edge->from].name, edge->label, edge->event,
		diagram->nodes[edge->to].name, bool_word(edge->undocumented));
	if (diagram->overlay)
		write_mark(file, &diagram->overlay->edges[index]);
	fputc('}', file);
}

static void write_traces(FILE *file, const struct diagram *diagram)
{
	const struct overlay *overlay = diagram->overlay;
	const char *before = "";

	fputs(",\n \"illegal\":[", file);
	for (unsigned i = 0; i < overlay->illegal_count; i++) {
		const struct overlay_illegal *illegal = &overlay->illegal[i];

		fprintf(file, "%s{\"in\":\"%s\",\"event\":\"%s\",\"number\":%u,\"undocumented\":%s",
			i ? ",\n  " : "\n  ", diagram->nodes[illegal->node].name, illegal->label,
			illegal->event, bool_word(illegal->undocumented));
		write_tally(file, &illegal->tally);
		fputc('}', file);
	}
	fprintf(file,
		"],\n \"traces\":{\"files\":%" PRIu64 ",\"lives\":%" PRIu64 ",\"events\":%" PRIu64
		",\"reused\":%" PRIu64 ",\"ignored\":%" PRIu64 ",\"others\":%" PRIu64
		",\"masked\":%" PRIu64 ",\"uncounted\":%" PRIu64 ",\"sources\":[",
		overlay->files, overlay->lives, overlay->events, overlay->reused, overlay->ignored,
		overlay->others, overlay->masked, overlay->uncounted);
	for (unsigned source = 0; source < SESSIONLINT_SOURCES; source++) {
		if (!(overlay->sources & 1U << source))
			continue;
		fprintf(file, "%s\"%s\"", before, sessionlint_source_name(source));
		before = ",";
	}
	fputs("]}", file);
}

static void json_write(FILE *file, const struct diagram *diagram)
{
	fprintf(file, "{\"machine\":\"%s\",\"model\":\"%s\",\"summary\":\"%s\",\"mask\":",
		diagram->machine == DIAGRAM_SESSION ? "session" : "registration", diagram->name,
		diagram->summary);
	if (diagram->masked)
		fprintf(file, "%u", (unsigned)diagram->mask);
	else
		fputs("null", file);
	fputs(",\n \"nodes\":[", file);
	for (unsigned i = 0; i < diagram->node_count; i++) {
		fputs(i ? ",\n  " : "\n  ", file);
		write_node(file, diagram, i);
	}
	fputs("],\n \"edges\":[", file);
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		fputs(i ? ",\n  " : "\n  ", file);
		write_edge(file, diagram, i);
	}
	fputc(']', file);
	if (diagram->overlay)
		write_traces(file, diagram);
	fputs("}\n", file);
}

const struct diagram_format diagram_json = { "json", "everything, for programs", json_write };
