/* SPDX-License-Identifier: MIT */
/* The SHA-256 of the bytes that a reader reads. */
#ifndef TRACE_READER_DIGEST_H
#define TRACE_READER_DIGEST_H

#include <stdbool.h>

#include "base/sha256.h"

struct reader;

enum digest_state {
	DIGEST_UNKNOWN, /* the log was not read to its end */
	DIGEST_CHANGED, /* the file changed while it was read */
	DIGEST_WHOLE,
};

/*
 * Bytes that are read one after the other are hashed on their way. A log that is read in another
 * order, or twice, is hashed as a whole before and after: if both are equal, the records come from
 * these bytes.
 */
struct reader_digest {
	bool wanted;
	bool at_end;          /* all bytes have passed */
	struct sha256 passed; /* those that were read one after the other */
	unsigned char before[SHA256_SIZE];
};

/* A log has been recognized, and is read next. An error of reading. */
int reader_digest_begin(struct reader *reader);

/* The next bytes; none: the end. */
void reader_digest_pass(struct reader *reader, const void *bytes, size_t size);

/* The log has been read. @ret_hex and *ret_size, in bytes, mean something only if it is
 * DIGEST_WHOLE. */
enum digest_state reader_digest_end(struct reader *reader, char ret_hex[SHA256_HEX_SIZE],
				    uint64_t *ret_size);

#endif
