/* SPDX-License-Identifier: MIT */
#include "simulated.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t number_take(struct host *host)
{
	return ++host->seq;
}

void record_write(struct host *host, uint64_t seq, const char *format, ...)
{
	struct record *record = &host->records[host->record_count];
	va_list arguments;

	if (host->record_count == RECORDS_MAX)
		abort();
	host->record_count++;
	*record = (struct record) { .seq = seq };
	/* with numbers it does not matter where a record stands */
	record->written = host->settings.shuffled ? host->seq * 8 + below(host, 64) : seq * 8;
	if (record->written < host->barrier)
		record->written = host->barrier;
	va_start(arguments, format);
	vsnprintf(record->text, sizeof record->text, format, arguments);
	va_end(arguments);
}

static int by_writing(const void *a, const void *b)
{
	const struct record *one = a, *other = b;

	return (one->written > other->written) - (one->written < other->written);
}

size_t trace_write(struct host *host, char *buffer, size_t room)
{
	const struct settings *settings = &host->settings;
	uint64_t first = settings->late ? below(host, (uint32_t)host->seq / 2) : 0;
	uint64_t last = settings->cut ? host->seq / 3 + below(host, (uint32_t)host->seq)
				      : host->seq;
	size_t size = 0;

	qsort(host->records, host->record_count, sizeof host->records[0], by_writing);
	for (uint32_t i = 0; i < host->record_count; i++) {
		const struct record *record = &host->records[i];
		bool lost = below(host, 1000) < settings->lose && record->seq > 1;

		if (record->seq < first || record->seq > last)
			continue;
		/* what is lost leaves a gap in the numbers, or somebody notices */
		if (lost && settings->numbered)
			continue;
		if (lost)
			size += (size_t)snprintf(buffer + size, room - size, "marker=gap\n");
		else if (settings->numbered)
			size += (size_t)snprintf(buffer + size, room - size, "seq=%" PRIu64 " %s\n",
						 record->seq, record->text);
		else
			size += (size_t)snprintf(buffer + size, room - size, "%s\n", record->text);
	}
	return size;
}
