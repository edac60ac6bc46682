/* SPDX-License-Identifier: MIT */
/* From the source documents to the rules: rules --traceability, and the clauses that explain
 * names. */
#ifndef CLI_TRACEABILITY_H
#define CLI_TRACEABILITY_H

#include <stdbool.h>

/* The words of explain: those of rule_word_at(), followed by the names of clauses. */
const char *explain_word_at(unsigned index);

/* Prints the clauses that @rule judges. */
void print_clauses_of(const char *rule);

/* Prints the clause of that name, in any letter case; false: there is none. */
bool print_clause(const char *name);

/* Prints docs/traceability.md. */
void print_traceability(void);

#endif
