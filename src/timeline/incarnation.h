/* SPDX-License-Identifier: MIT */
/* What a timeline knows of one incarnation of a session. */
#ifndef TIMELINE_INCARNATION_H
#define TIMELINE_INCARNATION_H

#include "base/table.h"
#include "timeline/row.h"

/* Different texts, in order of appearance. Above the limit they are only counted. */
#define TIMELINE_TEXTS_MAX 16

struct timeline_texts {
	struct sessionlint_text list[TIMELINE_TEXTS_MAX]; /* owned */
	unsigned count;
	bool more; /* than these */
};

struct timeline_incarnation {
	struct table_entry entry;
	uint64_t key[2]; /* the number of the host, and source and session id */
	struct timeline_alias {
		struct table_entry entry; /* the key is owned: session id and name of the host */
		struct timeline_incarnation *incarnation;
	} alias;
	struct timeline_incarnation *previous, *next; /* oldest first */

	struct sessionlint_text host, boot; /* owned */
	uint64_t boot_ordinal;
	enum sessionlint_source source;
	uint32_t session, incarnation;

	/* times of the first and last record, and of events; or SESSIONLINT_NO_TIME */
	uint64_t first, last;
	uint64_t created, logon, logoff, ended;
	/* for how long it certainly was connected or not, in 100 ns */
	uint64_t connected, disconnected;
	unsigned reconnects;
	struct timeline_texts users, addresses, clients;
	uint32_t reasons[TIMELINE_TEXTS_MAX];
	unsigned reason_count;
	bool violated;
	bool midway; /* it began or continued outside the trace */
	struct timeline_rules rules;

	/* the last step */
	sessionlint_belief after;
	uint64_t time;
	struct timeline_known known; /* texts are owned */

	struct timeline_row *first_row, *last_row; /* kept until the end */
	unsigned row_count;
	bool continued; /* earlier rows have been written */
};

/* A new one, of @step. NULL if memory runs out. */
struct timeline_incarnation *timeline_incarnation_new(const struct sessionlint_step *step);
void timeline_incarnation_free(struct timeline_incarnation *incarnation);

/* Takes a step with an event or a sample into account. -ENOMEM. */
int timeline_incarnation_step(struct timeline_incarnation *incarnation,
			      struct timeline_files *files, const struct sessionlint_step *step);

/* The same of an annotation of the session. -ENOMEM. */
int timeline_incarnation_annotate(struct timeline_incarnation *incarnation,
				  const struct sessionlint_annotation *annotation);

/* Frees its rows. */
void timeline_incarnation_drop_rows(struct timeline_incarnation *incarnation);

/* "conforming", "violating" or "undetermined". */
const char *timeline_incarnation_verdict(const struct timeline_incarnation *incarnation);

#endif
