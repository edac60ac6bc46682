/* SPDX-License-Identifier: MIT */
/* Mermaid's stateDiagram-v2 ("State diagrams"), which code hosts show in Markdown. */
#include "diagram/overlay.h"

/* States can have a style, lines cannot. */
static const char *const classes[] = {
	[OVERLAY_NEVER] = "classDef never fill:none,stroke:#8c959f,color:#6e7781",
	[OVERLAY_POSSIBLE] = "classDef perhaps stroke:#0969da,stroke-dasharray:2 3",
	[OVERLAY_CERTAIN] = "classDef seen stroke:#0969da,stroke-width:2px",
	"classDef illegal fill:none,stroke:#cf222e,stroke-dasharray:6 4,color:#cf222e",
};

static void write_title(FILE *file, const struct diagram *diagram)
{
	char note[OVERLAY_NOTE_SIZE];

	fputs("stateDiagram-v2\n    accTitle: ", file);
	diagram_print_title(file, diagram);
	fputs("\n    direction LR\n", file);
	if (!diagram->overlay)
		return;
	fputs("    %% ", file);
	overlay_print_title(file, diagram->overlay);
	for (unsigned i = 0; overlay_note_at(diagram->overlay, i, note); i++)
		fprintf(file, "\n    %%%% %s", note);
	fputc('\n', file);
}

static void write_node(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_node *node = &diagram->nodes[index];

	if (node_is_one_state(node) && !diagram->overlay)
		return;
	fprintf(file, "    state \"%s", node->name);
	if (!node_is_one_state(node)) {
		fputs(" = ", file);
		node_print_states(file, diagram, node, ", ");
	}
	if (diagram->overlay)
		overlay_print_node(file, diagram, index, "; ", "; ");
	fprintf(file, "\" as %s\n", node->name);
}

static void write_illegal(FILE *file, const char *node, const char *label, const char *count,
			  bool first)
{
	if (first)
		fprintf(file, "    state \"illegal\" as illegal_%s\n", node);
	fprintf(file, "    %s --> illegal_%s: %s %s\n", node, node, label, count);
}

static void write_classes(FILE *file, const struct diagram *diagram)
{
	const struct overlay *overlay = diagram->overlay;

	for (unsigned i = 0; i < sizeof classes / sizeof classes[0]; i++)
		fprintf(file, "    %s\n", classes[i]);
	for (unsigned i = 0; i < diagram->node_count; i++)
		fprintf(file, "    class %s %s\n", diagram->nodes[i].name,
			overlay_level_name(overlay->nodes[i].level));
	for (unsigned i = 0; i < overlay->illegal_count; i++)
		if (i == 0 || overlay->illegal[i].node != overlay->illegal[i - 1].node)
			fprintf(file, "    class illegal_%s illegal\n",
				diagram->nodes[overlay->illegal[i].node].name);
}

static void mermaid_write(FILE *file, const struct diagram *diagram)
{
	write_title(file, diagram);
	for (unsigned i = 0; i < diagram->node_count; i++)
		write_node(file, diagram, i);
	fprintf(file, "    [*] --> %s\n", diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		/* it knows no dashed lines */
		fprintf(file, "    %s --> %s: %s%s", diagram->nodes[edge->from].name,
			diagram->nodes[edge->to].name, edge->label,
			edge->undocumented ? " (undocumented)" : "");
		if (diagram->overlay)
			overlay_print_edge(file, diagram->overlay, i, " ", ", ");
		fputc('\n', file);
	}
	if (diagram->overlay)
		overlay_write_illegal(file, diagram, write_illegal);
	for (unsigned i = 0; i < diagram->node_count; i++)
		if (diagram->nodes[i].final)
			fprintf(file, "    %s --> [*]\n", diagram->nodes[i].name);
	if (diagram->overlay)
		write_classes(file, diagram);
}

const struct diagram_format diagram_mermaid = { "mermaid", "for Markdown", mermaid_write };
