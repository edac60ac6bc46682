/* SPDX-License-Identifier: MIT */
/* Where the bytes of a log are: in a file, or in memory. */
#ifndef TRACE_LOG_BYTES_H
#define TRACE_LOG_BYTES_H

#include <stddef.h>

#include "base/input.h"

struct log_bytes {
	int descriptor;              /* of a file */
	bool is_memory;              /* otherwise: */
	const unsigned char *memory; /* the caller's */
	size_t size, position;
};

static inline struct log_bytes log_of_descriptor(int descriptor)
{
	return (struct log_bytes) { .descriptor = descriptor };
}

static inline struct log_bytes log_of_memory(const void *memory, size_t size)
{
	return (struct log_bytes) { .is_memory = true, .memory = memory, .size = size };
}

/* As input_status() and input_read(). */
int log_bytes_status(const struct log_bytes *log, struct input_status *ret_status);
ssize_t log_bytes_read(struct log_bytes *log, void *bytes, size_t size, size_t min,
		       uint64_t offset);

#endif
