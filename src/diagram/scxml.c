/* SPDX-License-Identifier: MIT */
/*
 * State Chart XML ("State Chart XML (SCXML)", W3C Recommendation 1 September 2015). What it has no
 * attribute for has one of this project's namespace; its schema lets those through.
 */
#include "diagram/diagram.h"

static void write_transitions(FILE *file, const struct diagram *diagram, unsigned node)
{
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		if (edge->from == node)
			fprintf(file, "    <transition event=\"%s\" target=\"%s\"%s/>\n",
				edge->label, diagram->nodes[edge->to].name,
				edge->undocumented ? " sl:undocumented=\"true\"" : "");
	}
}

static void scxml_write(FILE *file, const struct diagram *diagram)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- ", file);
	diagram_print_title(file, diagram);
	fprintf(file,
		" -->\n<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" "
		"xmlns:sl=\"urn:sessionlint:diagram\"\n"
		"       version=\"1.0\" name=\"%s\" initial=\"%s\">\n",
		diagram->name, diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->node_count; i++) {
		const struct diagram_node *node = &diagram->nodes[i];
		const char *element = node->final ? "final" : "state";

		fprintf(file, "  <%s id=\"%s\"", element, node->name);
		if (!node_is_one_state(node)) {
			fputs(" sl:states=\"", file);
			node_print_states(file, diagram, node, " ");
			fputc('"', file);
		}
		if (node->final) {
			fputs("/>\n", file);
			continue;
		}
		fputs(">\n", file);
		write_transitions(file, diagram, i);
		fprintf(file, "  </%s>\n", element);
	}
	fputs("</scxml>\n", file);
}

const struct diagram_format diagram_scxml = { "scxml", "State Chart XML", scxml_write };
