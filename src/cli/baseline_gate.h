/* SPDX-License-Identifier: MIT */
/* The baseline in a run: which findings are known, and which entries no longer match any. */
#ifndef CLI_BASELINE_GATE_H
#define CLI_BASELINE_GATE_H

#include "baseline/fingerprint.h"
#include "cli/settings.h"
#include "report/notice.h"

/* Larger baselines are neither read nor written. */
#define BASELINE_MAX ((size_t)64 << 20)

struct gate {
	const char *path; /* NULL: there is no baseline, and all functions do nothing */
	int64_t now;
	struct baseline baseline;
	struct fingerprints fingerprints;
	char fingerprint[FINGERPRINT_SIZE]; /* of the last finding */
	struct baseline_entry *entry;       /* the entry that matched it, or NULL */
	bool seen;                          /* whether it still has to be reported */
	struct table logs;                  /* by name; whether all were read in full */
	struct arena arena;
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

/* For the suppress callback: suppresses the known findings. */
void gate_suppress(struct gate *gate, struct sessionlint_finding *finding);

/* Called for each reported finding: those that the trace suppresses, about which gate_suppress() is
 * not asked, are counted too. */
void gate_report(struct gate *gate, const struct sessionlint_finding *finding);

/* Called after each log, with whether it was read in full. */
void gate_log(struct gate *gate, const char *path, bool whole);

/*
 * Call after the last log: finds stale and expired entries. An entry is stale if all logs of its
 * name were read in full, its rule is not off in @run, and no finding matched it. @fatal: stale
 * entries fail the run.
 */
void gate_end(struct gate *gate, const struct sessionlint *run, bool fatal);

/* Prints on standard error what gate_end() found. */
void gate_print(const struct gate *gate, bool fatal);

#endif
