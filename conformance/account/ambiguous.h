/* SPDX-License-Identifier: MIT */
#ifndef CONFORMANCE_ACCOUNT_AMBIGUOUS_H
#define CONFORMANCE_ACCOUNT_AMBIGUOUS_H

#include "machine.h"

/* Whether the logs of a machine can be read in more than one way: where its clock was set back,
 * some record that no other one matches has a time that fits before and after that. */
bool machine_is_ambiguous(const struct made_machine *machine);

#endif
