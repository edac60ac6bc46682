/* SPDX-License-Identifier: MIT */
/* sessionlint model --export: a machine in the language of a model checker. */
#ifndef CLI_MODEL_EXPORT_H
#define CLI_MODEL_EXPORT_H

#include "cli/model_options.h"
#include "formal/formal.h"

/* Prints the machine that is chosen; reports it if the language has no words for it. Returns a
 * status. */
int model_export(const struct command *command, const struct choice *choice,
		 const struct formal_language *language);

#endif
