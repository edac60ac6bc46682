/* SPDX-License-Identifier: MIT */
/*
 * Markdown with the layout of the picture on the page "IO_SESSION_STATE enumeration (wdm.h)": from
 * is a column, to is a row, the event stands in the cell. What nothing leaves has no column, what
 * nothing enters no row.
 */
#include "diagram/diagram.h"

static void write_cell(FILE *file, const struct diagram *diagram, unsigned from, unsigned to)
{
	const char *before = " ";

	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		if (edge->from != from || edge->to != to)
			continue;
		fprintf(file, "%s*%s*%s", before, edge->label,
			edge->undocumented ? " (undocumented)" : "");
		before = ", ";
	}
	fputs(" |", file);
}

static void matrix_write(FILE *file, const struct diagram *diagram)
{
	fputs("| to \\ from |", file);
	for (unsigned from = 0; from < diagram->node_count; from++)
		if (!diagram->nodes[from].final)
			fprintf(file, " %s |", diagram->nodes[from].name);
	fputs("\n|---|", file);
	for (unsigned from = 0; from < diagram->node_count; from++)
		if (!diagram->nodes[from].final)
			fputs("---|", file);
	fputc('\n', file);
	for (unsigned to = 0; to < diagram->node_count; to++) {
		if (!node_is_entered(diagram, to))
			continue;
		fprintf(file, "| **%s** |", diagram->nodes[to].name);
		for (unsigned from = 0; from < diagram->node_count; from++)
			if (!diagram->nodes[from].final)
				write_cell(file, diagram, from, to);
		fputc('\n', file);
	}
	fputc('\n', file);
	diagram_print_title(file, diagram);
	fprintf(file, ". It begins in %s.\n", diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->node_count; i++) {
		if (node_is_one_state(&diagram->nodes[i]))
			continue;
		fprintf(file, "%s- %s: any of ", i == 0 ? "\n" : "", diagram->nodes[i].name);
		node_print_states(file, diagram, &diagram->nodes[i], ", ");
		fputc('\n', file);
	}
}

const struct diagram_format diagram_matrix = { "matrix", "the published picture's layout, Markdown",
					       matrix_write };
