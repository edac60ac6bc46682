/* SPDX-License-Identifier: MIT */
/* SVG without a library, a script or anything from elsewhere; light or dark as its reader is. */
#include "diagram/svg.h"

#define NAME_HEIGHT  20
#define STATE_HEIGHT 15

/* The class keeps the rules from the rest of a page that the picture is pasted into. */
static const char style[] =
	"<style>\n"
	".sessionlint{font-family:Helvetica,Arial,\"Liberation Sans\",sans-serif;font-size:13px}\n"
	".sessionlint .paper{fill:#fff}\n"
	".sessionlint text{fill:#1f2328}\n"
	".sessionlint .node rect{fill:#f6f8fa;stroke:#424a53;stroke-width:1.5}\n"
	".sessionlint .node .inner{fill:none;stroke-width:1}\n"
	".sessionlint .node text{text-anchor:middle}\n"
	".sessionlint .name{font-weight:bold}\n"
	".sessionlint .edge path,.sessionlint .start path{fill:none;stroke:#424a53;"
	"stroke-width:1.5}\n"
	".sessionlint .edge text{stroke:#fff;stroke-width:3px;stroke-linejoin:round;"
	"paint-order:stroke}\n"
	".sessionlint .over path{stroke:#8c959f}\n"
	".sessionlint .undocumented path{stroke:#b34800;stroke-dasharray:6 4}\n"
	".sessionlint .undocumented text{fill:#953800}\n"
	".sessionlint .head,.sessionlint .start circle{fill:#424a53}\n"
	".sessionlint .on{fill:#2da44e;fill-opacity:.13}\n"
	".sessionlint .off{fill:#8250df;fill-opacity:.12}\n"
	".sessionlint .band{font-size:12px;font-style:italic}\n"
	"@media (prefers-color-scheme:dark){\n"
	".sessionlint .paper{fill:#0d1117}\n"
	".sessionlint text{fill:#e6edf3}\n"
	".sessionlint .node rect{fill:#1c2128;stroke:#b1bac4}\n"
	".sessionlint .node .inner{fill:none}\n"
	".sessionlint .edge path,.sessionlint .start path{stroke:#b1bac4}\n"
	".sessionlint .edge text{stroke:#0d1117}\n"
	".sessionlint .over path{stroke:#768390}\n"
	".sessionlint .undocumented path{stroke:#f0883e}\n"
	".sessionlint .undocumented text{fill:#ffa657}\n"
	".sessionlint .head,.sessionlint .start circle{fill:#b1bac4}\n"
	".sessionlint .on{fill:#3fb950;fill-opacity:.2}\n"
	".sessionlint .off{fill:#a371f7;fill-opacity:.2}\n"
	"}\n"
	"</style>\n";

static const char head[] =
	"<defs><marker id=\"sessionlint-head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" "
	"markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
	"<path class=\"head\" d=\"M0 1 L10 5 L0 9 z\"/></marker></defs>\n";

/* For those who do not see the picture. */
static void write_description(FILE *file, const struct diagram *diagram)
{
	fprintf(file, "<desc id=\"sessionlint-desc\">It begins in %s.",
		diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->node_count; i++) {
		if (node_is_one_state(&diagram->nodes[i]))
			continue;
		fprintf(file, " %s is any of ", diagram->nodes[i].name);
		node_print_states(file, diagram, &diagram->nodes[i], ", ");
		fputc('.', file);
	}
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		fprintf(file, " %s leads from %s to %s%s.", edge->label,
			diagram->nodes[edge->from].name, diagram->nodes[edge->to].name,
			edge->undocumented ? ", undocumented" : "");
	}
	fputs("</desc>\n", file);
}

void svg_begin(FILE *file, const struct diagram *diagram, int width, int height)
{
	fprintf(file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sessionlint\" width=\"%d\" "
		"height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
		"aria-labelledby=\"sessionlint-title sessionlint-desc\">\n"
		"<title id=\"sessionlint-title\">",
		width, height, width, height);
	diagram_print_title(file, diagram);
	fputs("</title>\n", file);
	write_description(file, diagram);
	fprintf(file, "%s%s<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", style, head,
		width, height);
}

void svg_end(FILE *file)
{
	fputs("</svg>\n", file);
}

void svg_start(FILE *file, int x, int y)
{
	fprintf(file,
		"<g class=\"start\"><circle cx=\"%d\" cy=\"%d\" r=\"5\"/>"
		"<path d=\"M%d %d L%d %d\" marker-end=\"url(#sessionlint-head)\"/></g>\n",
		x, y - 24, x, y - 24, x, y);
}

int svg_node_height(const struct diagram_node *node)
{
	int states = node_is_one_state(node) ? 0 : __builtin_popcount(node->states);

	return NAME_HEIGHT + states * STATE_HEIGHT;
}

void svg_node(FILE *file, const struct diagram *diagram, unsigned node, struct svg_box box)
{
	const struct diagram_node *at = &diagram->nodes[node];
	int x = box.x + box.width / 2;
	int y = box.y + (box.height - svg_node_height(at)) / 2 + NAME_HEIGHT - 5;

	fprintf(file,
		"<g class=\"node\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"9\"/>",
		box.x, box.y, box.width, box.height);
	if (at->final)
		fprintf(file,
			"<rect class=\"inner\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
			"rx=\"6\"/>",
			box.x + 4, box.y + 4, box.width - 8, box.height - 8);
	fprintf(file, "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>", x, y, at->name);
	for (unsigned bit = 0; bit < MODEL_STATES; bit++) {
		if (node_is_one_state(at) || !(at->states & 1U << bit))
			continue;
		y += STATE_HEIGHT;
		fprintf(file, "<text x=\"%d\" y=\"%d\">%s</text>", x, y, diagram->state_name(bit));
	}
	fputs("</g>\n", file);
}

void svg_edge_begin(FILE *file, const struct diagram *diagram, const struct diagram_edge *edge)
{
	const char *class = edge->undocumented               ? " undocumented"
			    : diagram->nodes[edge->to].final ? " over"
							     : "";

	fprintf(file, "<g class=\"edge%s\"><title>%s, %s: %s</title><path d=\"", class,
		diagram->nodes[edge->from].name, edge->label, diagram->nodes[edge->to].name);
}

void svg_edge_end(FILE *file, const struct diagram_edge *edge, struct svg_label label)
{
	fprintf(file,
		"\" marker-end=\"url(#sessionlint-head)\"/>"
		"<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s",
		label.x, label.y, label.anchor, edge->label);
	if (edge->undocumented)
		fprintf(file, "<tspan x=\"%d\" dy=\"16\">undocumented</tspan>", label.x);
	fputs("</text></g>\n", file);
}

static void svg_write(FILE *file, const struct diagram *diagram)
{
	if (!svg_session(file, diagram))
		svg_ladder(file, diagram);
}

const struct diagram_format diagram_svg = { "svg", "a picture, light and dark (default)",
					    svg_write };
