/* SPDX-License-Identifier: MIT */
/* For terminals: a column per node, a line per transition with an arrow. */
#include <string.h>

#include "diagram/overlay.h"

/* The preferred maximum width of all columns, and of each. */
#define WIDTH        52
#define COLUMN_WIDTH 7
#define COLUMN_MIN   3

static unsigned column_width(const struct diagram *diagram)
{
	unsigned width = WIDTH / (diagram->node_count ? diagram->node_count : 1);

	return width > COLUMN_WIDTH ? COLUMN_WIDTH : width < COLUMN_MIN ? COLUMN_MIN : width;
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
		if (diagram->overlay)
			overlay_print_node(file, diagram, i, "   ", "  ");
		fputc('\n', file);
	}
}

/* Between the columns of its nodes, from the o to the head; a loop is an @. */
static void write_edge(FILE *file, const struct diagram *diagram, unsigned index, unsigned width)
{
	const struct diagram_edge *edge = &diagram->edges[index];
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
	fprintf(file, "%.*s   %s%s", (int)size, line, edge->label,
		edge->undocumented ? " (undocumented)" : "");
	if (diagram->overlay)
		overlay_print_edge(file, diagram->overlay, index, "  ", "  ");
	fputc('\n', file);
}

/* From the o of its node to the x beside it. */
static void write_illegal(FILE *file, const struct diagram *diagram,
			  const struct overlay_illegal *illegal, unsigned width)
{
	char line[DIAGRAM_NODES * COLUMN_WIDTH], count[OVERLAY_COUNT_SIZE];
	unsigned size = (diagram->node_count - 1) * width + 1, from = illegal->node * width;

	memset(line, ' ', sizeof line);
	for (unsigned i = 0; i < size; i += width)
		line[i] = '|';
	memcpy(line + from, "o-x", 3);
	if (from + 3 > size)
		size = from + 3;
	overlay_count_text(&illegal->tally, count);
	fprintf(file, "%.*s   %s (illegal%s)  %s\n", (int)size, line, illegal->label,
		illegal->undocumented ? ", undocumented" : "", count);
}

static void write_legend(FILE *file, const struct overlay *overlay)
{
	char note[OVERLAY_NOTE_SIZE];

	fputc('\n', file);
	overlay_print_title(file, overlay);
	fputc('\n', file);
	for (unsigned i = 0; overlay_note_at(overlay, i, note); i++)
		fprintf(file, "  %s\n", note);
}

static void ascii_write(FILE *file, const struct diagram *diagram)
{
	const struct overlay *overlay = diagram->overlay;
	unsigned width = column_width(diagram);

	diagram_print_title(file, diagram);
	fputs("\n\n", file);
	write_header(file, diagram, width);
	for (unsigned i = 0; i < diagram->edge_count; i++)
		write_edge(file, diagram, i, width);
	if (!overlay)
		return;
	for (unsigned i = 0; i < overlay->illegal_count; i++)
		write_illegal(file, diagram, &overlay->illegal[i], width);
	write_legend(file, overlay);
}

const struct diagram_format diagram_ascii = { "ascii", "for terminals", ascii_write };
