/* SPDX-License-Identifier: MIT */
/* A finding as JSON, for every format that holds such objects. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stdio.h>

#include "report/fingerprint.h"

/* Writes the object, without a line end. -ENOMEM: it has no fingerprint. */
int json_write_finding(FILE *file, struct fingerprints *fingerprints,
		       const struct sessionlint_finding *finding);

#endif
