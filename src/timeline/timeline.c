/* SPDX-License-Identifier: MIT */
/*
 * Makes rows of what a run reports, and passes them to a format. A row waits for the next one: an
 * account reports some findings about a transition after it.
 */
#include "timeline/timeline.h"

#include <errno.h>
#include <stdlib.h>

#include "rules/rules.h"
#include "timeline/alive.h"

/* Rows that are kept of one incarnation, and of all, before some are written if the format lets
 * them. */
#define ROWS_OF_ONE 4096U
#define ROWS_OF_ALL 65536U

#define EARLY_MAX 32U

struct timeline {
	const struct timeline_format *format;
	struct timeline_output *output;
	struct timeline_files files;
	struct alive alive;
	uint32_t rows; /* that are kept */

	/* the findings about the record that is judged */
	struct place {
		const char *file;
		uint64_t line;
		uint32_t session;
		enum sessionlint_source source;
	} about;
	struct timeline_rules rules;
	bool violated; /* one of them breaks the model */

	/* findings about incarnations of which no step is known yet; the oldest is replaced */
	struct early {
		enum sessionlint_source source;
		uint32_t session, incarnation; /* 0: none */
		uint64_t boot_ordinal;
		struct sessionlint_text host; /* owned */
		struct timeline_rules rules;
		bool violated;
	} early[EARLY_MAX];
	unsigned early_next;

	/* the last row, and whose it is */
	struct timeline_row *waiting;
	struct timeline_incarnation *waiting_for; /* NULL: of no session */
	struct place waiting_place;
	int error;
};

static const struct timeline_format *const formats[] = {
	&timeline_text, &timeline_csv, &timeline_ndjson, &timeline_timesketch, &timeline_xes,
};

const struct timeline_format *timeline_format_at(unsigned index)
{
	return index < sizeof formats / sizeof formats[0] ? formats[index] : NULL;
}

int timeline_new(const struct timeline_format *format, struct timeline_output *output,
		 struct timeline **ret_timeline)
{
	struct timeline *timeline = calloc(1, sizeof *timeline);

	if (!timeline)
		return -ENOMEM;
	timeline->format = format;
	timeline->output = output;
	alive_init(&timeline->alive);
	if (format->begin)
		format->begin(output);
	*ret_timeline = timeline;
	return 0;
}

static void fail(struct timeline *timeline)
{
	timeline->error = -ENOMEM;
}

/* ---- incarnations ---- */

static struct timeline_incarnation *find_named(struct timeline *timeline,
					       enum sessionlint_source source, uint32_t session,
					       struct sessionlint_text host)
{
	struct timeline_incarnation *found = NULL;

	if (alive_find_named(&timeline->alive, source, session, host, &found) < 0)
		fail(timeline);
	return found;
}

static void add_rules(struct timeline_rules *rules, const struct timeline_rules *more)
{
	rules->set |= more->set;
	if (more->severity > rules->severity)
		rules->severity = more->severity;
}

/* Keeps a finding until there is a step of its incarnation. */
static void keep_early(struct timeline *timeline, const struct sessionlint_finding *finding,
		       const struct timeline_rules *rules)
{
	struct early *early = &timeline->early[timeline->early_next];

	timeline->early_next = (timeline->early_next + 1) % EARLY_MAX;
	if (text_set(&early->host, finding->host) < 0) {
		fail(timeline);
		return;
	}
	early->source = finding->source;
	early->session = finding->session;
	early->incarnation = finding->incarnation;
	early->boot_ordinal = finding->boot_ordinal;
	early->rules = *rules;
	early->violated = timeline->violated;
}

static void take_early(struct timeline *timeline, struct timeline_incarnation *incarnation)
{
	for (unsigned i = 0; i < EARLY_MAX; i++) {
		struct early *early = &timeline->early[i];

		if (early->incarnation == 0 || early->incarnation != incarnation->incarnation ||
		    early->session != incarnation->session ||
		    early->source != incarnation->source ||
		    early->boot_ordinal != incarnation->boot_ordinal ||
		    !text_equal(early->host, incarnation->host))
			continue;
		add_rules(&incarnation->rules, &early->rules);
		incarnation->violated |= early->violated;
		early->incarnation = 0;
	}
}

static struct timeline_incarnation *begin_incarnation(struct timeline *timeline,
						      const struct sessionlint_step *step)
{
	struct timeline_incarnation *incarnation = NULL;

	if (alive_begin(&timeline->alive, step, &incarnation) < 0)
		fail(timeline);
	if (incarnation)
		take_early(timeline, incarnation);
	return incarnation;
}

