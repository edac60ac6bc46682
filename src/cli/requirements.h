/* SPDX-License-Identifier: MIT */
/* How much of a ledger's groups must have been covered: coverage --require. */
#ifndef CLI_REQUIREMENTS_H
#define CLI_REQUIREMENTS_H

#include "check/ledger.h"
#include "cli/cli.h"

struct requirements {
	bool given[LEDGER_GROUPS];
	unsigned hundredths[LEDGER_GROUPS]; /* of a percent */
};

/* Reads "transitions=100%,pairs=80%"; the last word on a group holds. A status. */
int requirements_add(struct requirements *requirements, const struct command *command,
		     const char *value);

/* Says on standard error what is missing of what is required. Returns whether nothing is. */
bool requirements_met(const struct requirements *requirements, struct ledger *ledger);

#endif
