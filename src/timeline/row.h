/* SPDX-License-Identifier: MIT */
/* A row of a timeline. */
#ifndef TIMELINE_ROW_H
#define TIMELINE_ROW_H

#include "base/text.h"
#include "sessionlint.h"

enum timeline_kind {
	TIMELINE_EVENT,
	TIMELINE_SAMPLE, /* a state of the session in the trace */
	TIMELINE_ANNOTATION,
	TIMELINE_FINDING, /* about a record that is none of these */
};

/* A record: its line, or in a binary log the EventRecordID. */
struct timeline_place {
	const char *file; /* NULL: none */
	uint64_t record;  /* 0: the file as a whole */
};

/* The rules of the findings about something, and the severity of the worst. */
struct timeline_rules {
	uint64_t set; /* a bit each */
	enum sessionlint_severity severity;
};

struct timeline_row {
	enum timeline_kind kind;
	uint64_t time; /* or SESSIONLINT_NO_TIME */
	struct sessionlint_text host, boot;
	uint64_t boot_ordinal; /* where boot has no name; 0: before the first */
	bool has_session;
	enum sessionlint_source source; /* of a transition or a sample */
	uint32_t session, incarnation;  /* 0: unknown */

	uint32_t event; /* or SESSIONLINT_NO_EVENT */
	sessionlint_belief from, to;
	enum sessionlint_verdict verdict;
	struct timeline_rules rules;

	/* As the records name them; otherwise what was last said of the session. */
	struct sessionlint_text user, address, client;
	uint32_t reason; /* or SESSIONLINT_NO_REASON */

	/* How it is known: the records that show it; or the records before and after it. */
	struct timeline_place *witnesses;
	unsigned witness_count;
	bool unseen;
	struct timeline_place before, after;

	/* of an annotation */
	enum sessionlint_annotation_kind annotation;
	uint32_t event_id, logon_type; /* or SESSIONLINT_NO_REASON */
	uint64_t logon_id;             /* or 0 */
	struct sessionlint_text domain;

	struct sessionlint_text message; /* of a finding */

	struct timeline_row *next; /* of the same incarnation */
};

/* Names of files, which live as long as the list. */
struct timeline_files {
	char **list;
	size_t count, capacity;
};

/* The name in the list that is @file, which is added if it is new. NULL if memory runs out. */
const char *timeline_file(struct timeline_files *files, const char *file);
void timeline_files_free(struct timeline_files *files);

/*
 * Makes a row of a step with an event or a sample, of an annotation or of a finding. The user and
 * the place are those of @user, @address and @client where the records name none; @before is the
 * last record of the session. The caller frees the result. NULL if memory runs out.
 */
struct timeline_known {
	struct sessionlint_text user, address, client;
	struct timeline_place last;
};
struct timeline_row *timeline_row_of_step(struct timeline_files *files,
					  const struct sessionlint_step *step,
					  const struct timeline_known *known);
struct timeline_row *timeline_row_of_annotation(struct timeline_files *files,
						const struct sessionlint_annotation *annotation);
struct timeline_row *timeline_row_of_finding(struct timeline_files *files,
					     const struct sessionlint_finding *finding);

/* Whether the row is of a transition or a sample: it has states and a verdict. */
static inline bool timeline_is_step(const struct timeline_row *row)
{
	return row->kind == TIMELINE_EVENT || row->kind == TIMELINE_SAMPLE;
}

/* ---- words for rows ---- */

#define TIMELINE_WORD_SIZE 160

/* The name of the event, or its number; of an annotation, its name; otherwise "sample" or
 * "finding". */
const char *timeline_what(const struct timeline_row *row, char room[TIMELINE_WORD_SIZE]);
/* The states of a belief, with @between them. */
const char *timeline_states(sessionlint_belief belief, const char *between,
			    char room[TIMELINE_WORD_SIZE]);
/* The name of the source of the session; NULL: unknown, or it can be of several. */
const char *timeline_source(const struct timeline_row *row);
const char *timeline_kind_name(enum timeline_kind kind);
const char *timeline_verdict_name(enum sessionlint_verdict verdict);
/* What comes after the name of the file: ":7"; nothing if it is the file as a whole. */
const char *timeline_record(const struct timeline_place *place, char room[TIMELINE_WORD_SIZE]);
/* What a reason means, or its number; NULL: no reason. */
const char *timeline_reason(uint32_t reason, char room[TIMELINE_WORD_SIZE]);

/* The next rule of @set at or after *at, which moves past it; NULL: there are no more. */
const char *timeline_next_rule(uint64_t set, unsigned *at);

#endif