/* ---- rows ---- */

/* Writes the rows that are kept of an incarnation. */
static void write_group(struct timeline *timeline, struct timeline_incarnation *incarnation)
{
	if (!incarnation->first_row)
		return;
	timeline->format->group(timeline->output, incarnation, incarnation->continued);
	timeline->rows -= incarnation->row_count;
	incarnation->continued = true;
	timeline_incarnation_drop_rows(incarnation);
}

static void keep_row(struct timeline *timeline, struct timeline_incarnation *incarnation,
		     struct timeline_row *row)
{
	if (incarnation->last_row)
		incarnation->last_row->next = row;
	else
		incarnation->first_row = row;
	incarnation->last_row = row;
	incarnation->row_count++;
	timeline->rows++;
	if (timeline->format->parts &&
	    (incarnation->row_count >= ROWS_OF_ONE || timeline->rows >= ROWS_OF_ALL))
		write_group(timeline, incarnation);
}

/* Passes on the row that waits. */
static void pass_on(struct timeline *timeline)
{
	const struct timeline_format *format = timeline->format;
	struct timeline_row *row = timeline->waiting;
	struct timeline_incarnation *incarnation = timeline->waiting_for;

	if (!row)
		return;
	timeline->waiting = NULL;
	timeline->waiting_for = NULL;
	if (!timeline->output->shows_row(timeline->output->filter, row)) {
		free(row);
	} else if (format->group && incarnation) {
		keep_row(timeline, incarnation, row);
	} else {
		if (format->row)
			format->row(timeline->output, row);
		free(row);
	}
}

static void wait(struct timeline *timeline, struct timeline_row *row,
		 struct timeline_incarnation *incarnation)
{
	pass_on(timeline);
	timeline->waiting = row;
	timeline->waiting_for = incarnation;
	if (!row)
		fail(timeline);
}

static void end_incarnation(struct timeline *timeline, struct timeline_incarnation *incarnation)
{
	const struct timeline_output *output = timeline->output;

	if (timeline->waiting_for == incarnation)
		pass_on(timeline);
	if (timeline->output->sessions) {
		if (output->shows_incarnation(output->filter, incarnation))
			timeline->format->incarnation(timeline->output, incarnation);
	} else {
		write_group(timeline, incarnation);
	}
	alive_end(&timeline->alive, incarnation);
}

/* ---- what a run reports ---- */

/* @file is of the list: the same name is the same text. */
static bool is_place(const struct place *place, const char *file, uint64_t line, uint32_t session,
		     enum sessionlint_source source)
{
	return place->file && place->line == line && place->session == session &&
	       place->source == source && strcmp(place->file, file) == 0;
}

static struct place place_of(struct timeline *timeline, const char *file, uint64_t line,
			     uint32_t session, enum sessionlint_source source)
{
	return (struct place) { timeline_file(&timeline->files, file), line, session, source };
}

/* What is found about an incarnation that is alive, also about records that are no steps of it. */
static void note_finding(struct timeline *timeline, const struct sessionlint_finding *finding,
			 const struct timeline_rules *rules)
{
	struct timeline_incarnation *incarnation = find_named(timeline, finding->source,
							      finding->session, finding->host);

	if (!incarnation || incarnation->incarnation != finding->incarnation) {
		keep_early(timeline, finding, rules);
		return;
	}
	add_rules(&incarnation->rules, rules);
	incarnation->violated |= timeline->violated;
}

void timeline_finding(struct timeline *timeline, const struct sessionlint_finding *finding)
{
	struct timeline_rules rules = { 0 };

	if (!finding->has_session)
		return;
	if (finding->suppression == SESSIONLINT_SUPPRESSION_NONE)
		rules = (struct timeline_rules) { UINT64_C(1) << finding->rule, finding->severity };
	/* this one is about a transition that has been judged */
	if (finding->rule == SESSIONLINT_RULE_MISSING_WITNESS && timeline->waiting &&
	    is_place(&timeline->waiting_place, finding->file, finding->line, finding->session,
		     finding->source)) {
		add_rules(&timeline->waiting->rules, &rules);
		if (timeline->waiting_for) {
			add_rules(&timeline->waiting_for->rules, &rules);
			timeline->waiting_for->shown |= rules.set;
		}
		return;
	}
	if (!is_place(&timeline->about, finding->file, finding->line, finding->session,
		      finding->source)) {
		timeline->about = place_of(timeline, finding->file, finding->line, finding->session,
					   finding->source);
		timeline->rules = (struct timeline_rules) { 0 };
		timeline->violated = false;
	}
	add_rules(&timeline->rules, &rules);
	/* an incarnation violates the model even if the finding is suppressed */
	timeline->violated |= finding->severity == SESSIONLINT_SEVERITY_ERROR &&
			      rule_is_of_session(finding->rule);
	note_finding(timeline, finding, &rules);
}

