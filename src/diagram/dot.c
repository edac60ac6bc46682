/* SPDX-License-Identifier: MIT */
/* Graphviz ("The DOT Language"). */
#include "diagram/overlay.h"

#define ILLEGAL "color=\"#cf222e\", fontcolor=\"#cf222e\""

/* By level; those of an undocumented edge that occurred are last. */
static const char *const edge_styles[] = {
	[OVERLAY_NEVER] = "color=\"#afb8c1\", fontcolor=\"#6e7781\"",
	[OVERLAY_POSSIBLE] = "color=\"#0969da\", style=dotted",
	[OVERLAY_CERTAIN] = "color=\"#0969da\"",
	"color=\"#b34800\", fontcolor=\"#953800\"",
};
#define UNDOCUMENTED_STYLE 3

static const char *const node_styles[] = {
	[OVERLAY_NEVER] = "color=\"#afb8c1\", fontcolor=\"#6e7781\"",
	[OVERLAY_POSSIBLE] = "color=\"#0969da\", style=\"rounded,dotted\"",
	[OVERLAY_CERTAIN] = "color=\"#0969da\"",
};

static void write_node(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_node *node = &diagram->nodes[index];

	fprintf(file, "\t\"%s\" [label=\"%s", node->name, node->name);
	if (!node_is_one_state(node)) {
		fputs("\\n", file);
		node_print_states(file, diagram, node, "\\n");
	}
	if (diagram->overlay)
		overlay_print_node(file, diagram, index, "\\n", "\\n");
	fprintf(file, "\"%s", node->final ? ", peripheries=2" : "");
	if (diagram->overlay)
		fprintf(file, ", %s", node_styles[diagram->overlay->nodes[index].level]);
	fputs("];\n", file);
}

static void write_edge(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_edge *edge = &diagram->edges[index];

	fprintf(file, "\t\"%s\" -> \"%s\" [label=\"%s", diagram->nodes[edge->from].name,
		diagram->nodes[edge->to].name, edge->label);
	if (diagram->overlay && edge->undocumented)
		fputs("\\nundocumented", file);
	if (diagram->overlay)
		overlay_print_edge(file, diagram->overlay, index, "\\n", "\\n");
	fprintf(file, "\"%s", edge->undocumented ? ", style=dashed" : "");
	if (diagram->overlay) {
		const struct overlay_mark *mark = &diagram->overlay->edges[index];
		bool undocumented = edge->undocumented && mark->level != OVERLAY_NEVER;

		fprintf(file, ", %s, penwidth=%u",
			edge_styles[undocumented ? UNDOCUMENTED_STYLE : mark->level],
			overlay_weight(mark));
	}
	fputs("];\n", file);
}

/* An illegal event leads to a cross, one for each node. */
static void write_illegal(FILE *file, const struct diagram *diagram)
{
	const struct overlay *overlay = diagram->overlay;
	unsigned last = DIAGRAM_NODES;

	for (unsigned i = 0; i < overlay->illegal_count; i++) {
		const struct overlay_illegal *illegal = &overlay->illegal[i];
		const char *name = diagram->nodes[illegal->node].name;
		char count[OVERLAY_COUNT_SIZE];

		if (illegal->node != last)
			fprintf(file,
				"\t\"illegal_%s\" [shape=plain, label=\"illegal\", " ILLEGAL "];\n",
				name);
		last = illegal->node;
		overlay_count_text(&illegal->tally, count);
		fprintf(file,
			"\t\"%s\" -> \"illegal_%s\" [label=\"%s\\n%s%s\", style=dashed, " ILLEGAL
			"];\n",
			name, name, illegal->label, count,
			illegal->undocumented ? "\\nundocumented" : "");
	}
}

static void write_title(FILE *file, const struct diagram *diagram)
{
	char note[OVERLAY_NOTE_SIZE];

	diagram_print_title(file, diagram);
	if (!diagram->overlay)
		return;
	fputs("\\n", file);
	overlay_print_title(file, diagram->overlay);
	for (unsigned i = 0; overlay_note_at(diagram->overlay, i, note); i++)
		fprintf(file, "\\n%s", note);
}

static void dot_write(FILE *file, const struct diagram *diagram)
{
	fprintf(file, "digraph \"%s\" {\n\tlabel=\"", diagram->name);
	write_title(file, diagram);
	fprintf(file, "\";\n\trankdir=LR;\n\tnode [shape=box, style=rounded];\n"
		      "\t\"start\" [shape=point, label=\"\"];\n");
	for (unsigned i = 0; i < diagram->node_count; i++)
		write_node(file, diagram, i);
	fprintf(file, "\t\"start\" -> \"%s\";\n", diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->edge_count; i++)
		write_edge(file, diagram, i);
	if (diagram->overlay)
		write_illegal(file, diagram);
	fputs("}\n", file);
}

const struct diagram_format diagram_dot = { "dot", "Graphviz", dot_write };
