/* SPDX-License-Identifier: MIT */
/*
 * What makes a finding the same finding in another run: the rule, the name of the log, whom it is
 * about and the transition; never times, lines, boots or lives, which change when something else
 * is recorded before it. Findings that are alike so far are counted.
 */
#ifndef REPORT_FINGERPRINT_H
#define REPORT_FINGERPRINT_H

#include "base/table.h"

#define FINGERPRINT_SIZE 48

/* Counts how often each fingerprint was there. */
struct fingerprints {
	struct table seen;
	struct fingerprint_entry *entries;
};

void fingerprints_init(struct fingerprints *fingerprints);
void fingerprints_free(struct fingerprints *fingerprints);

/* The name of the log in it: the folders that a log lies in differ between machines. */
struct sessionlint_text fingerprint_log(const char *path);

/* Writes 16 hexadecimal digits, a colon, how many such findings there were with this one, and a
 * NUL. Findings must come in the order of the run. -ENOMEM. */
int fingerprint_next(struct fingerprints *fingerprints, const struct sessionlint_finding *finding,
		     char text[FINGERPRINT_SIZE]);

#endif
