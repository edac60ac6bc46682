/* SPDX-License-Identifier: MIT */
/* When lines are read as a series, and when not. */
#include "trace/text/text_internal.h"

/* This many lines of one shape in a row may begin a series. */
#define ALIKE 4

/* A series that ends before it has this many lines costs more than it saves: the next PAUSE lines
 * are read one by one. */
#define SERIES_MIN 16
#define PAUSE      256

void text_learn_series(struct text_reader *text, const struct record *record, const char *line)
{
	struct shape shape;

	if (text->series_pause > 0) {
		text->series_pause--;
		return;
	}
	/* the same keys in each */
	text->alike = text->alike > 0 && record->keys == text->series.like.keys ? text->alike + 1
										: 1;
	text->series.like.keys = record->keys;
	if (text->alike < ALIKE || text->lines.encoding != LINES_UTF8)
		return;
	text->alike = 0;
	paths_shape(&text->paths, line, &shape);
	text->is_series = series_learn(&text->series, &shape, record, line);
	text->series_lines = 0;
	if (!text->is_series)
		text->series_pause = PAUSE;
}

bool text_read_series(struct text_reader *text, struct batch *batch)
{
	struct series *series = &batch->series;
	const char *at = text->at;

	text->series.like.line = text->line + 1;
	text->series.like.offset = lines_offset(&text->lines, text->at);
	text->at = series_read(&text->series, &text->series_names, &text->builder, text->at,
			       text->end, series);
	if (series->count > 0)
		text->series.line_size = (unsigned)((size_t)(text->at - at) / series->count);
	text->line += series->count;
	text->series_lines += series->count;
	text->line_begin = NULL;
	text->joined = LINES_BLOCK;
	if (text->at < text->end && series->count < SERIES_EVENTS) {
		text->is_series = false;
		if (text->series_lines < SERIES_MIN)
			text->series_pause = PAUSE;
	}
	text->lines.reader->counts.records += series->count;
	return series->count > 0;
}
