/* SPDX-License-Identifier: MIT */
/* Has the library judge a made-up machine, and compares its account with what is true. */
#ifndef CONFORMANCE_ACCOUNT_JUDGE_H
#define CONFORMANCE_ACCOUNT_JUDGE_H

#include "check/run.h"
#include "machine.h"
#include "reading.h"

enum {
	PROBLEM_SIZE = 200,
	RULES = 64,
};

/* What the account of a machine says. */
struct judgement {
	const struct made_machine *machine;
	unsigned findings[RULES];   /* by rule */
	unsigned recovered;         /* true transitions with a witness */
	unsigned wrong;             /* transitions that are not true, or are missing */
	char problem[PROBLEM_SIZE]; /* the first of them */
	/* by transition: a witness of it is reported to be missing, or one that is there is named
	 * by a finding that something is wrong */
	bool missing[MACHINE_TRANSITIONS_MAX];
	bool named[MACHINE_TRANSITIONS_MAX];
	struct reading reading;
};

/* Hands the records over as the reader of .evtx would; 0 or a negative errno. */
int judge_machine_records(const struct made_machine *machine, struct judgement *ret_judgement);

/* Reads the logs of @folder: SOURCE.FILE.evtx. */
int judge_machine_files(const struct made_machine *machine, const char *folder,
			struct judgement *ret_judgement);

#endif
