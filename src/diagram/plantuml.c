/* SPDX-License-Identifier: MIT */
/* PlantUML ("State Diagram"). */
#include "diagram/diagram.h"

static void plantuml_write(FILE *file, const struct diagram *diagram)
{
	fputs("@startuml\ntitle ", file);
	diagram_print_title(file, diagram);
	fputs("\nhide empty description\n", file);
	for (unsigned i = 0; i < diagram->node_count; i++) {
		const struct diagram_node *node = &diagram->nodes[i];

		fprintf(file, "state %s\n", node->name);
		if (node_is_one_state(node))
			continue;
		fprintf(file, "%s : ", node->name);
		node_print_states(file, diagram, node, ", ");
		fputc('\n', file);
	}
	fprintf(file, "[*] --> %s\n", diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		fprintf(file, "%s %s %s : %s%s\n", diagram->nodes[edge->from].name,
			edge->undocumented ? "-[dashed]->" : "-->", diagram->nodes[edge->to].name,
			edge->label, edge->undocumented ? " (undocumented)" : "");
	}
	for (unsigned i = 0; i < diagram->node_count; i++)
		if (diagram->nodes[i].final)
			fprintf(file, "%s --> [*]\n", diagram->nodes[i].name);
	fputs("@enduml\n", file);
}

const struct diagram_format diagram_plantuml = { "plantuml", "PlantUML", plantuml_write };
