/* SPDX-License-Identifier: MIT */
/*
 * Writes traces of sessions that are made up: make_lives FOLDER SEED LIVES AVERAGE [judged]. Each
 * trace is FOLDER/READING/NUMBER.trace, and is legal: however it is numbered and whatever it has
 * lost, no record of it is wrong. With `judged` each trace has a breach, which something may
 * explain all the same. Standard output has a line for each trace, and after it, with `judged`,
 * what happened.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"

/* More than that do not begin in a trace. */
#define LIVES_MAX 10000

static void write_keys(FILE *file, const struct plan *plan, const struct record *record)
{
	if (capture_is_numbered(plan, record))
		fprintf(file, "seq=%" PRIu64 " ", record->seq);
	if (record->kind == END)
		return;
	if (plan->named)
		fprintf(file, "host=h%u ", record->host);
	if (plan->boots == BOOTS_VALUED || plan->boots == BOOTS_BOTH)
		fprintf(file, "boot=%u.%u ", record->host, record->boot);
}

static void write_record(FILE *file, const struct plan *plan, const struct record *record)
{
	write_keys(file, plan, record);
	switch (record->kind) {
	case EVENT:
		fprintf(file, "source=%s session=%u event=%s", source_names[record->source],
			record->session, session_event_name(record->event));
		if (record->says_before)
			fprintf(file, " from=%s", session_state_name(record->before));
		if (record->says_after)
			fprintf(file, " to=%s", session_state_name(record->after));
		break;
	case SAMPLE:
		fprintf(file, "source=%s session=%u state=%s", source_names[record->source],
			record->session, session_state_name(record->after));
		break;
	case NOTIFIED:
		fprintf(file, "driver=%c session=%u notify=%s io=0xD", 'a' + (char)record->driver,
			record->session, session_event_name(record->event));
		if (record->event == CONNECT)
			fprintf(file, " payload_session=%u payload_length=8", record->session);
		break;
	case REGISTERED:
		fprintf(file,
			"driver=%c call=IoRegisterContainerNotification io=0xD mask=all "
			"registration=0xB "
			"status=0",
			'a' + (char)record->driver);
		break;
	case BOOT:
		fputs("marker=boot", file);
		break;
	case SHUTDOWN:
		fputs("marker=shutdown", file);
		break;
	case GAP:
		fputs("marker=gap", file);
		break;
	case END:
		fputs("marker=end", file);
		break;
	}
	putc('\n', file);
}

/* ---- what happened, for the judge ---- */

/* Lost is what has no line; where nothing was kept before it, nobody knows how much there was. */
static void tell_loss(const struct plan *plan, const struct record *record, bool first)
{
	if (plan->losses == LOSES_TOLD && record->lost)
		return;
	if (plan->numbering == NUMBERED_BY_TRACE)
		printf("L * %s\n", first ? "any" : "1");
	else
		printf("L %u %s\n", record->host, first ? "any" : "1");
}

static void tell_record(const struct record *record)
{
	const char *source = source_names[record->source];

	if (record->kind == EVENT)
		printf("R %u %u %zu %s %u %s %s %s\n", record->host, record->boot, record->line,
		       source, record->session, session_event_name(record->event),
		       record->says_before ? session_state_name(record->before) : "-",
		       record->says_after ? session_state_name(record->after) : "-");
	else if (record->kind == SAMPLE)
		printf("R %u %u %zu %s %u - - %s\n", record->host, record->boot, record->line,
		       source, record->session, session_state_name(record->after));
	else if (record->kind == NOTIFIED)
		printf("N %u %u %zu wdm %u %s - -\n", record->host, record->boot, record->line,
		       record->session, session_event_name(record->event));
	else if (record->kind == BOOT)
		printf("B %u %u\n", record->host, record->boot);
	else if (record->kind == GAP)
		printf("L %u any\n", record->host);
	else if (record->kind == SHUTDOWN || record->kind == REGISTERED)
		printf("S %u %u\n", record->host, record->boot);
}

