/* SPDX-License-Identifier: MIT */
/* The file of a baseline, and what is wrong with its entries after a run. */
#ifndef CLI_BASELINE_GATE_H
#define CLI_BASELINE_GATE_H

#include "baseline/matcher.h"
#include "cli/settings.h"
#include "report/notice.h"

/* Larger baselines are neither read nor written. */
#define BASELINE_MAX ((size_t)64 << 20)

struct gate {
	const char *path; /* NULL: there is no baseline */
	int64_t now;
	struct matcher matcher;
	struct report_notice *notices;
	size_t notice_count, stale_count;
	bool exists; /* the baseline existed */
	bool failed; /* memory ran out */
};

/*
 * Reads the baseline at @path, which may be NULL. With @create the file need not exist. Reports an
 * invalid file: STATUS_FAILED. Call gate_free() in any case.
 */
int gate_begin(struct gate *gate, const char *path, bool create);
void gate_free(struct gate *gate);

/*
 * Call after the last log: finds stale and expired entries. An entry is stale if all logs of its
 * name were read in full, its rule is not off in @run, and no finding matched it. @fatal: stale
 * entries fail the run.
 */
void gate_end(struct gate *gate, const struct sessionlint *run, bool fatal);

/* Prints on standard error what gate_end() found. */
void gate_print(const struct gate *gate, bool fatal);

#endif
