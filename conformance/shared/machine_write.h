/* SPDX-License-Identifier: MIT */
#ifndef CONFORMANCE_MACHINE_WRITE_H
#define CONFORMANCE_MACHINE_WRITE_H

#include <stdio.h>

#include "machine.h"

/* Writes a record as a line of a trace, for trace_to_evtx. */
void machine_write_record(const struct machine_record *record, FILE *stream);

/* Writes SOURCE.FILE.trace for each file that has records into @folder; 0 or a negative errno. */
int machine_write(const struct made_machine *machine, const char *folder);

#endif
