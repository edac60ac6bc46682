/* SPDX-License-Identifier: MIT */
/* Everything, for programs. */
#include "diagram/diagram.h"

static const char *bool_word(bool value)
{
	return value ? "true" : "false";
}

static void write_node(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_node *node = &diagram->nodes[index];

	fprintf(file, "{\"name\":\"%s\",\"states\":[\"", node->name);
	node_print_states(file, diagram, node, "\",\"");
	fprintf(file, "\"],\"start\":%s,\"final\":%s}", bool_word(index == diagram->start),
		bool_word(node->final));
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
		const struct diagram_edge *edge = &diagram->edges[i];

		fprintf(file,
			"%s{\"from\":\"%s\",\"event\":\"%s\",\"number\":%u,\"to\":\"%s\","
			"\"undocumented\":%s}",
			i ? ",\n  " : "\n  ", diagram->nodes[edge->from].name, edge->label,
			edge->event, diagram->nodes[edge->to].name, bool_word(edge->undocumented));
	}
	fputs("]}\n", file);
}

const struct diagram_format diagram_json = { "json", "everything, for programs", json_write };
