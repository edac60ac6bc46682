/* SPDX-License-Identifier: MIT */
/*
 * What the HTML page keeps of a run until it is written: findings, incarnations of sessions, and
 * their texts. All of it is bounded; what is left out is counted, and the page says so.
 */
#ifndef REPORT_HTML_HTML_H
#define REPORT_HTML_HTML_H

#include <stdio.h>

#include "base/json_writer.h"
#include "base/table.h"
#include "check/open_incarnations.h"
#include "coverage/ledger.h"
#include "diagram/overlay.h"
#include "report/reporter.h"
#include "sessionlint.h"

#define HTML_FINDINGS_MAX     100000
#define HTML_INCARNATIONS_MAX 20000
#define HTML_SLICES_MAX       400000
#define HTML_INPUTS_MAX       10000
#define HTML_ANNOTATIONS_MAX  50000
#define HTML_WITNESSES_MAX    200000

/* ---- texts.c: each text once ---- */

struct html_texts {
	struct table table;
	struct html_text **numbered; /* by their numbers in the page */
	uint32_t count;
	size_t capacity;
	size_t weight; /* the maximum of what they take in the page */
};

void texts_init(struct html_texts *texts);
void texts_free(struct html_texts *texts);

/*
 * Replaces @text by a counted copy that lives until it is released as often as it was held; a long
 * one is truncated and marked. -ENOMEM; -ENOSPC: all texts would exceed @limit.
 */
int texts_hold(struct html_texts *texts, struct sessionlint_text *text, size_t limit);
void texts_release(struct html_texts *texts, struct sessionlint_text text);

/* The number of a held text, assigned at the first call; 0 for an empty one. -ENOMEM. */
int texts_number(struct html_texts *texts, struct sessionlint_text text, uint32_t *ret_number);

/* Writes an array of those that have a number. */
void texts_write(const struct html_texts *texts, struct json_writer *json);

/* ---- page_findings.c: the most severe findings ---- */

#define HTML_RANKS 8

struct html_finding {
	uint64_t order;
	struct sessionlint_finding finding;     /* its texts are held */
	uint8_t unseen;                         /* bit n: no log shows event n of its history */
	struct sessionlint_witness witnesses[]; /* of the finding; their files are held */
};

struct html_findings {
	struct html_rank {
		struct html_finding **list; /* in the order of the run */
		uint32_t count;
		size_t capacity;
	} ranks[HTML_RANKS]; /* from the first to the last to be dropped */
	uint32_t count;
	uint64_t seen;
	uint64_t omitted[4]; /* by severity; 0: suppressed */
};

void html_findings_free(struct html_findings *findings);

/* Keeps a copy of @finding if it is among the most severe, otherwise counts it. -ENOMEM. */
int findings_add(struct html_findings *findings, struct html_texts *texts,
		 const struct sessionlint_finding *finding);

/* All findings in the order of the run; the caller frees the array. -ENOMEM. */
int findings_ordered(const struct html_findings *findings, struct html_finding ***ret_list);

/* ---- incarnations.c: what sessions did ---- */

/* The time from a step to the next. */
struct html_slice {
	uint64_t time, line;
	uint32_t event;
	uint8_t kind, verdict;
	sessionlint_belief after;
	bool inferred; /* no log shows it */
	bool unlisted; /* there was no room for its witnesses */
	uint32_t witness_count;
	struct html_witness {
		struct sessionlint_text file; /* held */
		uint64_t line;
		enum sessionlint_source source;
	} * witnesses; /* owned */
};

struct html_incarnation {
	struct open_incarnation alive;
	uint64_t order;
	enum sessionlint_severity gravest; /* the highest severity of its findings */
	bool late;                         /* its real beginning may be earlier */

	struct sessionlint_text file, host, boot; /* held */
	/* held: the first user that its steps name, and the last address and client */
	struct sessionlint_text user, address, client;
	uint64_t boot_ordinal;
	uint32_t session, incarnation;
	enum sessionlint_source source;

	uint64_t begin_time, begin_line, end_time, end_line;
	struct html_slice *slices;
	uint32_t count;
	size_t capacity;
	uint64_t omitted; /* slices dropped before the first */
};

/* Findings whose step is still to come. */
#define HTML_AWAITED 64

