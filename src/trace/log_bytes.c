/* SPDX-License-Identifier: MIT */
#include "trace/log_bytes.h"

#include <string.h>

int log_bytes_status(const struct log_bytes *log, struct input_status *ret_status)
{
	if (!log->is_memory)
		return input_status(log->descriptor, ret_status);
	*ret_status = (struct input_status) {
		.is_file = true,
		.size = log->size,
		.position = log->position,
	};
	return 0;
}

static size_t memory_read(const struct log_bytes *log, void *bytes, size_t size, uint64_t offset)
{
	size_t left = offset < log->size ? log->size - (size_t)offset : 0;

	if (size > left)
		size = left;
	if (size > 0)
		memcpy(bytes, log->memory + offset, size);
	return size;
}

ssize_t log_bytes_read(struct log_bytes *log, void *bytes, size_t size, size_t min, uint64_t offset)
{
	size_t got;

	if (!log->is_memory)
		return input_read(log->descriptor, bytes, size, min, offset);
	got = memory_read(log, bytes, size, offset == INPUT_HERE ? log->position : offset);
	if (offset == INPUT_HERE)
		log->position += got;
	return (ssize_t)got;
}
