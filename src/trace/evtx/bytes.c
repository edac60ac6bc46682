/* SPDX-License-Identifier: MIT */
/* The bytes of a log, and of its chunks. */
#include <string.h>

#include "trace/evtx/file.h"

ssize_t evtx_file_read_at(struct evtx_file *file, unsigned char *bytes, size_t size,
			  uint64_t offset)
{
	ssize_t got = log_bytes_read(&file->log, bytes, size, size, file->begin + offset);

	if (got >= 0 && (size_t)got < size)
		memset(bytes + got, 0, size - (size_t)got);
	return got;
}

int evtx_file_read(struct evtx_file *file, const struct evtx_span *span, unsigned char *bytes)
{
	ssize_t got = evtx_file_read_at(file, bytes, span->size, span->offset);

	if (got < 0)
		return (int)got;
	memset(bytes + span->size, 0, EVTX_CHUNK_SIZE - span->size);
	return 0;
}
