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
	bool tolerance_is_given;
	enum model_recognizer tolerance;
};

/* The names of the recognizers; NULL after the last. */
const char *model_name_at(unsigned index);

/* The same, followed by the machine of registrations. */
const char *machine_name_at(unsigned index);

/* The names of the tolerances, in the order of enum model_recognizer; NULL after the last. */
const char *tolerance_name_at(unsigned index);

/* Notes that a recognizer is named by that option, or by an operand (OPTION_OPERAND). */
void choice_name(struct choice *choice, int option);

/* These report an invalid @value: STATUS_FAILED. */
int choose_machine(const struct command *command, struct choice *choice, const char *value);
int choose_mask(const struct command *command, struct choice *choice, const char *value);
int choose_tolerance(const struct command *command, struct choice *choice, const char *value);

/* The tolerance that is given, or that of the model. */
enum model_recognizer choice_tolerance(const struct choice *choice);

/* Checks that the options can be combined; reports it if not: STATUS_FAILED. */
int choice_check(const struct command *command, const struct choice *choice);

#endif
