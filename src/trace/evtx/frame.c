/* SPDX-License-Identifier: MIT */
/* The frames of records. */
#include <errno.h>

#include "base/array.h"
#include "base/bytes.h"
#include "trace/evtx/file.h"

#define RECORD_SIGNATURE 0x00002a2aU
#define RECORD_MIN       28U /* signature, size, id, time, and the size again */

int evtx_records_add(struct evtx_records *records, const struct evtx_record *record)
{
	struct evtx_record *grown = array_grow(records->records, records->count, &records->capacity,
					       sizeof *grown);

	if (!grown)
		return -ENOMEM;
	records->records = grown;
	records->records[records->count++] = *record;
	return 0;
}

bool evtx_record_is_at(const struct evtx_span *span, const unsigned char *bytes, uint32_t offset)
{
	const unsigned char *at = bytes + offset;
	uint32_t left = span->size - offset, size;

	if (left < RECORD_MIN || read_u32(at) != RECORD_SIGNATURE)
		return false;
	size = read_u32(at + 4);
	return size >= RECORD_MIN && size <= left && read_u32(at + size - 4) == size;
}

struct evtx_record evtx_record_take(const unsigned char *bytes, uint32_t offset, uint32_t buffer)
{
	const unsigned char *at = bytes + offset;

	return (struct evtx_record) {
		.id = read_u64(at + 8),
		.buffer = buffer,
		.offset = offset,
		.size = read_u32(at + 4),
		.written = read_u64(at + 16),
	};
}