/* The findings about the step; the next one has others. */
static struct timeline_rules take_rules(struct timeline *timeline,
					const struct sessionlint_step *step)
{
	struct timeline_rules rules = { 0 };

	if (is_place(&timeline->about, step->file, step->line, step->session, step->source))
		rules = timeline->rules;
	else
		timeline->violated = false;
	timeline->about.file = NULL;
	timeline->rules = (struct timeline_rules) { 0 };
	return rules;
}

static void take_transition(struct timeline *timeline, const struct sessionlint_step *step)
{
	struct timeline_incarnation *incarnation = alive_find(&timeline->alive, step);
	struct timeline_rules rules = take_rules(timeline, step);
	struct timeline_row *row;

	if (!incarnation)
		incarnation = begin_incarnation(timeline, step);
	if (!incarnation)
		return;
	if (alive_rename(&timeline->alive, incarnation, step->host) < 0)
		fail(timeline);
	add_rules(&incarnation->rules, &rules);
	incarnation->violated |= timeline->violated;
	incarnation->shown |= rules.set;
	if (!timeline->output->sessions) {
		row = timeline_row_of_step(&timeline->files, step, &incarnation->known);
		wait(timeline, row, incarnation);
		timeline->waiting_place = place_of(timeline, step->file, step->line, step->session,
						   step->source);
		if (row)
			row->rules = rules;
	}
	if (timeline_incarnation_step(incarnation, &timeline->files, step) < 0)
		fail(timeline);
}

static void take_end(struct timeline *timeline, const struct sessionlint_step *step)
{
	static const uint64_t unfinished = UINT64_C(1) << SESSIONLINT_RULE_UNFINISHED;
	struct timeline_incarnation *incarnation = alive_find(&timeline->alive, step);

	if (!incarnation)
		return;
	/* what is found about the record that begins the next one comes before this end */
	if (timeline->rules.set & unfinished) {
		struct timeline_rules rules = take_rules(timeline, step);

		add_rules(&incarnation->rules, &rules);
	}
	incarnation->midway = step->midway;
	end_incarnation(timeline, incarnation);
}

void timeline_step(struct timeline *timeline, const struct sessionlint_step *step)
{
	switch (step->kind) {
	case SESSIONLINT_STEP_EVENT:
	case SESSIONLINT_STEP_SAMPLE:
		take_transition(timeline, step);
		break;
	case SESSIONLINT_STEP_END:
		take_end(timeline, step);
		break;
	case SESSIONLINT_STEP_LOST:
		break;
	}
}

void timeline_annotation(struct timeline *timeline, const struct sessionlint_annotation *annotation)
{
	struct timeline_incarnation *incarnation = NULL;
	struct timeline_row *row;

	if (alive_find_annotated(&timeline->alive, annotation, &incarnation) < 0)
		fail(timeline);
	if (incarnation && timeline_incarnation_annotate(incarnation, annotation) < 0)
		fail(timeline);
	if (timeline->output->sessions)
		return;
	row = timeline_row_of_annotation(&timeline->files, annotation);
	if (row && incarnation)
		row->incarnation = incarnation->incarnation;
	wait(timeline, row, incarnation);
	timeline->waiting_place.file = NULL;
}

int timeline_end(struct timeline *timeline)
{
	pass_on(timeline);
	/* a log that could not be read to its end leaves some alive */
	while (timeline->alive.first)
		end_incarnation(timeline, timeline->alive.first);
	if (timeline->format->end)
		timeline->format->end(timeline->output);
	return timeline->error;
}

void timeline_free(struct timeline *timeline)
{
	if (!timeline)
		return;
	free(timeline->waiting);
	alive_free(&timeline->alive);
	for (unsigned i = 0; i < EARLY_MAX; i++)
		text_disown(&timeline->early[i].host);
	timeline_files_free(&timeline->files);
	free(timeline);
}
