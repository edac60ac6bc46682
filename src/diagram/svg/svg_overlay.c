/* SPDX-License-Identifier: MIT */
/* What an overlay adds to the SVG at nodes and edges: classes, counts, times. */
#include <inttypes.h>

#include "diagram/svg/svg.h"
#include "trace/time.h"

/* ---- classes ---- */

static const char *const levels[] = {
	[OVERLAY_NEVER] = "never",
	[OVERLAY_POSSIBLE] = "possible",
	[OVERLAY_CERTAIN] = "certain",
};

void svg_node_class(FILE *file, const struct diagram *diagram, unsigned node)
{
	fputs("sl-node", file);
	if (diagram->overlay)
		fprintf(file, " sl-%s", levels[diagram->overlay->nodes[node].level]);
}

void svg_edge_class(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_edge *edge = &diagram->edges[index];
	const struct overlay_mark *mark = diagram->overlay ? &diagram->overlay->edges[index] : NULL;

	fputs("sl-edge", file);
	if (edge->undocumented)
		fputs(" sl-undocumented", file);
	if (mark)
		fprintf(file, " sl-%s sl-w%u", levels[mark->level], overlay_weight(mark));
	else if (!edge->undocumented && diagram->nodes[edge->to].final)
		fputs(" sl-over", file);
}

void svg_edge_head(FILE *file, const struct diagram *diagram, unsigned index)
{
	enum overlay_level level;

	if (!diagram->overlay)
		return;
	level = diagram->overlay->edges[index].level;
	fprintf(file, "-%s",
		diagram->edges[index].undocumented && level != OVERLAY_NEVER ? "undocumented"
									     : levels[level]);
}

unsigned svg_edge_round(const struct diagram *diagram, unsigned edge)
{
	return diagram->overlay ? diagram->overlay->edges[edge].level : 0;
}

/* ---- lines ---- */

/* Below @exact, all digits; the title of the edge has them anyway. */
static int short_number(uint64_t number, uint64_t exact, char *text, size_t size)
{
	static const struct {
		uint64_t unit;
		const char *letter;
	} units[] = {
		{ 1000000000000, "T" }, { 1000000000, "G" }, { 1000000, "M" }, { 1000, "k" }
	};

	if (number < exact)
		return snprintf(text, size, "%" PRIu64, number);
	for (unsigned i = 0;; i++)
		if (number >= units[i].unit)
			return snprintf(text, size, "%" PRIu64 "%s", number / units[i].unit,
					units[i].letter);
}

void svg_count_text(const struct ledger_tally *tally, char text[SVG_COUNT_SIZE])
{
	uint64_t exact = tally->possible ? 10000 : 1000000;
	int size = short_number(tally->certain, exact, text, SVG_COUNT_SIZE);

	if (!tally->possible)
		return;
	text[size++] = '-';
	short_number(tally->certain + tally->possible, exact, text + size,
		     SVG_COUNT_SIZE - (size_t)size);
}

unsigned svg_node_marks(const struct diagram *diagram, unsigned node)
{
	const struct overlay *overlay = diagram->overlay;
	struct ledger_tally illegal;

	if (!overlay)
		return 0;
	illegal = overlay_illegal_in(overlay, node);
	return (unsigned)node_is_entered(diagram, node) + (overlay->nodes[node].stay.count > 0) +
	       (illegal.certain || illegal.possible);
}

unsigned svg_edge_marks(const struct diagram *diagram, unsigned edge)
{
	return diagram->overlay ? 1 + (diagram->overlay->edges[edge].stay.count > 0) : 0;
}

void svg_mark_node(FILE *file, const struct diagram *diagram, unsigned node, int x, int y)
{
	const struct overlay *overlay = diagram->overlay;
	char count[SVG_COUNT_SIZE], stay[OVERLAY_STAY_SIZE];
	struct ledger_tally illegal;

	if (!overlay)
		return;
	if (node_is_entered(diagram, node)) {
		svg_count_text(&overlay->nodes[node].tally, count);
		y += SVG_LINE;
		fprintf(file, "<text class=\"sl-count\" x=\"%d\" y=\"%d\">%s</text>", x, y,
			overlay->nodes[node].hidden ? "hidden" : count);
	}
	if (overlay->nodes[node].stay.count) {
		overlay_stay_text(&overlay->nodes[node].stay, stay);
		y += SVG_LINE;
		fprintf(file, "<text class=\"sl-stay\" x=\"%d\" y=\"%d\">%s</text>", x, y, stay);
	}
	illegal = overlay_illegal_in(overlay, node);
	if (illegal.certain || illegal.possible) {
		svg_count_text(&illegal, count);
		y += SVG_LINE;
		fprintf(file, "<text class=\"sl-illegal\" x=\"%d\" y=\"%d\">illegal %s</text>", x,
			y, count);
	}
}

void svg_mark_edge(FILE *file, const struct diagram *diagram, unsigned edge, int x, int gap)
{
	const struct overlay *overlay = diagram->overlay;
	char text[SVG_COUNT_SIZE], stay[OVERLAY_STAY_SIZE];

	if (!overlay)
		return;
	svg_count_text(&overlay->edges[edge].tally, text);
	fprintf(file, "<tspan class=\"sl-count\" x=\"%d\" dy=\"%d\">%s</tspan>", x, SVG_LINE + gap,
		overlay->edges[edge].hidden ? "hidden" : text);
	if (!overlay->edges[edge].stay.count)
		return;
	overlay_stay_text(&overlay->edges[edge].stay, stay);
	fprintf(file, "<tspan class=\"sl-stay\" x=\"%d\" dy=\"%d\">%s</tspan>", x, SVG_LINE, stay);
}

void svg_mark_title(FILE *file, const struct diagram *diagram, unsigned edge)
{
	const struct overlay_stay *stay;
	char min[DURATION_TEXT_SIZE], max[DURATION_TEXT_SIZE];

	if (!diagram->overlay)
		return;
	overlay_print_edge(file, diagram->overlay, edge, "; ", "; ");
	stay = &diagram->overlay->edges[edge].stay;
	if (!stay->count)
		return;
	duration_format(stay->min, min);
	duration_format(stay->max, max);
	fprintf(file, " (%s to %s)", min, max);
}