struct html_incarnations {
	struct open_incarnations open;
	struct html_incarnation *
		*closed[4]; /* by the most severe finding, in the order of their ends */
	uint32_t counts[4];
	size_t capacities[4];
	uint32_t closed_count;
	uint64_t slices, closed_slices; /* of all incarnations; of those that have ended */
	uint64_t seen;
	uint64_t witnesses_left; /* for which there is room */
	bool refused;            /* an incarnation could not be followed */
	bool dropped;            /* an incarnation had to be dropped */
	struct html_awaited {
		uint32_t host, session, incarnation, source;
		enum sessionlint_severity severity; /* disabled: the contents are incomplete */
	} awaited[HTML_AWAITED];
	unsigned awaited_next, awaited_count;
};

void incarnations_init(struct html_incarnations *incarnations);
void incarnations_free(struct html_incarnations *incarnations);

/* Notes a finding in an incarnation. */
void incarnations_finding(struct html_incarnations *incarnations,
			  const struct sessionlint_finding *finding);
/* -ENOMEM. */
int incarnations_step(struct html_incarnations *incarnations, struct html_texts *texts,
		      const struct sessionlint_step *step);

/* Whether no incarnation is left out. */
static inline bool incarnations_are_all(const struct html_incarnations *incarnations)
{
	return !incarnations->refused && !incarnations->dropped;
}

/* All incarnations in the order of their beginnings; the caller frees the array. -ENOMEM. */
int incarnations_ordered(struct html_incarnations *incarnations,
			 struct html_incarnation ***ret_list, uint32_t *ret_count);

/* ---- page_witnesses.c: the records that show a step ---- */

/* Sets the witnesses of @slice, if there are at most *left; that is reduced. -ENOMEM. */
int witnesses_keep(struct html_texts *texts, const struct sessionlint_step *step, uint64_t *left,
		   struct html_slice *slice);

/* ---- page_annotations.c: what logs report besides transitions ---- */

struct html_annotations {
	struct sessionlint_annotation *list; /* their texts are held */
	uint32_t count;
	size_t capacity;
	uint64_t omitted;
};

void annotations_free(struct html_annotations *annotations);

/* Keeps a copy of @annotation if there is room for it, otherwise counts it. -ENOMEM. */
int annotations_add(struct html_annotations *annotations, struct html_texts *texts,
		    const struct sessionlint_annotation *annotation);

/* ---- html_diagram.c: the machine with the counts of the run ---- */

struct html_picture {
	struct diagram diagram;
	struct overlay overlay;
};

/* free() the result. -ENOMEM. */
int html_picture_new(const struct ledger *ledger, struct html_picture **ret_picture);

void html_write_diagram(FILE *file, const struct html_picture *picture);

/* ---- page_model.c: the cells of the model ---- */

void html_write_model(struct json_writer *json, struct ledger *ledger,
		      const struct html_picture *picture);

/* ---- page_parts.c: the files of a joined log ---- */

/* Lines of steps are numbered through all files. At most this many files are distinguished. */
#define HTML_PARTS_MAX 4096

struct html_parts {
	struct html_part {
		struct sessionlint_text file; /* held */
		uint64_t before;              /* number of lines of the log before it */
	} * list;
	uint32_t count;
	size_t capacity;
};

void parts_forget(struct html_parts *parts);

/* A place in a log. */
struct html_place {
	const char *log, *file;
	uint64_t log_line, line; /* in the log; in the file */
};

/* Notes the file of the place. -ENOMEM. */
int parts_note(struct html_parts *parts, struct html_texts *texts, const struct html_place *place);

/* Writes them as [[number of the file's name, lines before it], ...]; the first is the name of the
 * log. Empty for a log that is a single file. -ENOMEM. */
int parts_write(const struct html_parts *parts, struct html_texts *texts, struct json_writer *json);

/* ---- data.c: everything as JSON ---- */

struct html {
	struct ledger *ledger;
	struct html_texts texts;
	struct html_findings findings;
	struct html_incarnations incarnations;
	struct html_parts parts;
	struct html_annotations annotations;
	bool broken[RULE_COUNT];
	struct html_picture *picture; /* at the end */
};

/* -ENOMEM. */
int html_write_data(const struct report_output *output, struct html *html,
		    const struct run_totals *totals);

#endif
