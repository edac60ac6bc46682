/* SPDX-License-Identifier: MIT */
/* The contents of a ledger for people and programs: one file per format. */
#ifndef COVERAGE_COVERAGE_H
#define COVERAGE_COVERAGE_H

#include <stdio.h>

#include "coverage/ledger.h"

/* The path of the chart in the project; the default for LCOV.
 */
#define COVERAGE_CHART "machine/session.rl"

struct coverage_format {
	const char *name;
	/* @chart: the path of session.rl. */
	void (*write)(FILE *file, struct ledger *ledger, const char *chart);
};

extern const struct coverage_format coverage_text, coverage_json, coverage_markdown, coverage_lcov;

/* The formats; NULL after the last. */
const struct coverage_format *coverage_format_at(unsigned index);

#define PERCENT_SIZE 16

/* "88.2 %", rounded down, so that only complete coverage is 100.0 %; 0 of 0 is complete. */
void coverage_percent(struct ledger_share share, char text[PERCENT_SIZE]);

/* "1 event of 1 incarnation in 1 file". */
void coverage_extent(FILE *file, const struct ledger *ledger);

/*
 * Adds the JSON ledger of @size bytes at @data to @ledger. -EBADMSG: invalid, or for another model;
 * -EOVERFLOW: the sum exceeds 64 bits. On failure the contents of @ledger are undefined.
 */
int coverage_read(struct ledger *ledger, const char *data, size_t size);

#endif
