/* SPDX-License-Identifier: MIT */
/*
 * Certificates: for each incarnation that a run has judged, a witness of its verdict that somebody
 * who does not trust the checker can verify; for each log, what its order and its missing records
 * are. The format is that of docs/certificate.md.
 */
#ifndef CERTIFICATE_CERTIFICATE_H
#define CERTIFICATE_CERTIFICATE_H

#include <stdio.h>

#include "check/run_inputs.h"
#include "sessionlint.h"

struct certificate;

/* What of a run is not in its options for sessions. */
struct certificate_premises {
	enum sessionlint_start start;
	enum sessionlint_source source; /* of text records without one */
	uint64_t
		reorder; /* text records are sorted by time within so many ticks; 0: they are not */
	const char *reading; /* why the order of all logs is not certified; NULL: it is */
};

/* Begins a certificate in @file of @run, which it follows from its first log on. The caller owns
 * the result: certificate_free(). -ENOMEM. */
int certificate_new(FILE *file, struct sessionlint *run,
		    const struct certificate_premises *premises,
		    struct certificate **ret_certificate);
void certificate_free(struct certificate *certificate);

/* A file of the log was read, before or after the end of the log. */
void certificate_input(struct certificate *certificate, const struct run_input *input);

/* The log has been read: writes what it shows of its order. */
void certificate_log(struct certificate *certificate);

/* Writes the end. -ENOMEM: something is missing. */
int certificate_end(struct certificate *certificate);

#endif
