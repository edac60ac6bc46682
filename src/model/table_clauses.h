/* SPDX-License-Identifier: MIT */
/* The clauses of the published table: one for each of its transitions, which fixes the state that
 * it leads to, and one for the blank cells of each state. Made from the tabulated model. */
#ifndef MODEL_TABLE_CLAUSES_H
#define MODEL_TABLE_CLAUSES_H

#include "model/model.h"
#include "rules/clauses.h"

#define TABLE_CLAUSES_MAX (MODEL_STATES * MODEL_EVENTS)

struct table_clause {
	struct clause clause; /* its id and text are those below */
	char id[64];
	char says[128];
};

/* Fills @list and returns how many there are. */
unsigned table_clauses(struct table_clause list[TABLE_CLAUSES_MAX]);

#endif
