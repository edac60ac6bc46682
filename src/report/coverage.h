/* SPDX-License-Identifier: MIT */
/* What a ledger holds, as people and programs read it: one file a format. */
#ifndef REPORT_COVERAGE_H
#define REPORT_COVERAGE_H

#include <stdio.h>

#include "check/ledger.h"

/* Where the chart lies below the project's folder; what LCOV calls it unless it is told otherwise.
 */
#define COVERAGE_CHART "machine/session.rl"

struct coverage_format {
	const char *name;
	/* @chart: where session.rl lies. */
	void (*write)(FILE *file, struct ledger *ledger, const char *chart);
};

extern const struct coverage_format coverage_text, coverage_json, coverage_markdown, coverage_lcov;

/* The formats; NULL behind the last. */
const struct coverage_format *coverage_format_at(unsigned index);

#define PERCENT_SIZE 16

/* "88.2 %", rounded down, so that only all of it is 100.0 %; nothing of nothing is all of it. */
void coverage_percent(struct ledger_share share, char text[PERCENT_SIZE]);

/* "1 event of 1 life in 1 file". */
void coverage_extent(FILE *file, const struct ledger *ledger);

/*
 * Adds to @ledger what a JSON ledger holds, the @size bytes at @data. -EBADMSG: it is none, or of
 * another model; -EOVERFLOW: the sum is no 64-bit number. On failure @ledger is of no use any more.
 */
int coverage_read(struct ledger *ledger, const char *data, size_t size);

#endif
