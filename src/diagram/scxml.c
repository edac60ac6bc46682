/* SPDX-License-Identifier: MIT */
/*
 * State Chart XML ("State Chart XML (SCXML)", W3C Recommendation 1 September 2015). Where it has no
 * attribute or element, one of this project's namespace is used; its schema allows that.
 */
#include <inttypes.h>

#include "diagram/overlay.h"

static void write_tally(FILE *file, const struct ledger_tally *tally)
{
	fprintf(file, " sl:count=\"%" PRIu64 "\"", tally->certain);
	if (tally->possible)
		fprintf(file, " sl:possible=\"%" PRIu64 "\"", tally->possible);
}

static void write_mark(FILE *file, const struct overlay_mark *mark)
{
	write_tally(file, &mark->tally);
	if (mark->hidden)
		fputs(" sl:hidden=\"true\"", file);
	if (mark->stay.count)
		fprintf(file, " sl:stays=\"%" PRIu64 "\" sl:median=\"%" PRIu64 "\"",
			mark->stay.count, mark->stay.median);
}

static void write_transitions(FILE *file, const struct diagram *diagram, unsigned node)
{
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		if (edge->from != node)
			continue;
		fprintf(file, "    <transition event=\"%s\" target=\"%s\"%s", edge->label,
			diagram->nodes[edge->to].name,
			edge->undocumented ? " sl:undocumented=\"true\"" : "");
		if (diagram->overlay)
			write_mark(file, &diagram->overlay->edges[i]);
		fputs("/>\n", file);
	}
}

/* Not a transition: the machine does not have it. */
static void write_illegal(FILE *file, const struct overlay *overlay, unsigned node)
{
	for (unsigned i = 0; i < overlay->illegal_count; i++) {
		const struct overlay_illegal *illegal = &overlay->illegal[i];

		if (illegal->node != node)
			continue;
		fprintf(file, "    <sl:illegal sl:event=\"%s\"%s", illegal->label,
			illegal->undocumented ? " sl:undocumented=\"true\"" : "");
		write_tally(file, &illegal->tally);
		fputs("/>\n", file);
	}
}

static bool has_illegal(const struct overlay *overlay, unsigned node)
{
	for (unsigned i = 0; overlay && i < overlay->illegal_count; i++)
		if (overlay->illegal[i].node == node)
			return true;
	return false;
}

static void write_node(FILE *file, const struct diagram *diagram, unsigned index)
{
	const struct diagram_node *node = &diagram->nodes[index];
	const char *element = node->final ? "final" : "state";

	fprintf(file, "  <%s id=\"%s\"", element, node->name);
	if (!node_is_one_state(node)) {
		fputs(" sl:states=\"", file);
		node_print_states(file, diagram, node, " ");
		fputc('"', file);
	}
	if (diagram->overlay)
		write_mark(file, &diagram->overlay->nodes[index]);
	if (node->final && !has_illegal(diagram->overlay, index)) {
		fputs("/>\n", file);
		return;
	}
	fputs(">\n", file);
	write_transitions(file, diagram, index);
	if (diagram->overlay)
		write_illegal(file, diagram->overlay, index);
	fprintf(file, "  </%s>\n", element);
}

static void scxml_write(FILE *file, const struct diagram *diagram)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- ", file);
	diagram_print_title(file, diagram);
	if (diagram->overlay) {
		fputs("; ", file);
		overlay_print_title(file, diagram->overlay);
		fputs(".\n     sl:count: certain; sl:possible: additional, possible; sl:median: of "
		      "the stay, in units of 100 ns",
		      file);
	}
	fprintf(file,
		" -->\n<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" "
		"xmlns:sl=\"urn:sessionlint:diagram\"\n"
		"       version=\"1.0\" name=\"%s\" initial=\"%s\">\n",
		diagram->name, diagram->nodes[diagram->start].name);
	for (unsigned i = 0; i < diagram->node_count; i++)
		write_node(file, diagram, i);
	fputs("</scxml>\n", file);
}

const struct diagram_format diagram_scxml = { "scxml", "State Chart XML", scxml_write };
