/* SPDX-License-Identifier: MIT */
/* What an overlay adds to the SVG at nodes and edges: classes, counts, times. */
#include <inttypes.h>

#include "diagram/svg.h"

/* ---- classes ---- */

const char *svg_node_class(const struct diagram *diagram, unsigned node)
{
	static const char *const classes[] = {
		[OVERLAY_NEVER] = " sl-never",
		[OVERLAY_HIDDEN] = " sl-never",
		[OVERLAY_POSSIBLE] = " sl-possible",
		[OVERLAY_CERTAIN] = " sl-certain",
	};

	return diagram->overlay ? classes[diagram->overlay->nodes[node].level] : "";
}

const char *svg_edge_class(const struct diagram *diagram, unsigned index)
{
	/* by level, by whether it is undocumented, and by how often it was taken */
	static const char *const classes[][2] = {
		[OVERLAY_NEVER] = { " sl-never", " sl-undocumented sl-never" },
		[OVERLAY_HIDDEN] = { " sl-never", " sl-undocumented sl-never" },
		[OVERLAY_POSSIBLE] = { " sl-possible", " sl-undocumented sl-possible" },
	};
	static const struct {
		uint64_t least;
		const char *classes[2];
	} weights[] = {
		{ 1000, { " sl-certain sl-w4", " sl-undocumented sl-certain sl-w4" } },
		{ 100, { " sl-certain sl-w3", " sl-undocumented sl-certain sl-w3" } },
		{ 10, { " sl-certain sl-w2", " sl-undocumented sl-certain sl-w2" } },
		{ 0, { " sl-certain", " sl-undocumented sl-certain" } },
	};
	const struct diagram_edge *edge = &diagram->edges[index];
	const struct overlay_mark *mark;
	unsigned i = 0;

	if (!diagram->overlay)
		return edge->undocumented               ? " sl-undocumented"
		       : diagram->nodes[edge->to].final ? " sl-over"
							: "";
	mark = &diagram->overlay->edges[index];
	if (mark->level != OVERLAY_CERTAIN)
		return classes[mark->level][edge->undocumented];
	while (mark->tally.certain < weights[i].least)
		i++;
	return weights[i].classes[edge->undocumented];
}

const char *svg_edge_head(const struct diagram *diagram, unsigned index)
{
	static const char *const heads[] = {
		[OVERLAY_NEVER] = "-never",
		[OVERLAY_HIDDEN] = "-never",
		[OVERLAY_POSSIBLE] = "-possible",
		[OVERLAY_CERTAIN] = "-certain",
	};
	enum overlay_level level;

	if (!diagram->overlay)
		return "";
	level = diagram->overlay->edges[index].level;
	return diagram->edges[index].undocumented && level >= OVERLAY_POSSIBLE ? "-undocumented"
									       : heads[level];
}

/* ---- lines ---- */

/* Five characters at most: the title of the edge has all digits. */
static int short_number(uint64_t number, char *text, size_t size)
{
	static const struct {
		uint64_t unit;
		const char *letter;
	} units[] = {
		{ 1000000000000, "T" }, { 1000000000, "G" }, { 1000000, "M" }, { 1000, "k" }
	};

	if (number < 100000)
		return snprintf(text, size, "%" PRIu64, number);
	for (unsigned i = 0;; i++)
		if (number >= units[i].unit)
			return snprintf(text, size, "%" PRIu64 "%s", number / units[i].unit,
					units[i].letter);
}

void svg_count_text(const struct ledger_tally *tally, char text[SVG_COUNT_SIZE])
{
	int size = short_number(tally->certain, text, SVG_COUNT_SIZE);

	if (!tally->possible)
		return;
	text[size++] = '-';
	short_number(tally->certain + tally->possible, text + size, SVG_COUNT_SIZE - (size_t)size);
}

static bool node_is_entered(const struct diagram *diagram, unsigned node)
{
	for (unsigned i = 0; i < diagram->edge_count; i++)
		if (diagram->edges[i].to == node)
			return true;
	return false;
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
		fprintf(file, "<text class=\"sl-count\" x=\"%d\" y=\"%d\">%s</text>", x, y, count);
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

void svg_mark_edge(FILE *file, const struct diagram *diagram, unsigned edge, int x)
{
	const struct overlay *overlay = diagram->overlay;
	char text[SVG_COUNT_SIZE], stay[OVERLAY_STAY_SIZE];

	if (!overlay)
		return;
	svg_count_text(&overlay->edges[edge].tally, text);
	fprintf(file, "<tspan class=\"sl-count\" x=\"%d\" dy=\"%d\">%s</tspan>", x, SVG_LINE,
		overlay->edges[edge].level == OVERLAY_HIDDEN ? "hidden" : text);
	if (!overlay->edges[edge].stay.count)
		return;
	overlay_stay_text(&overlay->edges[edge].stay, stay);
	fprintf(file, "<tspan class=\"sl-stay\" x=\"%d\" dy=\"%d\">%s</tspan>", x, SVG_LINE, stay);
}

void svg_mark_title(FILE *file, const struct diagram *diagram, unsigned edge)
{
	const struct overlay *overlay = diagram->overlay;
	char text[OVERLAY_COUNT_SIZE];

	if (!overlay)
		return;
	overlay_count_text(&overlay->edges[edge].tally, text);
	fprintf(file, "; %s", text);
	overlay_print_stay(file, &overlay->edges[edge].stay);
}
