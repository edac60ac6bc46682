/* SPDX-License-Identifier: MIT */
/* For terminals: a column for each node, a line for each transition, an arrow between the two. */
#include <string.h>

#include "diagram/diagram.h"

/* What the columns take at most where they can, and what each takes. */
#define WIDTH        52
#define COLUMN_WIDTH 7
#define COLUMN_LEAST 3

static unsigned column_width(const struct diagram *diagram)
{
	unsigned width = WIDTH / (diagram->node_count ? diagram->node_count : 1);

	return width > COLUMN_WIDTH ? COLUMN_WIDTH : width < COLUMN_LEAST ? COLUMN_LEAST : width;
}

static void write_header(FILE *file, const struct diagram *diagram, unsigned width)
{
	for (unsigned i = 0; i < diagram->node_count; i++) {
		const struct diagram_node *node = &diagram->nodes[i];

		for (unsigned j = 0; j < i; j++)
			fprintf(file, "%-*s", (int)width, "|");
		fputs(node->name, file);
		if (!node_is_one_state(node)) {
			fputs(" = ", file);
			node_print_states(file, diagram, node, ", ");
		}
		if (i == diagram->start)
			fputs(" (start)", file);
		fputc('\n', file);
	}
}

/* Between the columns of its nodes, from the o to the head; a loop is an @. */
static void write_edge(FILE *file, const struct diagram *diagram, const struct diagram_edge *edge,
		       unsigned width)
{
	char line[DIAGRAM_NODES * COLUMN_WIDTH];
	unsigned from = edge->from * width, to = edge->to * width;
	unsigned low = from < to ? from : to, high = from < to ? to : from;
	unsigned size = (diagram->node_count - 1) * width + 1;

	memset(line, ' ', sizeof line);
	for (unsigned i = 0; i < size; i += width)
		line[i] = '|';
	for (unsigned i = low; i <= high; i++)
		if (line[i] == ' ')
			line[i] = edge->undocumented && (i - low) % 2 ? ' ' : '-';
	line[from] = 'o';
	if (from < to)
		line[to - 1] = '>';
	else if (to < from)
		line[to + 1] = '<';
	else
		line[from] = '@';
	fprintf(file, "%.*s   %s%s\n", (int)size, line, edge->label,
		edge->undocumented ? " (undocumented)" : "");
}

static void ascii_write(FILE *file, const struct diagram *diagram)
{
	unsigned width = column_width(diagram);

	diagram_print_title(file, diagram);
	fputs("\n\n", file);
	write_header(file, diagram, width);
	for (unsigned i = 0; i < diagram->edge_count; i++)
		write_edge(file, diagram, &diagram->edges[i], width);
}

const struct diagram_format diagram_ascii = { "ascii", "for terminals", ascii_write };
