/* SPDX-License-Identifier: MIT */
/*
 * A timeline of sessions: a row for each transition, each sample of a state, each annotation and
 * each finding about another record, or a row for each incarnation. What a run reports goes in,
 * rows in one of several formats come out.
 */
#ifndef TIMELINE_TIMELINE_H
#define TIMELINE_TIMELINE_H

#include <stdio.h>

#include "sessionlint.h"
#include "timeline/incarnation.h"
#include "timeline/row.h"

/* Where a timeline goes, and how. */
struct timeline_output {
	FILE *file;
	bool sessions;  /* a row for each incarnation */
	bool bom;       /* begin with a byte order mark (csv) */
	bool color;     /* (text) */
	unsigned width; /* in columns (text) */
	/* Which rows, and which incarnations, are shown. */
	bool (*shows_row)(const void *filter, const struct timeline_row *row);
	bool (*shows_incarnation)(const void *filter,
				  const struct timeline_incarnation *incarnation);
	const void *filter;
	uint64_t omitted; /* rows that the format cannot hold */
	/* For the format: how many blocks it has written, and whether the last is of no session. */
	uint64_t blocks;
	bool loose;
};

struct timeline_format {
	const char *name, *summary;
	bool has_sessions; /* it can also write a row for each incarnation */
	/* which rows it leaves out, and why; NULL: none */
	const char *omits, *why;
	/* The following can be NULL. */
	void (*begin)(struct timeline_output *output);
	void (*row)(struct timeline_output *output, const struct timeline_row *row);
	/*
	 * All rows of an incarnation, when it has ended. The other rows, which are of no session
	 * that is known, are given to row() then. Of an incarnation with very many rows,
	 * the later ones come in calls of their own if @parts is set; @continued is set in these.
	 */
	bool parts;
	void (*group)(struct timeline_output *output,
		      const struct timeline_incarnation *incarnation, bool continued);
	void (*incarnation)(struct timeline_output *output,
			    const struct timeline_incarnation *incarnation);
	void (*end)(struct timeline_output *output);
};

extern const struct timeline_format timeline_text, timeline_csv, timeline_ndjson,
	timeline_timesketch, timeline_xes;

/* The formats; NULL after the last. */
const struct timeline_format *timeline_format_at(unsigned index);

struct timeline;

/* Begins a timeline. *output must stay where it is. The caller owns the result: timeline_free().
 * -ENOMEM. */
int timeline_new(const struct timeline_format *format, struct timeline_output *output,
		 struct timeline **ret_timeline);
void timeline_free(struct timeline *timeline);

/* What the callbacks of a run are given, in their order. */
void timeline_finding(struct timeline *timeline, const struct sessionlint_finding *finding);
void timeline_step(struct timeline *timeline, const struct sessionlint_step *step);
void timeline_annotation(struct timeline *timeline,
			 const struct sessionlint_annotation *annotation);

/* Writes what is left, and the end. -ENOMEM: rows are missing. */
int timeline_end(struct timeline *timeline);

#endif
