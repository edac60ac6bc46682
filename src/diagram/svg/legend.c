/* SPDX-License-Identifier: MIT */
/* The part below the picture of an overlay: illegal events, and the meaning of the marks. */
#include "diagram/svg/svg.h"

#define MARGIN      14
#define ROW         18
#define SWATCH      26
#define CELL_WIDTH  330
#define CELL_HEIGHT 42
#define CHIP_WIDTH  190
#define CHIP_HEIGHT 24
#define STUB_WIDTH  132

static unsigned notes_of(const struct overlay *overlay)
{
	char note[OVERLAY_NOTE_SIZE];
	unsigned count = 0;

	while (overlay_note_at(overlay, count, note))
		count++;
	return count;
}

static unsigned columns_of(int width)
{
	return width >= 2 * CELL_WIDTH + 2 * MARGIN ? 2 : 1;
}

/* Geometry of the part with illegal events. */
static int illegal_height(const struct overlay *overlay, int width)
{
	unsigned columns = columns_of(width);
	unsigned rows = (overlay->illegal_count + columns - 1) / columns;

	return rows ? 2 * ROW + (int)rows * CELL_HEIGHT : 0;
}

int svg_legend_height(const struct diagram *diagram, int width)
{
	const struct overlay *overlay = diagram->overlay;

	if (!overlay)
		return 0;
	return illegal_height(overlay, width) + (int)(2 + notes_of(overlay)) * ROW + MARGIN;
}

/* An illegal event leads to a cross. */
static void write_illegal(FILE *file, const struct diagram *diagram,
			  const struct overlay_illegal *illegal, int x, int y)
{
	const char *name = diagram->nodes[illegal->node].name;
	int middle = y + CHIP_HEIGHT / 2, from = x + CHIP_WIDTH, to = from + STUB_WIDTH;
	char exact[OVERLAY_COUNT_SIZE], count[SVG_COUNT_SIZE];

	overlay_count_text(&illegal->tally, exact);
	svg_count_text(&illegal->tally, count);
	fprintf(file,
		"<g class=\"sl-illegal\"><title>%s in %s is illegal: %s%s</title>"
		"<g class=\"sl-node\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		"rx=\"9\"/><text class=\"sl-name\" x=\"%d\" y=\"%d\">%s</text></g>",
		illegal->label, name, exact, illegal->undocumented ? ", undocumented" : "", x, y,
		CHIP_WIDTH, CHIP_HEIGHT, x + CHIP_WIDTH / 2, middle + 5, name);
	fprintf(file,
		"<path d=\"M%d %d L%d %d\" marker-end=\"url(#%s-head-illegal)\"/>"
		"<text class=\"sl-label\" x=\"%d\" y=\"%d\">%s "
		"<tspan class=\"sl-count\">%s</tspan></text>",
		from, middle, to, middle, svg_id(diagram), from + 8, middle - 5, illegal->label,
		count);
	if (illegal->undocumented)
		fprintf(file, "<text class=\"sl-label\" x=\"%d\" y=\"%d\">undocumented</text>",
			from + 8, middle + 14);
	fputs("</g>\n", file);
}

static void write_samples(FILE *file, const struct diagram *diagram, int y)
{
	static const struct {
		const char *class, *head, *text;
		int x;
	} samples[] = {
		{ "sl-certain", "-certain", "seen", 0 },
		{ "sl-possible", "-possible", "perhaps", 74 },
		{ "sl-never", "-never", "never", 172 },
		{ "sl-undocumented sl-certain", "-undocumented", "undocumented", 290 },
		{ "sl-illegal", "-illegal", "illegal", 422 },
	};

	for (unsigned i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		int x = MARGIN + samples[i].x;

		fprintf(file,
			"<g class=\"sl-sample %s\"><path d=\"M%d %d L%d %d\" "
			"marker-end=\"url(#%s-head%s)\"/></g><text x=\"%d\" y=\"%d\">%s</text>\n",
			samples[i].class, x, y - 4, x + SWATCH, y - 4, svg_id(diagram),
			samples[i].head, x + SWATCH + 9, y, samples[i].text);
	}
}

static void write_all_illegal(FILE *file, const struct diagram *diagram, int width, int y)
{
	const struct overlay *overlay = diagram->overlay;
	unsigned columns = columns_of(width);

	if (!overlay->illegal_count)
		return;
	fprintf(file,
		"<text class=\"sl-illegal sl-name\" x=\"%d\" y=\"%d\">illegal: the event is not "
		"allowed in that state</text>\n",
		MARGIN, y);
	for (unsigned i = 0; i < overlay->illegal_count; i++)
		write_illegal(file, diagram, &overlay->illegal[i],
			      MARGIN + (int)(i % columns) * (CELL_WIDTH + MARGIN),
			      y + 12 + (int)(i / columns) * CELL_HEIGHT);
}

void svg_legend(FILE *file, const struct diagram *diagram, int width, int height)
{
	const struct overlay *overlay = diagram->overlay;
	char note[OVERLAY_NOTE_SIZE];
	int y = height + ROW;

	if (!overlay)
		return;
	write_all_illegal(file, diagram, width, y);
	y += illegal_height(overlay, width);
	fprintf(file, "<g class=\"sl-legend\"><text class=\"sl-name\" x=\"%d\" y=\"%d\">", MARGIN,
		y);
	overlay_print_title(file, overlay);
	fputs("</text>\n", file);
	write_samples(file, diagram, y += ROW);
	for (unsigned i = 0; overlay_note_at(overlay, i, note); i++)
		fprintf(file, "<text x=\"%d\" y=\"%d\">%s</text>\n", MARGIN, y += ROW, note);
	fputs("</g>\n", file);
}
