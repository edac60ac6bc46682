/* SPDX-License-Identifier: MIT */
/* What was read: a report lists it. */
#ifndef CHECK_RUN_INPUTS_H
#define CHECK_RUN_INPUTS_H

#include "trace/reader_digest.h"

struct sessionlint;

struct run_input {
	const char *name; /* of the file, as in findings */
	const char *format;
	uint64_t size; /* in bytes */
	uint64_t records;
	bool is_intricate; /* see struct reader */
	enum digest_state digest;
	char sha256[SHA256_HEX_SIZE]; /* if @digest is DIGEST_WHOLE */
};

typedef void run_input_callback(void *userdata, const struct run_input *input);

/* Calls @callback for each file that was read; its bytes are hashed for that if @digest. Before the
 * first log. */
void run_set_inputs(struct sessionlint *run, run_input_callback *callback, bool digest,
		    void *userdata);

#endif
