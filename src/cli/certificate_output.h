/* SPDX-License-Identifier: MIT */
/* The certificate of 'sessionlint check', in a file. */
#ifndef CLI_CERTIFICATE_OUTPUT_H
#define CLI_CERTIFICATE_OUTPUT_H

#include "base/replace.h"
#include "certificate/certificate.h"
#include "cli/logs.h"

struct certificate_output {
	const char *path; /* NULL: no certificate is wanted */
	struct replacement replacement;
	struct certificate *certificate;
};

/* Checks that a certificate of a run with these options can be verified. Returns a status. */
int certificate_output_allow(const struct certificate_output *output, const struct logs *logs);

/* Opens the file, which replaces an older one when it is complete. Reports an error. Returns a
 * status. */
int certificate_output_open(struct certificate_output *output);

/* Lets the certificate follow logs->run. -ENOMEM. */
int certificate_output_begin(struct certificate_output *output, const struct logs *logs);

/* A file was read; a log was. */
void certificate_output_input(struct certificate_output *output, const struct run_input *input);
void certificate_output_log(struct certificate_output *output);

/* Ends the certificate, unless @error says why it is not whole. Reports what could not be written:
 * false; the older file stays. */
bool certificate_output_end(struct certificate_output *output, int error);

/* Discards what has not ended. */
void certificate_output_cancel(struct certificate_output *output);

#endif
