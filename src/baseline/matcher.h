/* SPDX-License-Identifier: MIT */
/* A baseline in a run: which findings are known, and which entries no longer match any. */
#ifndef BASELINE_MATCHER_H
#define BASELINE_MATCHER_H

#include "baseline/baseline.h"
#include "baseline/fingerprint.h"

struct matcher {
	struct baseline baseline;
	struct fingerprints fingerprints;
	char fingerprint[FINGERPRINT_SIZE]; /* of the last finding */
	struct baseline_entry *entry;       /* the entry that matched it, or NULL */
	struct table logs;                  /* by name; whether all were read in full */
	struct arena arena;
};

void matcher_init(struct matcher *matcher);
void matcher_free(struct matcher *matcher);

/* From now on each finding of @run is looked up, before it is counted, and suppressed if the
 * baseline has a valid entry for it. It must remain valid as long as @run. */
void matcher_attach(struct matcher *matcher, struct sessionlint *run);

/* Whether all logs of the name of @entry were read in full, its rule is not off in @run, and no
 * finding matched it. */
bool matcher_is_stale(const struct matcher *matcher, const struct baseline_entry *entry,
		      const struct sessionlint *run);

#endif
