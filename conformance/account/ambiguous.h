/* SPDX-License-Identifier: MIT */
#ifndef CONFORMANCE_ACCOUNT_AMBIGUOUS_H
#define CONFORMANCE_ACCOUNT_AMBIGUOUS_H

#include "judge.h"

/* Whether the logs of a machine can be read in more than one way: where its clock was set back,
 * some record that no other one matches has a time that fits before and after that. */
bool machine_is_ambiguous(const struct made_machine *machine);

/*
 * Whether the account of a machine that was not read as it was is as good as the truth: it explains
 * all records that are left, and costs no more. The truth costs what the same records do on a clock
 * that was never set, and the jumps of the clock that they show in the order in which they were
 * written. If not, *ret_problem says why.
 */
bool machine_is_read_as_well(const struct judgement *judgement, const char **ret_problem);

/* How often the records that are left show that the clock was set back by more than the window. */
unsigned machine_count_jumps(const struct made_machine *machine);

#endif
