/* SPDX-License-Identifier: MIT */
/* What the layouts of the SVG share. Lengths are in pixels, for a picture about 800 wide. */
#ifndef DIAGRAM_SVG_SVG_H
#define DIAGRAM_SVG_SVG_H

#include "diagram/overlay.h"

struct svg_box {
	int x, y, width, height;
};

struct svg_label {
	int x, y;           /* of its base line */
	const char *anchor; /* start, middle or end */
};

/* The height of each further line of a label. */
#define SVG_LINE 15

/* Opens and closes a picture of that size; an overlay adds a part below it. */
void svg_begin(FILE *file, const struct diagram *diagram, int width, int height);
void svg_end(FILE *file, const struct diagram *diagram, int width, int height);

/* The dot and the arrow down to the start at @x, @y. */
void svg_start(FILE *file, const struct diagram *diagram, int x, int y);

/* Lists the states below the name unless the node is a single state, and the counts of traces. */
void svg_node(FILE *file, const struct diagram *diagram, unsigned node, struct svg_box box);

/* What svg_node() needs at least. */
int svg_node_height(const struct diagram *diagram, unsigned node);

/*
 * Begins an edge, up to the data of its path, and ends it. @gap is what stays free between the
 * first line of the label and the next.
 */
void svg_edge_begin(FILE *file, const struct diagram *diagram, unsigned edge);
void svg_edge_end(FILE *file, const struct diagram *diagram, unsigned edge, struct svg_label label,
		  int gap);

/* Edges are drawn in rounds, from 0, so that edges that occurred are above the others. */
#define SVG_ROUNDS (OVERLAY_CERTAIN + 1)
unsigned svg_edge_round(const struct diagram *diagram, unsigned edge);

/* The lines below the first that the label of an edge has. */
unsigned svg_edge_lines(const struct diagram *diagram, unsigned edge);

/* The prefix of the ids in the picture. */
const char *svg_id(const struct diagram *diagram);

/* The manual layout for the session machine; false, and nothing written, for any other. */
bool svg_session(FILE *file, const struct diagram *diagram);

/* The automatic layout for any machine. */
void svg_ladder(FILE *file, const struct diagram *diagram);

/* ---- style.c ---- */

/* The <style> of a separate file: light or dark as the viewer. */
void svg_style(FILE *file, const struct diagram *diagram);

/* The heads of arrows, one for each class of lines. */
void svg_heads(FILE *file, const struct diagram *diagram);

/* ---- svg_overlay.c: of an overlay, if there is one ---- */

/* The classes of a node, of an edge, and the kind of an edge's head, with a dash before it. */
void svg_node_class(FILE *file, const struct diagram *diagram, unsigned node);
void svg_edge_class(FILE *file, const struct diagram *diagram, unsigned edge);
void svg_edge_head(FILE *file, const struct diagram *diagram, unsigned edge);

/* The number of lines that traces add to a node or an edge, and those lines. */
unsigned svg_node_marks(const struct diagram *diagram, unsigned node);
unsigned svg_edge_marks(const struct diagram *diagram, unsigned edge);
void svg_mark_node(FILE *file, const struct diagram *diagram, unsigned node, int x, int y);
void svg_mark_edge(FILE *file, const struct diagram *diagram, unsigned edge, int x, int gap);

/* The additional text of the tooltip of an edge. */
void svg_mark_title(FILE *file, const struct diagram *diagram, unsigned edge);

#define SVG_COUNT_SIZE 96

/* As overlay_count_text(), in nine characters if possible: "4711-120k". */
void svg_count_text(const struct ledger_tally *tally, char text[SVG_COUNT_SIZE]);

/* ---- legend.c ---- */

/* The part below a picture of that size, and its height; none without an overlay. */
void svg_legend(FILE *file, const struct diagram *diagram, int width, int height);
int svg_legend_height(const struct diagram *diagram, int width);

#endif
