/* SPDX-License-Identifier: MIT */
/* A recognizer as functions in SQL: its table as a string, and a fold over an array of events. */
#ifndef CLI_MODEL_SQL_H
#define CLI_MODEL_SQL_H

#include "model/model.h"

/* The names of the dialects; NULL after the last. */
const char *sql_dialect_at(unsigned index);

struct sql_model {
	const struct model *model;
	enum sessionlint_source source;
	const char *name;         /* of the recognizer */
	sessionlint_belief start; /* the states that a session can be in before its first event */
};

/* Prints the functions. -ERANGE: the recognizer has too many beliefs for one string. */
int sql_print(const struct sql_model *model, unsigned dialect);

#endif
