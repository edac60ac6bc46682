/* SPDX-License-Identifier: MIT */
/* Shared by the files of the text readers. */
#ifndef TRACE_TEXT_TEXT_INTERNAL_H
#define TRACE_TEXT_TEXT_INTERNAL_H

#include "trace/keys.h"
#include "trace/text/line_paths.h"
#include "trace/text/line_series.h"
#include "trace/text/lines.h"
#include "trace/text/text_reader.h"

#define HALF "half of a UTF-16 pair"

_Static_assert(LINES_SLACK > SHAPE_SLACK, "the fast path looks ahead");

struct known_key {
	struct sessionlint_text name; /* empty: unknown */
	enum record_key key;
};

struct text_reader {
	struct lines lines;
	struct record_builder builder;
	const struct text_format *format;
	void *data; /* of the format */

	const char *at, *end;   /* of the block */
	bool is_noisy;          /* of the block, for formats that find pieces */
	const char *line_begin; /* if @at is at a later record on a line: the start of the line */
	bool truncated;         /* this was reported */
	uint64_t line;          /* number of the last line read */
	int joined;             /* result of joining the record at text->at: enum lines_result */
	struct pairs pairs;
	struct known_key keys[PAIRS_MAX]; /* of the pairs in previous lines, by position */
	struct line_paths paths;          /* of previous lines */

	/* of the lines that follow, if is_series; otherwise how many in a row had one shape */
	struct line_series series;
	struct series_names series_names;
	bool is_series;
	unsigned alike;
	uint64_t series_lines; /* so far */
	unsigned series_pause; /* lines until the next try */
};

/* ---- text_series.c ---- */

/* The line at @line had the shape of lines before and made @record: learns whether the lines that
 * follow may be a series. */
void text_learn_series(struct text_reader *text, const struct record *record, const char *line);

/* Reads the series at text->at into @batch. Returns false if there is none. */
bool text_read_series(struct text_reader *text, struct batch *batch);

/* ---- text_pairs.c ---- */

/* Makes a record of the pairs, which may be malformed. Returns 1; 0 if there is nothing;
 * -ENOMEM. */
int text_pairs_to_record(struct text_reader *text, struct record *record, struct arena *arena);

/* ---- text_malformed.c ---- */

/* Why the scanner stopped at @at, which is before @end, in the record at @line. */
struct sessionlint_text text_syntax_reason(const struct text_reader *text, struct arena *arena,
					   int error, const char *line, const char *at,
					   const char *end);

/* Makes a malformed record of the one at @line. */
void text_make_malformed(struct text_reader *text, struct record *record, struct arena *arena,
			 const char *line, const char *next,
			 const struct text_malformed *malformed);

struct sessionlint_text text_too_long_reason(struct arena *arena);

/* Makes a malformed record of the one from @line to @next if it contains half of a UTF-16 pair. */
bool text_half_malformed(struct text_reader *text, struct record *record, struct arena *arena,
			 const char *line, const char *next);

/* Makes a malformed record of the one at @line, which has a syntax error. Returns where to
 * continue. */
const char *text_syntax_malformed(struct text_reader *text, struct record *record,
				  struct arena *arena, int error, const char *line, const char *at);

#endif
