/* SPDX-License-Identifier: MIT */
/*
 * What the page in HTML keeps of a run until it is written: findings, lives of sessions, and their
 * text. All of it is bounded; what is left out is counted, and the page says so.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdio.h>

#include "base/json_writer.h"
#include "base/table.h"
#include "check/ledger.h"
#include "diagram/overlay.h"
#include "report/reporter.h"
#include "sessionlint.h"

#define HTML_FINDINGS_MAX 100000
#define HTML_LIVES_MAX    20000
#define HTML_SLICES_MAX   400000

/* ---- html_texts.c: each text once ---- */

struct html_texts {
	struct table table;
	struct html_text **numbered; /* by the numbers that they have in the page */
	uint32_t count;
	size_t capacity;
	size_t weight; /* what they take in the page, at most */
};

void texts_init(struct html_texts *texts);
void texts_free(struct html_texts *texts);

/*
 * Makes @text a copy that lives until it is released as often as it was held; a long one is cut,
 * and says so. -ENOMEM; -ENOSPC: all would weigh more than @limit.
 */
int texts_hold(struct html_texts *texts, struct sessionlint_text *text, size_t limit);
void texts_release(struct html_texts *texts, struct sessionlint_text text);

/* The number of a text that is held, given at the first call; 0 of nothing. -ENOMEM. */
int texts_number(struct html_texts *texts, struct sessionlint_text text, uint32_t *ret_number);

/* An array with those that have a number. */
void texts_write(const struct html_texts *texts, struct json_writer *json);

/* ---- html_findings.c: the gravest findings ---- */

#define HTML_RANKS 8

struct html_finding {
	uint64_t order;
	struct sessionlint_finding finding; /* its text is held */
};

struct html_findings {
	struct html_rank {
		struct html_finding **list; /* in the order of the run */
		uint32_t count;
		size_t capacity;
	} ranks[HTML_RANKS]; /* from those that can go first to those that go last */
	uint32_t count;
	uint64_t seen;
	uint64_t omitted[4]; /* by severity; 0: suppressed */
};

void html_findings_free(struct html_findings *findings);

/* Keeps a copy of @finding if it is among the gravest, and counts it if not. -ENOMEM. */
int findings_add(struct html_findings *findings, struct html_texts *texts,
		 const struct sessionlint_finding *finding);

/* All of them in the order of the run; the caller frees the array. -ENOMEM. */
int findings_ordered(const struct html_findings *findings, struct html_finding ***ret_list);

/* ---- html_lives.c: what sessions did ---- */

/* From a step on, up to the next. */
struct html_slice {
	uint64_t time, line;
	uint32_t event;
	uint8_t kind, verdict;
	sessionlint_belief after;
};

struct html_life {
	struct table_entry entry; /* while it goes on */
	uint32_t key[3];
	uint64_t order;
	enum sessionlint_severity gravest; /* of what was found in it */
	bool late;                         /* its beginning need not be its own */

	struct sessionlint_text file, host, boot; /* held */
	uint64_t boot_ordinal;
	uint32_t session, incarnation;
	enum sessionlint_source source;

	uint64_t begin_time, begin_line, end_time, end_line;
	struct html_slice *slices;
	uint32_t count;
	size_t capacity;
	uint64_t omitted; /* slices before the first that is left */
};

/* Findings of which the step is still to come. */
#define HTML_AWAITED 64

struct html_lives {
	struct table open;
	struct html_life **closed[4]; /* by the gravest finding, in the order of their ends */
	uint32_t counts[4];
	size_t capacities[4];
	uint32_t closed_count;
	uint64_t slices, closed_slices; /* of all lives; of those that have ended */
	uint64_t seen;
	bool refused; /* some life could not be followed */
	bool dropped; /* some life had to go */
	struct html_awaited {
		uint32_t host, session, incarnation, source;
		enum sessionlint_severity severity; /* off: of no meaning any more */
	} awaited[HTML_AWAITED];
	unsigned awaited_next, awaited_count;
};

void lives_init(struct html_lives *lives);
void lives_free(struct html_lives *lives);

/* Notes that something is found in a life. */
void lives_finding(struct html_lives *lives, const struct sessionlint_finding *finding);
/* -ENOMEM. */
int lives_step(struct html_lives *lives, struct html_texts *texts,
	       const struct sessionlint_step *step);

/* Whether none is left out. */
static inline bool lives_are_all(const struct html_lives *lives)
{
	return !lives->refused && !lives->dropped;
}

/* All of them in the order of their beginnings; the caller frees the array. -ENOMEM. */
int lives_ordered(struct html_lives *lives, struct html_life ***ret_list, uint32_t *ret_count);

/* ---- html_diagram.c: the machine with what the run did in it ---- */

struct html_picture {
	struct diagram diagram;
	struct overlay overlay;
};

/* For free(). -ENOMEM. */
int html_picture_new(const struct ledger *ledger, struct html_picture **ret_picture);

void html_write_diagram(FILE *file, const struct html_picture *picture);

/* ---- html_model.c: the cells of the model ---- */

void html_write_model(struct json_writer *json, struct ledger *ledger,
		      const struct html_picture *picture);

/* ---- html_parts.c: the files of a log of several ---- */

/* Lines of steps count on through the files. Not more of them are told apart. */
#define HTML_PARTS_MAX 4096

struct html_parts {
	struct html_part {
		struct sessionlint_text file; /* held */
		uint64_t before;              /* how many lines of the log there are before it */
	} * list;
	uint32_t count;
};

void parts_forget(struct html_parts *parts);

/* Where something of a log is. */
struct html_place {
	const char *log, *file;
	uint64_t log_line, line; /* of the log; of the file */
};

/* Notes which file the place is in. -ENOMEM. */
int parts_note(struct html_parts *parts, struct html_texts *texts, const struct html_place *place);

/* Writes them as [[number of the file's name, lines before it], ...]: the first is the name
 * of the log; nothing, of a log that is one file. -ENOMEM. */
int parts_write(const struct html_parts *parts, struct html_texts *texts, struct json_writer *json);

/* ---- html_data.c: all of it as JSON ---- */

struct html {
	struct ledger *ledger;
	struct html_texts texts;
	struct html_findings findings;
	struct html_lives lives;
	struct html_parts parts;
	bool broken[SESSIONLINT_RULES];
	struct html_picture *picture; /* at the end */
};

/* -ENOMEM. */
int html_write_data(const struct report_output *output, struct html *html,
		    const struct sessionlint_totals *totals);

#endif
