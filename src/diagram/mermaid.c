/* SPDX-License-Identifier: MIT */
/* Mermaid's stateDiagram-v2 ("State diagrams"), which Markdown of code hosts shows. */
#include "diagram/diagram.h"

static void mermaid_write(FILE *file, const struct diagram *diagram)
{
	fputs("stateDiagram-v2\n    accTitle: ", file);
	diagram_print_title(file, diagram);
	fputs("\n    direction LR\n", file);
	for (unsigned i = 0; i < diagram->node_count; i++) {
		const struct diagram_node *node = &diagram->nodes[i];

		if (node_is_one_state(node))
			continue;
		fprintf(file, "    state \"%s = ", node->name);
		node_print_states(file, diagram, node, ", ");
		fprintf(file, "\" as %s\n", node->name);
	}
	fprintf(file, "    [*] --> %s\n", diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		/* it knows no dashed lines */
		fprintf(file, "    %s --> %s: %s%s\n", diagram->nodes[edge->from].name,
			diagram->nodes[edge->to].name, edge->label,
			edge->undocumented ? " (undocumented)" : "");
	}
	for (unsigned i = 0; i < diagram->node_count; i++)
		if (diagram->nodes[i].final)
			fprintf(file, "    %s --> [*]\n", diagram->nodes[i].name);
}

const struct diagram_format diagram_mermaid = { "mermaid", "for Markdown", mermaid_write };
