/* SPDX-License-Identifier: MIT */
/*
 * The layout for any machine: nodes one below the other. Edges down leave to the right, those up to
 * the left. Edges to the same node share a trunk; trunks to near nodes are inside. Each edge has
 * its own row beside the node that it leaves, with its name.
 */
#include <stdlib.h>

#include "diagram/svg/svg.h"

#define MARGIN      14
#define TOP         38 /* room for the start */
#define GAP         26 /* between nodes */
#define BOX_WIDTH   180
#define LABEL_WIDTH 150
#define TRACK       15 /* between trunks */
#define ROW         24
#define EXTRA       16 /* space for a loop besides its label */
#define RADIUS      7
#define LABEL_GAP   4 /* the edge is between the first line of its label and the others */

enum side {
	LEFT,
	RIGHT,
};

struct ladder {
	int y[DIAGRAM_NODES], height[DIAGRAM_NODES];
	int entry[2][DIAGRAM_NODES]; /* where the trunk of the node enters it; 0: it has none */
	int span[2][DIAGRAM_NODES];  /* how many nodes the trunk passes at most */
	unsigned track[2][DIAGRAM_NODES];
	unsigned tracks[2];
	int row[DIAGRAM_EDGES];
	int x, bottom; /* of the boxes' left border; of all */
};

static bool is_loop(const struct diagram_edge *edge)
{
	return edge->from == edge->to;
}

static enum side side_of(const struct diagram_edge *edge)
{
	return edge->to < edge->from ? LEFT : RIGHT;
}

static int lines_height(const struct diagram *diagram, unsigned edge)
{
	int lines = (int)svg_edge_lines(diagram, edge) * SVG_LINE;

	return lines ? lines + LABEL_GAP : 0;
}

/* From where a loop leaves its node to where it enters it again: its label is in it. */
static int loop_height(const struct diagram *diagram, unsigned edge)
{
	return lines_height(diagram, edge) + EXTRA;
}

/* What an edge takes below its row. */
static int extra(const struct diagram *diagram, unsigned edge)
{
	return is_loop(&diagram->edges[edge]) ? loop_height(diagram, edge)
					      : lines_height(diagram, edge);
}

/* Gives the edges that leave @node by @side their rows from @y on; returns what is below them. */
static int place_rows(const struct diagram *diagram, struct ladder *ladder, unsigned node,
		      enum side side, int y)
{
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		if (edge->from != node || side_of(edge) != side)
			continue;
		ladder->row[i] = y + ROW - 6;
		y += ROW + extra(diagram, i);
	}
	return y;
}

static void place_nodes(const struct diagram *diagram, struct ladder *ladder)
{
	int y = TOP;

	for (unsigned node = 0; node < diagram->node_count; node++) {
		int bottom = y + svg_node_height(diagram, node) + 12;

		for (enum side side = LEFT; side <= RIGHT; side++) {
			int below = y;

			if (ladder->span[side][node]) {
				ladder->entry[side][node] = y + 11;
				below += ROW - 4;
			}
			below = place_rows(diagram, ladder, node, side, below) + 8;
			if (below > bottom)
				bottom = below;
		}
		ladder->y[node] = y;
		ladder->height[node] = bottom - y;
		y = bottom + GAP;
	}
	ladder->bottom = y - GAP + MARGIN;
}

static void find_spans(const struct diagram *diagram, struct ladder *ladder)
{
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];
		int *span = &ladder->span[side_of(edge)][edge->to];
		int passes = abs((int)edge->to - (int)edge->from);

		if (passes > *span)
			*span = passes;
	}
}

/* A track for each trunk, the shortest inside. */
static void place_trunks(const struct diagram *diagram, struct ladder *ladder)
{
	for (enum side side = LEFT; side <= RIGHT; side++)
		for (unsigned span = 1; span < diagram->node_count; span++)
			for (unsigned node = 0; node < diagram->node_count; node++)
				if (ladder->span[side][node] == (int)span)
					ladder->track[side][node] = ladder->tracks[side]++;
}

static void write_edge(FILE *file, const struct diagram *diagram, const struct ladder *ladder,
		       unsigned index)
{
	const struct diagram_edge *edge = &diagram->edges[index];
	enum side side = side_of(edge);
	int out = side == LEFT ? -1 : 1;            /* away from the boxes */
	int along = edge->to < edge->from ? -1 : 1; /* to the node */
	int border = side == LEFT ? ladder->x : ladder->x + BOX_WIDTH;
	int trunk = border + out * LABEL_WIDTH, from = ladder->row[index], to;

	if (is_loop(edge)) {
		trunk -= out * TRACK;
		to = from + loop_height(diagram, index);
	} else {
		trunk += out * TRACK * (int)ladder->track[side][edge->to];
		to = ladder->entry[side][edge->to];
	}
	svg_edge_begin(file, diagram, index);
	fprintf(file, "M%d %d L%d %d Q%d %d %d %d L%d %d Q%d %d %d %d L%d %d", border, from,
		trunk - out * RADIUS, from, trunk, from, trunk, from + along * RADIUS, trunk,
		to - along * RADIUS, trunk, to, trunk - out * RADIUS, to, border, to);
	svg_edge_end(
		file, diagram, index,
		(struct svg_label) { border + out * 8, from - 5, side == LEFT ? "end" : "start" },
		LABEL_GAP);
}

void svg_ladder(FILE *file, const struct diagram *diagram)
{
	struct ladder places = { .bottom = 0 }, *ladder = &places;
	int width;

	find_spans(diagram, ladder);
	place_nodes(diagram, ladder);
	place_trunks(diagram, ladder);
	ladder->x = MARGIN + LABEL_WIDTH + TRACK * (int)ladder->tracks[LEFT];
	width = ladder->x + BOX_WIDTH + LABEL_WIDTH + TRACK * (int)ladder->tracks[RIGHT] + MARGIN;
	svg_begin(file, diagram, width, ladder->bottom);
	svg_start(file, diagram, ladder->x + BOX_WIDTH / 2, ladder->y[diagram->start]);
	for (unsigned round = 0; round < SVG_ROUNDS; round++)
		for (unsigned i = 0; i < diagram->edge_count; i++)
			if (svg_edge_round(diagram, i) == round)
				write_edge(file, diagram, ladder, i);
	for (unsigned i = 0; i < diagram->node_count; i++)
		svg_node(
			file, diagram, i,
			(struct svg_box) { ladder->x, ladder->y[i], BOX_WIDTH, ladder->height[i] });
	svg_end(file, diagram, width, ladder->bottom);
}
