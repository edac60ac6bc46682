/* SPDX-License-Identifier: MIT */
/* What the layouts of the SVG share. Lengths are in pixels of a picture about 800 wide. */
#ifndef DIAGRAM_SVG_H
#define DIAGRAM_SVG_H

#include "diagram/diagram.h"

struct svg_box {
	int x, y, width, height;
};

struct svg_label {
	int x, y;           /* of its base line */
	const char *anchor; /* start, middle or end */
};

/* Opens and closes a picture of that size. */
void svg_begin(FILE *file, const struct diagram *diagram, int width, int height);
void svg_end(FILE *file);

/* The dot and the arrow that lead down to the start at @x, @y. */
void svg_start(FILE *file, int x, int y);

/* Lists the states below the name unless the node is one state. */
void svg_node(FILE *file, const struct diagram *diagram, unsigned node, struct svg_box box);

/* What svg_node() needs at least. */
int svg_node_height(const struct diagram_node *node);

/* Begins an edge, up to the data of its path, and ends it. */
void svg_edge_begin(FILE *file, const struct diagram *diagram, const struct diagram_edge *edge);
void svg_edge_end(FILE *file, const struct diagram_edge *edge, struct svg_label label);

/* Laid out by hand for the life of a session; false, and nothing written, if it is another's. */
bool svg_session(FILE *file, const struct diagram *diagram);

/* Laid out for whatever it is. */
void svg_ladder(FILE *file, const struct diagram *diagram);

#endif
