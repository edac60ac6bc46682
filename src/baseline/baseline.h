/* SPDX-License-Identifier: MIT */
/*
 * The baseline: accepted findings, by their fingerprints (docs/baseline.schema.json). Baselines are
 * committed, so they are written with one entry per line, in a stable order.
 */
#ifndef BASELINE_BASELINE_H
#define BASELINE_BASELINE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/table.h"
#include "sessionlint.h"

#define BASELINE_VERSION 1

struct baseline_entry {
	struct table_entry by_fingerprint; /* its key is the fingerprint, followed by a NUL */
	struct sessionlint_text rule, log, subject, message, reason;
	struct sessionlint_text
		expires; /* YYYY-MM-DD, the last day on which it is valid; or empty */
	/* the finding of an entry of this run, instead of subject and message; or NULL */
	const struct sessionlint_finding *finding;
	unsigned line, column; /* its place; 0: it is new */
	bool expired;          /* that day has passed */
	bool matched;          /* matched by a finding of this run */
	bool dropped;          /* do not write it again */
};

struct baseline {
	struct baseline_entry **entries;
	size_t count, capacity;
	struct table table;
	struct arena arena;
};

void baseline_init(struct baseline *baseline);
void baseline_free(struct baseline *baseline);

/*
 * Reads @size bytes at @data into an empty baseline; entries expire by the day of @now, in seconds
 * since 1970. -ENOMEM; -EBADMSG with *ret_error.
 */
int baseline_read(struct baseline *baseline, const char *data, size_t size, int64_t now,
		  struct sessionlint_baseline_error *ret_error);

/* The entry with that fingerprint, or NULL. */
struct baseline_entry *baseline_find(const struct baseline *baseline,
				     struct sessionlint_text fingerprint);

/* Adds an empty entry with a copy of a fingerprint that is not in the baseline yet. NULL: out of
 * memory. */
struct baseline_entry *baseline_add(struct baseline *baseline, struct sessionlint_text fingerprint);

/* Sorts the entries by log, rule and fingerprint. */
void baseline_sort(struct baseline *baseline);

/* Writes the entries that are not dropped. */
void baseline_write(FILE *file, struct baseline *baseline);

/* Whether @text is a date, as YYYY-MM-DD. If so, *ret_past is whether it is before that of @now.
 */
bool baseline_day(struct sessionlint_text text, int64_t now, bool *ret_past);

/* Whether @text has more than blanks, as a reason must. */
bool baseline_has_text(struct sessionlint_text text);

#endif
