/* SPDX-License-Identifier: MIT */
#include "machine_write.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

#define BEFORE_1970 INT64_C(11644473600)

void machine_write_record(const struct machine_record *record, FILE *stream)
{
	time_t seconds = (time_t)(record->time / MACHINE_SECOND - BEFORE_1970);
	char time[40];

	/* one thread */
	strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", gmtime(&seconds));
	fprintf(stream, "time=%s.%07" PRId64 "Z seq=%" PRIu64 " host=machine source=%s", time,
		record->time % MACHINE_SECOND, record->number, machine_sources[record->log]);
	if (record->kind != MACHINE_EVENT) {
		fprintf(stream, " marker=%s\n", record->kind == MACHINE_BOOT ? "boot" : "shutdown");
		return;
	}
	fprintf(stream, " session=%u event=%s",
		record->log == MACHINE_WINLOGON ? record->process : record->session,
		machine_events[record->event]);
	if (record->log == MACHINE_SYSTEM)
		fprintf(stream, " process=%u user=S-1-5-21-1-2-3-%d", record->process,
			1000 + record->user);
	if (record->log == MACHINE_LSM)
		fprintf(stream, " user=DOMAIN\\\\user-%c address=LOCAL", record->user);
	fprintf(stream, "\n");
}

int machine_write(const struct made_machine *machine, const char *folder)
{
	FILE *stream = NULL;
	const struct machine_record *last = NULL;
	int r = 0;

	for (int i = 0; r == 0 && i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];
		char path[300];

		if (record->lost)
			continue;
		if (!last || last->log != record->log || last->file != record->file) {
			if (stream && fclose(stream) != 0)
				r = -errno;
			snprintf(path, sizeof path, "%s/%s.%u.trace", folder,
				 machine_sources[record->log], record->file);
			stream = fopen(path, "w");
			if (!stream)
				return -errno;
		}
		last = record;
		machine_write_record(record, stream);
	}
	if (stream && fclose(stream) != 0)
		r = -errno;
	return r;
}
