/* SPDX-License-Identifier: MIT */
/*
 * What the trace itself answers for. A finding can be about a record that came long before, so that
 * the allowance of each record is remembered, by its place, until the log ends.
 */
#ifndef CHECK_ANSWERS_H
#define CHECK_ANSWERS_H

#include "base/table.h"
#include "trace/allowance.h"

struct answer;

struct answers {
	struct table table;             /* by line */
	struct answer *first, **behind; /* in the order in which records were judged */
};

struct checker;

void answers_init(struct answers *answers);
void answers_free(struct answers *answers);

/* Remembers the allowance of @record, which has one. -ENOMEM. */
int answers_add(struct answers *answers, const struct record *record);

/* Answers for @finding, if the record that it is about does: then it has a suppression. The reason
 * lives until the log ends. */
void answers_apply(const struct answers *answers, struct sessionlint_finding *finding);

/* At the end of the log: reports what has answered for nothing, and forgets all. Returns what
 * options.report returned. */
int answers_end(struct checker *checker);

#endif
