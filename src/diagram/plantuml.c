/* SPDX-License-Identifier: MIT */
/* PlantUML ("State Diagram"). */
#include "diagram/overlay.h"

/* By the names of levels; there is no other way for the border of states without a description. */
static const char skin[] = "hide stereotype\n"
			   "skinparam state {\n"
			   "BackgroundColor #fff\n"
			   "BorderColor #424a53\n"
			   "ArrowColor #424a53\n"
			   "BorderColor<<seen>> #0969da\n"
			   "BorderColor<<perhaps>> #79b8ff\n"
			   "BorderColor<<never>> #afb8c1\n"
			   "FontColor<<never>> #6e7781\n"
			   "BorderColor<<illegal>> #cf222e\n"
			   "FontColor<<illegal>> #cf222e\n"
			   "}\n";

static const char *const edge_styles[] = {
	[OVERLAY_NEVER] = "#afb8c1",
	[OVERLAY_POSSIBLE] = "#0969da,dotted",
	[OVERLAY_CERTAIN] = "#0969da",
};

#define ILLEGAL "#cf222e,dashed"

static void write_title(FILE *file, const struct diagram *diagram)
{
	char note[OVERLAY_NOTE_SIZE];

	fputs("@startuml\ntitle ", file);
	diagram_print_title(file, diagram);
	fputs("\nhide empty description\n", file);
	if (!diagram->overlay)
		return;
	fputs(skin, file);
	fputs("legend\n", file);
	overlay_print_title(file, diagram->overlay);
	for (unsigned i = 0; overlay_note_at(diagram->overlay, i, note); i++)
		fprintf(file, "\n%s", note);
	fputs("\nendlegend\n", file);
}

static void write_node(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_node *node = &diagram->nodes[index];

	fprintf(file, "state %s", node->name);
	if (diagram->overlay)
		fprintf(file, " <<%s>>", overlay_level_name(diagram->overlay->nodes[index].level));
	fputc('\n', file);
	if (!node_is_one_state(node)) {
		fprintf(file, "%s : ", node->name);
		node_print_states(file, diagram, node, ", ");
		fputc('\n', file);
	}
	if (diagram->overlay && overlay_node_is_marked(diagram, index)) {
		fprintf(file, "%s", node->name);
		overlay_print_node(file, diagram, index, " : ", "; ");
		fputc('\n', file);
	}
}

static void write_edge(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_edge *edge = &diagram->edges[index];

	fprintf(file, "%s -", diagram->nodes[edge->from].name);
	if (diagram->overlay) {
		const struct overlay_mark *mark = &diagram->overlay->edges[index];
		bool undocumented = edge->undocumented && mark->level != OVERLAY_NEVER;

		fprintf(file, "[%s%s,thickness=%u]",
			undocumented ? "#b34800" : edge_styles[mark->level],
			edge->undocumented ? ",dashed" : "", overlay_weight(mark));
	} else if (edge->undocumented) {
		fputs("[dashed]", file);
	}
	fprintf(file, "-> %s : %s%s", diagram->nodes[edge->to].name, edge->label,
		edge->undocumented ? " (undocumented)" : "");
	if (diagram->overlay)
		overlay_print_edge(file, diagram->overlay, index, "\\n", "\\n");
	fputc('\n', file);
}

/* An illegal event leads to a state of its own, one for each node. */
static void write_illegal(FILE *file, const char *node, const char *label, const char *count,
			  bool first)
{
	if (first)
		fprintf(file, "state \"illegal\" as illegal_%s <<illegal>>\n", node);
	fprintf(file, "%s -[" ILLEGAL "]-> illegal_%s : <color:#cf222e>%s\\n%s\n", node, node,
		label, count);
}

static void plantuml_write(FILE *file, const struct diagram *diagram)
{
	write_title(file, diagram);
	for (unsigned i = 0; i < diagram->node_count; i++)
		write_node(file, diagram, i);
	fprintf(file, "[*] --> %s\n", diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->edge_count; i++)
		write_edge(file, diagram, i);
	if (diagram->overlay)
		overlay_write_illegal(file, diagram, write_illegal);
	for (unsigned i = 0; i < diagram->node_count; i++)
		if (diagram->nodes[i].final)
			fprintf(file, "%s --> [*]\n", diagram->nodes[i].name);
	fputs("@enduml\n", file);
}

const struct diagram_format diagram_plantuml = { "plantuml", "PlantUML", plantuml_write };
