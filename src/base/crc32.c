/* SPDX-License-Identifier: MIT */
#include "base/crc32.h"

#include <stdatomic.h>

void crc32_init(struct crc32 *crc32)
{
	crc32_tables_init(&crc32->tables);
	crc32_processor_init(&crc32->processor);
}

const struct crc32 *crc32_known(void)
{
	enum {
		UNKNOWN,
		BEING_FILLED,
		KNOWN,
	};
	static struct crc32 known;
	static atomic_int state;
	int expected = UNKNOWN;

	if (atomic_load_explicit(&state, memory_order_acquire) == KNOWN)
		return &known;
	if (atomic_compare_exchange_strong(&state, &expected, BEING_FILLED)) {
		crc32_init(&known);
		atomic_store_explicit(&state, KNOWN, memory_order_release);
	}
	/* another thread fills it, in some microseconds */
	while (atomic_load_explicit(&state, memory_order_acquire) != KNOWN)
		;
	return &known;
}

uint32_t crc32_update(const struct crc32 *crc32, uint32_t sum, const unsigned char *bytes,
		      size_t size)
{
	const struct crc32_processor *processor = &crc32->processor;
	size_t taken = 0;

	sum = ~sum;
	if (processor->bulk)
		taken = processor->bulk(processor, &crc32->tables, &sum, bytes, size);
	return ~crc32_by_tables(&crc32->tables, sum, bytes + taken, size - taken);
}
