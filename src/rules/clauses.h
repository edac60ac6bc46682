/* SPDX-License-Identifier: MIT */
/*
 * What the source documents say that a trace can breach, one sentence each, and the rule that
 * judges it; or why no trace shows a breach. docs/traceability.md is made from it. The clauses of
 * the table of transitions are made from the model: model/table_clauses.h.
 */
#ifndef RULES_CLAUSES_H
#define RULES_CLAUSES_H

struct clause {
	const char *id; /* begins with the name of its document */
	const char *section;
	const char *says;
	const char *rule;   /* that judges it; NULL: none */
	const char *reason; /* why none does; NULL: a rule does */
};

struct clause_document {
	const char *name;
	const char *title;
	const char *about;            /* what it is, if it is not a page of that title; or NULL */
	const struct clause *clauses; /* end with one without an id */
};

/* The document with the table of transitions. */
#define CLAUSES_OF_TABLE "table"

/* Titles of the pages that the model is made from, see model/documents.h. */
#define TITLE_OF_STATES "IO_SESSION_STATE enumeration (wdm.h)"
#define TITLE_OF_EVENTS "IO_SESSION_EVENT enumeration (wdm.h)"

/* NULL after the last. */
const struct clause_document *clause_document_at(unsigned index);

/* In clauses_driver.c and clauses_logs.c. */
extern const struct clause clauses_of_callback[], clauses_of_event[], clauses_of_evtx[],
	clauses_of_logs[], clauses_of_machine[], clauses_of_native[], clauses_of_payload[],
	clauses_of_query[], clauses_of_records[], clauses_of_register[], clauses_of_sample[],
	clauses_of_sens[], clauses_of_structure[], clauses_of_table[], clauses_of_tsts[],
	clauses_of_unregister[], clauses_of_wts[];

#endif
