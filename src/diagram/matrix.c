/* SPDX-License-Identifier: MIT */
/*
 * Markdown with the layout of the picture on the page "IO_SESSION_STATE enumeration (wdm.h)":
 * columns are the states before, rows the states after, cells the events. States that are never
 * left have no column, states that are never entered no row. Below that: illegal events, and stays.
 */
#include "diagram/overlay.h"

static bool is_illegal_in(const struct overlay *overlay, unsigned node)
{
	for (unsigned i = 0; overlay && i < overlay->illegal_count; i++)
		if (overlay->illegal[i].node == node)
			return true;
	return false;
}

/* Something can be illegal where nothing is allowed. */
static bool has_column(const struct diagram *diagram, unsigned node)
{
	return !diagram->nodes[node].final || is_illegal_in(diagram->overlay, node);
}

static void write_cell(FILE *file, const struct diagram *diagram, unsigned from, unsigned to)
{
	const char *before = " ";

	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		if (edge->from != from || edge->to != to)
			continue;
		fprintf(file, "%s*%s*%s", before, edge->label,
			edge->undocumented ? " (undocumented)" : "");
		if (diagram->overlay)
			overlay_print_edge(file, diagram->overlay, i, " ", "; ");
		before = ", ";
	}
	fputs(" |", file);
}

static void write_illegal_cell(FILE *file, const struct diagram *diagram, unsigned node)
{
	const struct overlay *overlay = diagram->overlay;
	const char *before = " ";

	for (unsigned i = 0; i < overlay->illegal_count; i++) {
		const struct overlay_illegal *illegal = &overlay->illegal[i];
		char count[OVERLAY_COUNT_SIZE];

		if (illegal->node != node)
			continue;
		overlay_count_text(&illegal->tally, count);
		fprintf(file, "%s*%s*%s %s", before, illegal->label,
			illegal->undocumented ? " (undocumented)" : "", count);
		before = ", ";
	}
	fputs(" |", file);
}

static void write_stay_cell(FILE *file, const struct diagram *diagram, unsigned node)
{
	char stay[OVERLAY_STAY_SIZE];

	overlay_stay_text(&diagram->overlay->nodes[node].stay, stay);
	fprintf(file, "%s%s |", *stay ? " " : "", stay);
}

/* The head of a row: the node that is entered, and how often. */
static void write_head(FILE *file, const struct diagram *diagram, unsigned node)
{
	char count[OVERLAY_COUNT_SIZE];

	fprintf(file, "| **%s**", diagram->nodes[node].name);
	if (diagram->overlay) {
		const struct overlay_mark *mark = &diagram->overlay->nodes[node];

		overlay_count_text(&mark->tally, count);
		fprintf(file, " %s", mark->hidden ? "hidden" : count);
	}
	fputs(" |", file);
}

static void write_row(FILE *file, const struct diagram *diagram, const char *name,
		      void (*write)(FILE *file, const struct diagram *diagram, unsigned node))
{
	fprintf(file, "| %s |", name);
	for (unsigned node = 0; node < diagram->node_count; node++)
		if (has_column(diagram, node))
			write(file, diagram, node);
	fputc('\n', file);
}

static void write_name(FILE *file, const struct diagram *diagram, unsigned node)
{
	fprintf(file, " %s |", diagram->nodes[node].name);
}

static void write_rows(FILE *file, const struct diagram *diagram)
{
	write_row(file, diagram, "to \\ from", write_name);
	fputs("|---|", file);
	for (unsigned from = 0; from < diagram->node_count; from++)
		if (has_column(diagram, from))
			fputs("---|", file);
	fputc('\n', file);
	for (unsigned to = 0; to < diagram->node_count; to++) {
		if (!node_is_entered(diagram, to))
			continue;
		write_head(file, diagram, to);
		for (unsigned from = 0; from < diagram->node_count; from++)
			if (has_column(diagram, from))
				write_cell(file, diagram, from, to);
		fputc('\n', file);
	}
	if (!diagram->overlay)
		return;
	write_row(file, diagram, "illegal", write_illegal_cell);
	write_row(file, diagram, "stays, about", write_stay_cell);
}

static void matrix_write(FILE *file, const struct diagram *diagram)
{
	char note[OVERLAY_NOTE_SIZE];

	write_rows(file, diagram);
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
	if (!diagram->overlay)
		return;
	fputc('\n', file);
	overlay_print_title(file, diagram->overlay);
	fputs(".\n\n", file);
	for (unsigned i = 0; overlay_note_at(diagram->overlay, i, note); i++)
		fprintf(file, "- %s\n", note);
}

const struct diagram_format diagram_matrix = { "matrix",
					       "the layout of the published table, in Markdown",
					       matrix_write };
