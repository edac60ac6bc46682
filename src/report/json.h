/* SPDX-License-Identifier: MIT */
/* A finding as JSON, for every format that holds such objects. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/json_writer.h"
#include "report/fingerprint.h"

/* Writes the object. -ENOMEM: it has no fingerprint. */
int json_write_finding(struct json_writer *json, struct fingerprints *fingerprints,
		       const struct sessionlint_finding *finding);

#endif