/* Whether a later record with which the lost one was counted is there. Where each boot counts for
 * itself, nobody knows what it has lost after the last record of it, and no record depends on it.
 */
static bool is_missed(const struct plan *plan, const struct records *records, size_t lost)
{
	const struct record *record = &records->list[lost];
	unsigned scope = capture_scope(plan, record);

	for (size_t i = lost + 1; i < records->count; i++) {
		const struct record *later = &records->list[i];

		if (later->line && later->boot == record->boot &&
		    capture_scope(plan, later) == scope && capture_is_numbered(plan, later))
			return true;
	}
	return !plan->restarts;
}

static void tell(const struct plan *plan, const struct records *records)
{
	bool began[SCOPES] = { false };
	unsigned boots[SCOPES] = { 0 };

	if (plan->first > 1)
		printf("L * any\n");
	for (size_t i = 0; i < records->count; i++) {
		const struct record *record = &records->list[i];
		unsigned scope = capture_scope(plan, record);

		if (plan->restarts && record->boot != boots[scope])
			began[scope] = false;
		boots[scope] = record->boot;
		if (record->line == 0) {
			if (is_missed(plan, records, i))
				tell_loss(plan, record, !began[scope]);
			continue;
		}
		began[scope] |= capture_is_numbered(plan, record);
		tell_record(record);
	}
}

/* ---- traces ---- */

static void fail(const char *what)
{
	fprintf(stderr, "make_lives: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void write_trace(const char *folder, unsigned number, const struct plan *plan,
			const struct records *records, const struct lines *lines)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s/%u.trace", folder, reading_names[plan->reading], number);
	file = fopen(path, "wb");
	if (!file)
		fail(path);
	plan_print(plan, file);
	for (size_t i = 0; i < lines->count; i++)
		write_record(file, plan, &records->list[lines->list[i].record]);
	if (fclose(file) != 0)
		fail(path);
}

/* The first records are from before the capture. */
static void skip(const struct plan *plan, struct records *records)
{
	size_t count = plan->skipped < records->count ? plan->skipped : records->count;

	memmove(records->list, records->list + count,
		(records->count - count) * sizeof *records->list);
	records->count -= count;
}

/* How many lives the trace shows something of. */
static unsigned lives_kept(const struct records *records)
{
	static bool kept[LIVES_MAX];
	unsigned count = 0;

	memset(kept, 0, sizeof kept);
	for (size_t i = 0; i < records->count; i++) {
		const struct record *record = &records->list[i];

		if (!record->life || !record->line || kept[record->life % LIVES_MAX])
			continue;
		kept[record->life % LIVES_MAX] = true;
		count++;
	}
	return count;
}

int main(int argc, char **argv)
{
	struct records records = { 0 };
	struct lines lines = { 0 };
	unsigned long lives = 0, wanted;
	bool judged = argc == 6 && strcmp(argv[5], "judged") == 0;
	unsigned number = 0, average, kept;

	if (argc != 5 && !judged) {
		fprintf(stderr, "usage: make_lives FOLDER SEED LIVES AVERAGE [judged]\n");
		return 2;
	}
	wanted = strtoul(argv[3], NULL, 10);
	average = (unsigned)strtoul(argv[4], NULL, 10);
	for (; lives < wanted; number++) {
		struct random random = { strtoull(argv[2], NULL, 10) << 32 ^ number };
		struct plan plan;

		plan_draw(&random, average, judged, &plan);
		world_run(&random, &plan, &records);
		skip(&plan, &records);
		capture_breach(&random, &plan, &records);
		capture_run(&random, &plan, &records, &lines);
		if (lines.count == 0 || capture_is_ambiguous(&plan, &records, &lines))
			continue;
		write_trace(argv[1], number, &plan, &records, &lines);
		kept = lives_kept(&records);
		lives += kept;
		printf("T %s/%u.trace %u ", reading_names[plan.reading], number, kept);
		plan_print(&plan, stdout);
		if (judged)
			tell(&plan, &records);
	}
	free(records.list);
	free(lines.list);
	return 0;
}
