/* SPDX-License-Identifier: MIT */
/* The options of the commands that tell of a model: which recognizer, and through which EventMask.
 */
#ifndef CLI_CHOICE_H
#define CLI_CHOICE_H

#include "cli/cli.h"
#include "model/model.h"

struct choice {
	const struct model_named *named; /* NULL: a machine that is no recognizer of sessions */
	unsigned operands;               /* how many name one */
	bool by_option;                  /* --model does */
	bool masked;
	uint32_t mask;
};

/* The names of the recognizers; NULL behind the last. */
const char *model_name_at(unsigned index);

/* Notes that a recognizer is named by that option, or by OPTION_OPERAND. */
void choice_name(struct choice *choice, int option);

/* Both complain of a wrong @value: STATUS_FAILED. */
int choose_model(const struct command *command, struct choice *choice, const char *value);
int choose_mask(const struct command *command, struct choice *choice, const char *value);

/* Whether what was chosen goes together; complains if not: STATUS_FAILED. */
int choice_check(const struct command *command, const struct choice *choice);

#endif
