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

static void record_put(struct host *host, uint64_t seq, uint64_t last, const char *format,
		       va_list arguments)
{
	struct record *record = &host->records[host->record_count];

	if (host->record_count == RECORDS_MAX)
		abort();
	host->record_count++;
	*record = (struct record) { .seq = seq, .last = last };
	/* with numbers it does not matter where a record stands */
	record->written = host->settings.shuffled ? host->seq * 8 + below(host, 64) : last * 8;
	if (record->written < host->barrier)
		record->written = host->barrier;
	vsnprintf(record->text, sizeof record->text, format, arguments);
}

void record_write(struct host *host, uint64_t seq, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record_put(host, seq, seq, format, arguments);
	va_end(arguments);
}

enum form form_pick(struct host *host)
{
	uint32_t what = below(host, 100);

	if (what < host->settings.ones)
		return FORM_ONE;
	return what < host->settings.ones + host->settings.twos ? FORM_TWO : FORM_SPAN;
}

void span_write(struct host *host, enum form form, uint64_t seq, const char *format, ...)
{
	uint64_t last = form == FORM_ONE ? seq : number_take(host);
	struct record *record;
	va_list arguments;
	size_t size;

	va_start(arguments, format);
	record_put(host, form == FORM_TWO ? last : seq, last, format, arguments);
	va_end(arguments);
	record = &host->records[host->record_count - 1];
	size = strlen(record->text);
	if (form == FORM_TWO)
		snprintf(record->text + size, sizeof record->text - size, " phase=end");
	if (form == FORM_SPAN)
		snprintf(record->text + size, sizeof record->text - size, " seq_end=%" PRIu64,
			 last);
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

		if (record->seq < first || record->last > last)
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
