/* SPDX-License-Identifier: MIT */
/*
 * A machine as a picture: nodes and edges, made from the tabulated model and nothing else. Each
 * format writes this structure. Names in it are those of the model's own tables, letters and
 * digits, so that no format has to escape them.
 */
#ifndef DIAGRAM_DIAGRAM_H
#define DIAGRAM_DIAGRAM_H

#include <stdio.h>

#include "model/beliefs.h"

#define DIAGRAM_NODES MODEL_BELIEFS
#define DIAGRAM_EDGES (DIAGRAM_NODES * MODEL_EVENTS)

struct diagram_node {
	char name[BELIEF_NAME_SIZE];
	uint8_t states; /* bit n is the state of which state_name(n) is the name */
	bool final;     /* no edge leaves it */
};

/* One transition. Two events between the same nodes are two edges. */
struct diagram_edge {
	unsigned from, to; /* nodes */
	unsigned event;
	const char *label;
	bool undocumented; /* the published table lacks it */
};

/* The machines of which there are diagrams. */
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
	const struct overlay *overlay; /* what traces did with it; NULL: nobody asked */
	/* an SVG for a page of HTML: what the ids in it begin with; NULL: a file of its own */
	const char *inline_id;
};

/* The recognizer @named, or what a driver with @mask sees of it if @mask is not NULL. */
void diagram_of_model(const struct model_named *named, const uint32_t *mask,
		      struct diagram *ret_diagram);

#define DIAGRAM_REGISTRATION_NAME "registration"
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
 * The rules that a page needs once for the SVGs with an inline_id, to stand in a <style>. Every
 * selector begins with .sessionlint. The colours follow the page's own color-scheme.
 */
void diagram_svg_style(FILE *file);

/* The formats, the default first; NULL behind the last. */
const struct diagram_format *diagram_format_at(unsigned index);

#endif
