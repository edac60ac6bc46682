/* SPDX-License-Identifier: MIT */
#include "timeline/line.h"

#include "base/escape.h"

void part_add(struct part *part, const char *text)
{
	if (part->count < PIECES_MAX)
		part->pieces[part->count++] = text_from(text);
}

void part_add_text(struct part *part, struct sessionlint_text text)
{
	if (part->count < PIECES_MAX && text.size > 0)
		part->pieces[part->count++] = text;
}

static size_t part_columns(const struct part *part)
{
	size_t columns = 0;

	for (unsigned i = 0; i < part->count; i++)
		columns += escape_columns(part->pieces[i]);
	return columns;
}

void line_begin(struct line *line, size_t indent)
{
	fprintf(line->output->file, "%*s", (int)indent, "");
	line->at = indent;
	line->gap = 0;
}

void line_put(struct line *line, const struct part *part)
{
	FILE *file = line->output->file;
	size_t columns = part_columns(part), width = line->output->width, room;
	bool colored = part->color && line->output->color;

	if (columns == 0 && part->columns == 0)
		return;
	if (part->listed && line->gap > 1)
		line->gap = 1;
	if (line->gap > 0 && line->at + line->gap + columns > width) {
		putc('\n', file);
		line_begin(line, line->indent);
	}
	/* blanks come with what is after them: no line ends in some */
	if (columns > 0) {
		fprintf(file, "%*s", (int)line->gap, "");
		line->at += line->gap;
		line->gap = 0;
	}
	room = width > line->at ? width - line->at : 0;
	fputs(colored ? part->color : "", file);
	for (unsigned i = 0; i < part->count; i++) {
		size_t piece = escape_columns(part->pieces[i]);
		size_t fits = piece < room ? piece : room;

		escape_cut(file, part->pieces[i], fits);
		room -= fits;
		line->at += fits;
	}
	fputs(colored ? "\033[0m" : "", file);
	line->gap += 2;
	if (columns < part->columns)
		line->gap += part->columns - columns;
}

void line_put_text(struct line *line, struct sessionlint_text text, size_t columns)
{
	struct part part = { .columns = columns };

	part_add_text(&part, text);
	line_put(line, &part);
}

void line_end(struct line *line)
{
	putc('\n', line->output->file);
}
