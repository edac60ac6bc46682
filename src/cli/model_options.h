/* SPDX-License-Identifier: MIT */
/* The options of the commands that show a model: which recognizer, and with which EventMask.
 */
#ifndef CLI_MODEL_OPTIONS_H
#define CLI_MODEL_OPTIONS_H

#include "cli/cli.h"
#include "model/model.h"

struct choice {
	const struct model_named *named; /* NULL: a machine that is not a recognizer of sessions */
	unsigned operands;               /* how many operands name one */
	bool by_option;                  /* -whether --model names one */
	bool masked;
	uint32_t mask;
};

/* The names of the recognizers; NULL after the last. */
const char *model_name_at(unsigned index);

/* Notes that a recognizer is named by that option, or by an operand (OPTION_OPERAND). */
void choice_name(struct choice *choice, int option);

/* Both report an invalid @value: STATUS_FAILED. */
int choose_model(const struct command *command, struct choice *choice, const char *value);
int choose_mask(const struct command *command, struct choice *choice, const char *value);

/* Checks that the options can be combined; reports it if not: STATUS_FAILED. */
int choice_check(const struct command *command, const struct choice *choice);

#endif
