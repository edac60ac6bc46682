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

#define JUDGED_MAX 64U
#define EARLY_MAX  32U

/* A record of a session. */
struct place {
	const char *file; /* NULL: none */
	uint64_t line;
	bool has_session;
	uint32_t session;
	enum sessionlint_source source;
};

/* A finding before it is known which row it belongs to. */
struct judged {
	struct timeline_row *row; /* owned; NULL: none */
	struct place place;
	bool violated; /* it breaks the model, even if it is suppressed */
};

struct timeline {
	const struct timeline_format *format;
	struct timeline_output *output;
	struct timeline_files files;
	struct alive alive;
	uint32_t rows; /* that are kept */

	/* findings about records that may turn out to be steps; and about incarnations of which no
	 * step is known yet, of which the oldest is replaced */
	struct judged judged[JUDGED_MAX];
	unsigned judged_count;
	struct judged early[EARLY_MAX];
	unsigned early_next;

	/* the last row, and whose it is */
	struct timeline_row *waiting;
	struct timeline_incarnation *waiting_for; /* NULL: of no session */
	struct place waiting_place;               /* of a step */
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
	timeline->waiting_place.file = NULL;
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

/* ---- findings ---- */

static bool is_same_place(const struct place *a, const struct place *b)
{
	return a->file && b->file && a->line == b->line && a->has_session == b->has_session &&
	       a->session == b->session && a->source == b->source && strcmp(a->file, b->file) == 0;
}

static struct place place_of_step(const struct sessionlint_step *step)
{
	return (struct place) { step->file, step->line, true, step->session, step->source };
}

/* Takes a row of a finding, which is not shown if that is suppressed. */
static void show_finding(struct timeline *timeline, struct timeline_row *row,
			 struct timeline_incarnation *incarnation)
{
	if (timeline->output->sessions || !row->rules.set)
		free(row);
	else
		wait(timeline, row, incarnation);
}

/* The incarnation that a finding is about, if it is alive. */
static struct timeline_incarnation *find_judged(struct timeline *timeline,
						const struct judged *judged)
{
	const struct timeline_row *row = judged->row;
	struct timeline_incarnation *found;

	if (!row->has_session)
		return NULL;
	found = find_named(timeline, row->source, row->session, row->host);
	return found && (row->incarnation == 0 || row->incarnation == found->incarnation) ? found
											  : NULL;
}

static void note_finding(struct timeline_incarnation *incarnation, const struct judged *judged)
{
	add_rules(&incarnation->rules, &judged->row->rules);
	incarnation->violated |= judged->violated;
}

/* Keeps a finding until there is a step of its incarnation. */
static void keep_early(struct timeline *timeline, const struct judged *judged)
{
	struct judged *early = &timeline->early[timeline->early_next];

	timeline->early_next = (timeline->early_next + 1) % EARLY_MAX;
	if (early->row)
		show_finding(timeline, early->row, NULL);
	*early = *judged;
}

/* Whether a finding that was kept is of the log of @step: the witnesses of an account are in
 * several files. */
static bool is_of_log(const struct judged *early, const struct sessionlint_step *step)
{
	return step->source == SESSIONLINT_SOURCE_ACCOUNT ||
	       strcmp(early->place.file, step->file) == 0;
}

static void take_early(struct timeline *timeline, struct timeline_incarnation *incarnation,
		       const struct sessionlint_step *step)
{
	for (unsigned i = 0; i < EARLY_MAX; i++) {
		/* the oldest first */
		struct judged *early = &timeline->early[(timeline->early_next + i) % EARLY_MAX];
		struct timeline_row *row = early->row;

		if (!row || row->incarnation != incarnation->incarnation ||
		    row->session != incarnation->session || row->source != incarnation->source ||
		    row->boot_ordinal != incarnation->boot_ordinal ||
		    !text_equal(row->host, incarnation->host) || !is_of_log(early, step))
			continue;
		note_finding(incarnation, early);
		show_finding(timeline, row, incarnation);
		early->row = NULL;
	}
}

/* Gives a finding a row of its own. */
static void release(struct timeline *timeline, const struct judged *judged)
{
	struct timeline_incarnation *incarnation = find_judged(timeline, judged);
	bool grouped = timeline->format->group || timeline->output->sessions;

	if (incarnation)
		note_finding(incarnation, judged);
	if (!incarnation && grouped && judged->row->has_session && judged->row->incarnation > 0)
		keep_early(timeline, judged);
	else
		show_finding(timeline, judged->row, incarnation);
}

/* Which findings are released. */
enum release {
	RELEASE_ALL,
	RELEASE_OTHERS, /* those about other records */
	RELEASE_ENDED,  /* what is found at the end of an incarnation */
};

static bool is_released(const struct judged *judged, enum release which, const struct place *place)
{
	static const uint64_t unfinished = UINT64_C(1) << SESSIONLINT_RULE_UNFINISHED;

	switch (which) {
	case RELEASE_OTHERS:
		return judged->place.line != place->line ||
		       strcmp(judged->place.file, place->file) != 0;
	case RELEASE_ENDED:
		return judged->row->rules.set & unfinished &&
		       judged->place.session == place->session &&
		       judged->place.source == place->source;
	case RELEASE_ALL:
		break;
	}
	return true;
}

static void release_some(struct timeline *timeline, enum release which, const struct place *place)
{
	unsigned left = 0;

	for (unsigned i = 0; i < timeline->judged_count; i++) {
		if (is_released(&timeline->judged[i], which, place))
			release(timeline, &timeline->judged[i]);
		else
			timeline->judged[left++] = timeline->judged[i];
	}
	timeline->judged_count = left;
}

/* Gives the findings about the record of a step to its row, and the others rows of their own. */
static struct timeline_rules take_judged(struct timeline *timeline, const struct place *place,
					 bool *ret_violated)
{
	struct timeline_rules rules = { 0 };

	*ret_violated = false;
	for (unsigned i = 0; i < timeline->judged_count; i++) {
		struct judged *judged = &timeline->judged[i];

		if (!is_same_place(&judged->place, place)) {
			release(timeline, judged);
			continue;
		}
		add_rules(&rules, &judged->row->rules);
		*ret_violated |= judged->violated;
		free(judged->row);
	}
	timeline->judged_count = 0;
	return rules;
}

/* ---- what a run reports ---- */

void timeline_finding(struct timeline *timeline, const struct sessionlint_finding *finding)
{
	struct judged judged = {
		.row = timeline_row_of_finding(&timeline->files, finding),
		.place = { timeline_file(&timeline->files, finding->file), finding->line,
			   finding->has_session, finding->session, finding->source },
		.violated = finding->severity == SESSIONLINT_SEVERITY_ERROR &&
			    rule_is_of_session(finding->rule),
	};
	struct timeline_incarnation *incarnation;

	if (!judged.row || !judged.place.file) {
		free(judged.row);
		fail(timeline);
		return;
	}
	/* an account reports these about a transition that has been judged */
	if ((finding->rule == SESSIONLINT_RULE_MISSING_WITNESS ||
	     finding->rule == SESSIONLINT_RULE_WRONG_USER) &&
	    timeline->waiting && is_same_place(&timeline->waiting_place, &judged.place)) {
		add_rules(&timeline->waiting->rules, &judged.row->rules);
		if (timeline->waiting_for)
			note_finding(timeline->waiting_for, &judged);
		free(judged.row);
		return;
	}
	/* what is found about the record that begins an incarnation comes before the end of the
	 * previous one */
	if (finding->rule != SESSIONLINT_RULE_UNFINISHED)
		release_some(timeline, RELEASE_OTHERS, &judged.place);
	if (timeline->judged_count == JUDGED_MAX)
		release_some(timeline, RELEASE_ALL, NULL);
	incarnation = find_judged(timeline, &judged);
	if (incarnation)
		note_finding(incarnation, &judged);
	timeline->judged[timeline->judged_count++] = judged;
}

static void take_transition(struct timeline *timeline, const struct sessionlint_step *step)
{
	const struct place place = place_of_step(step);
	struct timeline_incarnation *incarnation = alive_find(&timeline->alive, step);
	bool violated;
	struct timeline_rules rules = take_judged(timeline, &place, &violated);
	struct timeline_row *row;

	if (!incarnation && alive_begin(&timeline->alive, step, &incarnation) < 0)
		fail(timeline);
	if (!incarnation)
		return;
	take_early(timeline, incarnation, step);
	if (alive_rename(&timeline->alive, incarnation, step->host) < 0)
		fail(timeline);
	add_rules(&incarnation->rules, &rules);
	incarnation->violated |= violated;
	if (!timeline->output->sessions) {
		row = timeline_row_of_step(&timeline->files, step, &incarnation->known);
		wait(timeline, row, incarnation);
		timeline->waiting_place = place;
		timeline->waiting_place.file = timeline_file(&timeline->files, step->file);
		if (row)
			row->rules = rules;
	}
	if (timeline_incarnation_step(incarnation, &timeline->files, step) < 0)
		fail(timeline);
}

static void take_end(struct timeline *timeline, const struct sessionlint_step *step)
{
	const struct place place = place_of_step(step);
	struct timeline_incarnation *incarnation = alive_find(&timeline->alive, step);

	release_some(timeline, RELEASE_ENDED, &place);
	if (!incarnation)
		return;
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

	release_some(timeline, RELEASE_ALL, NULL);
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
}

int timeline_end(struct timeline *timeline)
{
	release_some(timeline, RELEASE_ALL, NULL);
	for (unsigned i = 0; i < EARLY_MAX; i++)
		keep_early(timeline, &(struct judged) { 0 });
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
	for (unsigned i = 0; i < timeline->judged_count; i++)
		free(timeline->judged[i].row);
	for (unsigned i = 0; i < EARLY_MAX; i++)
		free(timeline->early[i].row);
	alive_free(&timeline->alive);
	timeline_files_free(&timeline->files);
	free(timeline);
}
