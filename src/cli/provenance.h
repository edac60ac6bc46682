/* SPDX-License-Identifier: MIT */
/* What a report says of the run itself: the command line, and what was read. */
#ifndef CLI_PROVENANCE_H
#define CLI_PROVENANCE_H

#include <stdbool.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "report/reporter.h"

struct provenance {
	struct report_run run;
	char *command; /* owned */
	struct run_input *inputs;
	size_t capacity;
	struct arena arena; /* names of inputs */
	bool failed;        /* memory ran out, and something is missing */
};

/*
 * Notes the command line, with quotes where a shell needs them. @hide: only the names of options,
 * since their values and operands can name what must not be in the report. -ENOMEM.
 */
int provenance_begin(struct provenance *provenance, struct arguments line, bool hide);
void provenance_free(struct provenance *provenance);

/* Notes a file that was read: a run_input_callback. */
void provenance_input(void *userdata, const struct run_input *input);

#endif
