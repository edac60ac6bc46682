/* SPDX-License-Identifier: MIT */
/* A run that a baseline answers for: which findings are known, and which entries nothing matches
 * any more. */
#ifndef CLI_GATE_H
#define CLI_GATE_H

#include "cli/settings.h"
#include "report/fingerprint.h"
#include "report/notice.h"

/* A larger baseline is not read, and not written. */
#define BASELINE_MAX ((size_t)64 << 20)

struct gate {
	const char *path; /* NULL: there is no baseline, and nothing here does anything */
	int64_t now;
	struct baseline baseline;
	struct fingerprints fingerprints;
	char fingerprint[FINGERPRINT_SIZE]; /* of the finding that was seen last */
	struct baseline_entry *entry;       /* what it matched, or NULL */
	bool seen;                          /* it has not been reported yet */
	struct table logs;                  /* by name, that were read in full */
	struct arena arena;
	struct report_notice *notices;
	size_t notice_count, stale_count;
	bool exists; /* the baseline was there */
	bool failed; /* memory was short */
};

/*
 * Begins with the baseline at @path, which may be NULL. With @create it need not be there.
 * Complains of a file that is none: STATUS_FAILED. gate_free() takes the gate in any case.
 */
int gate_begin(struct gate *gate, const char *path, bool create);
void gate_free(struct gate *gate);

/* Sees findings as options.suppress does: answers for what is known. */
void gate_suppress(struct gate *gate, struct sessionlint_finding *finding);

/* Sees each finding that is reported: who is not asked about one, as the trace answers for it,
 * counts it all the same. */
void gate_report(struct gate *gate, const struct sessionlint_finding *finding);

/* Is told of each log, and whether it was read in full. */
void gate_log(struct gate *gate, const char *path, bool whole);

/*
 * Behind the last log: finds what is stale and what has expired. An entry is stale if all logs
 * of its name were read in full, its rule is not off, and no finding matched it. Whether stale
 * entries fail the run is @fatal.
 */
void gate_end(struct gate *gate, const struct sessionlint_options *options, bool fatal);

/* Says on standard error what gate_end() found. */
void gate_tell(const struct gate *gate, bool fatal);

#endif
