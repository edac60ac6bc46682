/* SPDX-License-Identifier: MIT */
/* The models to compare, as on the command line: NAME[:TOLERANCE][:mask=EVENTS]. */
#ifndef CLI_DIFF_MODELS_H
#define CLI_DIFF_MODELS_H

#include "cli/cli.h"
#include "diff/models_diff.h"

/* Whether an operand names a model: the part before its first colon is a name of the table, or
 * contains no dot, slash or backslash and so cannot be a file. */
bool side_is_meant(const char *operand);

/* Reads an operand. Reports an invalid one: STATUS_FAILED. */
int side_parse(const struct command *command, const char *operand, struct side *ret_side);

/* The names; NULL after the last. */
const char *side_name_at(unsigned index);

#endif
