/* SPDX-License-Identifier: MIT */
/*
 * What identifies a finding in another run: the rule, the name of the log, the subject and the
 * transition; never times, lines, boots or incarnations, which change when something else is
 * recorded before it. Findings that are equal in this are numbered.
 */
#ifndef BASELINE_FINGERPRINT_H
#define BASELINE_FINGERPRINT_H

#include "sessionlint.h"

#define FINGERPRINT_SIZE 48

/* Counts how often each fingerprint occurred. */
struct fingerprints {
	struct fingerprint_slot *slots;
	unsigned bits; /* of the number of slots; 0: there are none yet */
	size_t count;
	uint64_t seed, factor;
};

void fingerprints_init(struct fingerprints *fingerprints);
void fingerprints_free(struct fingerprints *fingerprints);

/* The name of the log that is hashed: folders differ between machines. */
struct sessionlint_text fingerprint_log(const char *path);

/* Whether @text can be a fingerprint: 16 hexadecimal digits, a colon, and a number of at least 1.
 */
bool fingerprint_valid(struct sessionlint_text text);

/* Writes 16 hexadecimal digits, a colon, the number of this finding among equal ones, and a NUL.
 * Call it in the order of the run. -ENOMEM. */
int fingerprint_next(struct fingerprints *fingerprints, const struct sessionlint_finding *finding,
		     char text[FINGERPRINT_SIZE]);

#endif
