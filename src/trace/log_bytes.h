/* SPDX-License-Identifier: MIT */
/* The bytes of a log, in a file or in memory. */
#ifndef TRACE_LOG_BYTES_H
#define TRACE_LOG_BYTES_H

#include <stddef.h>

#include "base/input.h"

struct log_bytes {
	int descriptor;              /* for a file */
	bool is_memory;              /* for memory: */
	const unsigned char *memory; /* owned by the caller */
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

/* Like input_status() and input_read(). */
int log_bytes_status(const struct log_bytes *log, struct input_status *ret_status);
ssize_t log_bytes_read(struct log_bytes *log, void *bytes, size_t size, size_t min,
		       uint64_t offset);

#endif
