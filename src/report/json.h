/* SPDX-License-Identifier: MIT */
/* A finding as a JSON object, for all formats that contain such objects. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/json_writer.h"
#include "baseline/fingerprint.h"
#include "sessionlint.h"

/* Writes the object. -ENOMEM: without a fingerprint. */
int json_write_finding(struct json_writer *json, struct fingerprints *fingerprints,
		       const struct sessionlint_finding *finding);

#endif
