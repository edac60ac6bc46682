/* SPDX-License-Identifier: MIT */
/* SVG without library, script or external resources. */
#include "diagram/svg/svg.h"

#define NAME_HEIGHT 20

const char *svg_id(const struct diagram *diagram)
{
	return diagram->inline_id ? diagram->inline_id : "sessionlint";
}

/* ---- text alternative ---- */

static void describe_edge(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_edge *edge = &diagram->edges[index];
	char count[OVERLAY_COUNT_SIZE];

	fprintf(file, " %s leads from %s to %s%s", edge->label, diagram->nodes[edge->from].name,
		diagram->nodes[edge->to].name, edge->undocumented ? ", undocumented" : "");
	if (diagram->overlay) {
		overlay_count_text(&diagram->overlay->edges[index].tally, count);
		fprintf(file, ", taken %s times", count);
	}
	fputc('.', file);
}

static void write_description(FILE *file, const struct diagram *diagram)
{
	const struct overlay *overlay = diagram->overlay;

	fprintf(file, "<desc id=\"%s-desc\">It begins in %s.", svg_id(diagram),
		diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->node_count; i++) {
		if (node_is_one_state(&diagram->nodes[i]))
			continue;
		fprintf(file, " %s is any of ", diagram->nodes[i].name);
		node_print_states(file, diagram, &diagram->nodes[i], ", ");
		fputc('.', file);
	}
	for (unsigned i = 0; i < diagram->edge_count; i++)
		describe_edge(file, diagram, i);
	for (unsigned i = 0; overlay && i < overlay->illegal_count; i++) {
		const struct overlay_illegal *illegal = &overlay->illegal[i];
		char count[OVERLAY_COUNT_SIZE];

		overlay_count_text(&illegal->tally, count);
		fprintf(file, " %s in %s, which is illegal, occurred %s times.", illegal->label,
			diagram->nodes[illegal->node].name, count);
	}
	fputs("</desc>\n", file);
}

/* ---- the frame ---- */

void svg_begin(FILE *file, const struct diagram *diagram, int width, int height)
{
	const char *id = svg_id(diagram);

	height += svg_legend_height(diagram, width);
	fprintf(file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sessionlint\" width=\"%d\" "
		"height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
		"aria-labelledby=\"%s-title %s-desc\">\n"
		"<title id=\"%s-title\">",
		width, height, width, height, id, id, id);
	diagram_print_title(file, diagram);
	if (diagram->overlay) {
		fputs("; ", file);
		overlay_print_title(file, diagram->overlay);
	}
	fputs("</title>\n", file);
	write_description(file, diagram);
	if (!diagram->inline_id)
		svg_style(file, diagram);
	svg_heads(file, diagram);
	fprintf(file, "<rect class=\"sl-paper\" width=\"%d\" height=\"%d\"/>\n", width, height);
}

void svg_end(FILE *file, const struct diagram *diagram, int width, int height)
{
	svg_legend(file, diagram, width, height);
	fputs("</svg>\n", file);
}

void svg_start(FILE *file, const struct diagram *diagram, int x, int y)
{
	fprintf(file,
		"<g class=\"sl-start\"><circle cx=\"%d\" cy=\"%d\" r=\"5\"/>"
		"<path d=\"M%d %d L%d %d\" marker-end=\"url(#%s-head)\"/></g>\n",
		x, y - 24, x, y - 24, x, y, svg_id(diagram));
}

/* ---- nodes ---- */

int svg_node_height(const struct diagram *diagram, unsigned node)
{
	const struct diagram_node *at = &diagram->nodes[node];
	int states = node_is_one_state(at) ? 0 : __builtin_popcount(at->states);

	return NAME_HEIGHT + (states + (int)svg_node_marks(diagram, node)) * SVG_LINE;
}

void svg_node(FILE *file, const struct diagram *diagram, unsigned node, struct svg_box box)
{
	const struct diagram_node *at = &diagram->nodes[node];
	int x = box.x + box.width / 2;
	int y = box.y + (box.height - svg_node_height(diagram, node)) / 2 + NAME_HEIGHT - 5;

	fputs("<g class=\"", file);
	svg_node_class(file, diagram, node);
	fprintf(file, "\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"9\"/>", box.x,
		box.y, box.width, box.height);
	if (at->final)
		fprintf(file,
			"<rect class=\"sl-inner\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
			"rx=\"6\"/>",
			box.x + 4, box.y + 4, box.width - 8, box.height - 8);
	fprintf(file, "<text class=\"sl-name\" x=\"%d\" y=\"%d\">%s</text>", x, y, at->name);
	for (unsigned bit = 0; bit < MODEL_STATES; bit++) {
		if (node_is_one_state(at) || !(at->states & 1U << bit))
			continue;
		y += SVG_LINE;
		fprintf(file, "<text x=\"%d\" y=\"%d\">%s</text>", x, y, diagram->state_name(bit));
	}
	svg_mark_node(file, diagram, node, x, y);
	fputs("</g>\n", file);
}

/* ---- edges ---- */

void svg_edge_begin(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_edge *edge = &diagram->edges[index];

	fputs("<g class=\"", file);
	svg_edge_class(file, diagram, index);
	fprintf(file, "\"><title>%s, %s: %s", diagram->nodes[edge->from].name, edge->label,
		diagram->nodes[edge->to].name);
	svg_mark_title(file, diagram, index);
	fputs("</title><path d=\"", file);
}

unsigned svg_edge_lines(const struct diagram *diagram, unsigned edge)
{
	return (diagram->edges[edge].undocumented ? 1 : 0) + svg_edge_marks(diagram, edge);
}

void svg_edge_end(FILE *file, const struct diagram *diagram, unsigned index, struct svg_label label,
		  int gap)
{
	const struct diagram_edge *edge = &diagram->edges[index];

	fprintf(file, "\" marker-end=\"url(#%s-head", svg_id(diagram));
	svg_edge_head(file, diagram, index);
	fprintf(file, ")\"/><text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s", label.x, label.y,
		label.anchor, edge->label);
	if (edge->undocumented)
		fprintf(file, "<tspan x=\"%d\" dy=\"%d\">undocumented</tspan>", label.x,
			SVG_LINE + gap);
	svg_mark_edge(file, diagram, index, label.x, edge->undocumented ? 0 : gap);
	fputs("</text></g>\n", file);
}

static void svg_write(FILE *file, const struct diagram *diagram)
{
	if (!svg_session(file, diagram))
		svg_ladder(file, diagram);
}

const struct diagram_format diagram_svg = { "svg", "a picture, light and dark (default)",
					    svg_write };
