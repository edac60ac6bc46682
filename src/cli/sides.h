/* SPDX-License-Identifier: MIT */
/* The models that are compared, as the command line names them: NAME[:TOLERANCE][:mask=EVENTS]. */
#ifndef CLI_SIDES_H
#define CLI_SIDES_H

#include "cli/cli.h"
#include "report/difference.h"

/* Whether an operand names a model: what stands before its first colon is a name of the table, or
 * could be no file. Files have a dot, a slash or a backslash in what they are called here. */
bool side_is_meant(const char *operand);

/* Reads an operand. Complains of a wrong one: STATUS_FAILED. */
int side_parse(const struct command *command, const char *operand, struct side *ret_side);

/* The names; NULL behind the last. */
const char *side_name_at(unsigned index);

#endif
