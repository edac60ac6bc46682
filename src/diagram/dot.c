/* SPDX-License-Identifier: MIT */
/* Graphviz ("The DOT Language"). */
#include "diagram/diagram.h"

static void dot_write(FILE *file, const struct diagram *diagram)
{
	fprintf(file, "digraph \"%s\" {\n\tlabel=\"", diagram->name);
	diagram_print_title(file, diagram);
	fprintf(file, "\";\n\trankdir=LR;\n\tnode [shape=box, style=rounded];\n"
		      "\t\"start\" [shape=point, label=\"\"];\n");
	for (unsigned i = 0; i < diagram->node_count; i++) {
		const struct diagram_node *node = &diagram->nodes[i];

		fprintf(file, "\t\"%s\" [label=\"%s", node->name, node->name);
		if (!node_is_one_state(node)) {
			fputs("\\n", file);
			node_print_states(file, diagram, node, "\\n");
		}
		fprintf(file, "\"%s];\n", node->final ? ", peripheries=2" : "");
	}
	fprintf(file, "\t\"start\" -> \"%s\";\n", diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		fprintf(file, "\t\"%s\" -> \"%s\" [label=\"%s\"%s];\n",
			diagram->nodes[edge->from].name, diagram->nodes[edge->to].name, edge->label,
			edge->undocumented ? ", style=dashed" : "");
	}
	fputs("}\n", file);
}

const struct diagram_format diagram_dot = { "dot", "Graphviz", dot_write };
