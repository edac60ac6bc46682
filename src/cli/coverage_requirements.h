/* SPDX-License-Identifier: MIT */
/* How much of each group of the ledger must be covered: coverage --require. */
#ifndef CLI_COVERAGE_REQUIREMENTS_H
#define CLI_COVERAGE_REQUIREMENTS_H

#include "cli/cli.h"
#include "coverage/ledger.h"

struct requirements {
	bool given[LEDGER_GROUPS];
	unsigned hundredths[LEDGER_GROUPS]; /* of a percent */
};

/* Reads "transitions=100%,pairs=80%"; the last value for a group counts. Returns a status. */
int requirements_add(struct requirements *requirements, const struct command *command,
		     const char *value);

/* Prints on standard error what is missing. Returns whether all requirements are met. */
bool requirements_met(const struct requirements *requirements, struct ledger *ledger);

#endif
