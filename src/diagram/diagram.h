/* SPDX-License-Identifier: MIT */
/*
 * A machine as a picture: nodes and edges, made only from the tabulated model. Each format writes
 * this structure. Names come from the tables of the model and consist of letters and digits, so
 * that no format has to escape them.
 */
#ifndef DIAGRAM_DIAGRAM_H
#define DIAGRAM_DIAGRAM_H

#include <stdio.h>

#include "model/beliefs.h"

#define DIAGRAM_NODES MODEL_BELIEFS
#define DIAGRAM_EDGES (DIAGRAM_NODES * MODEL_EVENTS)

struct diagram_node {
	char name[BELIEF_NAME_SIZE];
	uint8_t states; /* bit n is the state named state_name(n) */
	bool final;     /* without outgoing edges */
};

/* One transition. Two events between the same nodes are two edges. */
struct diagram_edge {
	unsigned from, to; /* nodes */
	unsigned event;
	const char *label;
	bool undocumented; /* it is missing from the published table */
};

/* The machines that can be drawn. */
enum diagram_machine {
	DIAGRAM_SESSION,
	DIAGRAM_REGISTRATION,
};

struct overlay;

struct diagram {
	enum diagram_machine machine;
	const char *name, *summary; /* of the model */
	bool masked;                /* a driver's view, by EventMask */
	uint32_t mask;
	const char *(*state_name)(unsigned bit);
	struct diagram_node nodes[DIAGRAM_NODES];
	unsigned node_count;
	struct diagram_edge edges[DIAGRAM_EDGES]; /* by from, then by event */
	unsigned edge_count;
	unsigned start;
	const struct overlay *overlay; /* the counts of traces; NULL: none */
	/* prefix of the ids in an SVG for an HTML page; NULL: a separate file */
	const char *inline_id;
};

/* The recognizer @named, or as seen by a driver with @mask if that is not NULL. */
void diagram_of_model(const struct model_named *named, const uint32_t *mask,
		      struct diagram *ret_diagram);

void diagram_of_registration(struct diagram *ret_diagram);

static inline bool node_is_one_state(const struct diagram_node *node)
{
	return belief_is_one_state(node->states);
}

/* Whether any edge leads to it. */
bool node_is_entered(const struct diagram *diagram, unsigned node);

/* Writes the names of the node's states with @between between them. */
void node_print_states(FILE *file, const struct diagram *diagram, const struct diagram_node *node,
		       const char *between);

/* "published: the published table, every event seen", and the mask if there is one. */
void diagram_print_title(FILE *file, const struct diagram *diagram);

struct diagram_format {
	const char *name;
	const char *summary;
	void (*write)(FILE *file, const struct diagram *diagram);
};

extern const struct diagram_format diagram_svg, diagram_dot, diagram_mermaid, diagram_plantuml,
	diagram_scxml, diagram_matrix, diagram_ascii, diagram_json;

/*
 * The style rules that a page needs once for SVGs with an inline_id. Every selector begins with
 * .sessionlint. The colours follow the color-scheme of the page.
 */
void diagram_svg_style(FILE *file);

/* The formats, the default first; NULL after the last. */
const struct diagram_format *diagram_format_at(unsigned index);

#endif
