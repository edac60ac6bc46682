/* SPDX-License-Identifier: MIT */
/*
 * Findings that somebody has answered for, by their fingerprints: docs/baseline.schema.json. A
 * baseline is committed, so it is written an entry a line, in an order that does not change.
 */
#ifndef REPORT_BASELINE_H
#define REPORT_BASELINE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/table.h"

#define BASELINE_VERSION 1

struct baseline_entry {
	struct table_entry by_fingerprint; /* its key is the fingerprint, with a NUL behind it */
	struct sessionlint_text rule, log, subject, message, reason;
	struct sessionlint_text expires; /* YYYY-MM-DD, the last day that it holds; or empty */
	/* what an entry of this run is about, instead of subject and message; or NULL */
	const struct sessionlint_finding *finding;
	unsigned line, column; /* where it stands; 0: it is new */
	bool expired;          /* today is behind that day */
	bool matched;          /* by a finding of this run */
	bool dropped;          /* not to be written again */
};

struct baseline {
	struct baseline_entry **entries;
	size_t count, capacity;
	struct table table;
	struct arena arena;
};

/* Where a baseline is none, and why. */
struct baseline_error {
	unsigned line, column; /* counted from 1; in characters */
	char text[200];
};

void baseline_init(struct baseline *baseline);
void baseline_free(struct baseline *baseline);

/*
 * Reads @size bytes at @data into an empty baseline; entries are held to the day of @now, in
 * seconds since 1970. -ENOMEM; -EBADMSG with *ret_error.
 */
int baseline_read(struct baseline *baseline, const char *data, size_t size, int64_t now,
		  struct baseline_error *ret_error);

/* The entry with that fingerprint, or NULL. */
struct baseline_entry *baseline_find(const struct baseline *baseline,
				     struct sessionlint_text fingerprint);

/* An empty entry with a fingerprint that is not there yet, of which it takes a copy; or NULL. */
struct baseline_entry *baseline_add(struct baseline *baseline, struct sessionlint_text fingerprint);

/* Sorts the entries: by log, rule and fingerprint. */
void baseline_sort(struct baseline *baseline);

/* Writes what is not dropped. */
void baseline_write(FILE *file, struct baseline *baseline);

/* Whether @text is a day, as YYYY-MM-DD. If so, *ret_past is whether it lies before that of @now.
 */
bool baseline_day(struct sessionlint_text text, int64_t now, bool *ret_past);

/* Whether @text holds more than blanks: as a reason has to. */
bool baseline_is_said(struct sessionlint_text text);

#endif
