/* SPDX-License-Identifier: MIT */
/* Findings as NDJSON: an object a finding, and one with the summary behind them.
 * docs/findings.schema.json */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/escape.h"
#include "report/json.h"
#include "report/notice.h"
#include "report/reporter.h"
#include "report/subject.h"
#include "trace/time.h"

static void write_key(FILE *file, const char *key)
{
	fprintf(file, ",\"%s\":", key);
}

static void write_text(FILE *file, const char *key, struct sessionlint_text text)
{
	write_key(file, key);
	escape_json(file, text);
}

static void write_number(FILE *file, const char *key, uint64_t number)
{
	fprintf(file, ",\"%s\":%" PRIu64, key, number);
}

static void write_event(FILE *file, const char *key, uint32_t event)
{
	write_key(file, key);
	if (sessionlint_event_name(event))
		fprintf(file, "\"%s\"", sessionlint_event_name(event));
	else
		fprintf(file, "\"%" PRIu32 "\"", event);
}

/* An array of the names that @name_of has for the bits of @set, the lowest of which has the number
 * @first. */
static void write_set(FILE *file, const char *key, unsigned set, unsigned first,
		      const char *(*name_of)(unsigned number))
{
	const char *before = "";

	write_key(file, key);
	putc('[', file);
	for (unsigned bit = 0; bit < 8; bit++) {
		if (!(set & 1U << bit))
			continue;
		fprintf(file, "%s\"%s\"", before, name_of(bit + first));
		before = ",";
	}
	putc(']', file);
}

static void write_history(FILE *file, const struct sessionlint_finding *finding)
{
	write_key(file, "history");
	putc('[', file);
	for (unsigned i = 0; i < finding->history_count; i++) {
		const struct sessionlint_history *past = &finding->history[i];

		fprintf(file, "%s{\"event\":\"%s\",\"line\":%" PRIu64, i ? "," : "",
			sessionlint_event_name(past->event), past->line);
		if (past->file)
			write_text(file, "file", text_from(past->file));
		putc('}', file);
	}
	putc(']', file);
	if (finding->history_omitted)
		write_number(file, "history_omitted", finding->history_omitted);
}

static void write_repair(FILE *file, const struct sessionlint_repair *repair)
{
	if (repair->kind == SESSIONLINT_REPAIR_NONE)
		return;
	write_key(file, "repair");
	fprintf(file, "{\"action\":\"%s\"",
		repair->kind == SESSIONLINT_REPAIR_DROP ? "drop" : "insert");
	if (repair->kind == SESSIONLINT_REPAIR_INSERT) {
		fputs(",\"events\":[", file);
		for (unsigned i = 0; i < repair->count; i++)
			fprintf(file, "%s\"%s\"", i ? "," : "",
				sessionlint_event_name(repair->events[i]));
		putc(']', file);
	}
	putc('}', file);
}

static void write_state(FILE *file, const char *key, uint32_t state)
{
	write_key(file, key);
	if (sessionlint_state_name(state))
		fprintf(file, "\"%s\"", sessionlint_state_name(state));
	else
		fprintf(file, "\"%" PRIu32 "\"", state);
}

/* What every finding has; null and empty arrays where it is about no session. */
static void write_subject(FILE *file, const struct sessionlint_finding *finding)
{
	if (finding->host.size)
		write_text(file, "host", finding->host);
	else
		fputs(",\"host\":null", file);
	if (finding->has_session)
		write_number(file, "session", finding->session);
	else
		fputs(",\"session\":null", file);
	if (finding->has_session && (finding->event != SESSIONLINT_NO_EVENT ||
				     finding->rule == SESSIONLINT_RULE_INVALID_EVENT))
		write_event(file, "event", finding->event);
	else
		fputs(",\"event\":null", file);
	write_set(file, "belief", finding->belief, 1, sessionlint_state_name);
	write_set(file, "allowed", finding->allowed, 0, sessionlint_event_name);
}

static void write_session(FILE *file, const struct sessionlint_finding *finding)
{
	write_text(file, "source", text_from(sessionlint_source_name(finding->source)));
	if (finding->incarnation)
		write_number(file, "incarnation", finding->incarnation);
	if (finding->boot.size)
		write_text(file, "boot", finding->boot);
	else if (finding->boot_ordinal)
		write_number(file, "boot", finding->boot_ordinal);
	if (finding->observed != SESSIONLINT_NO_STATE ||
	    finding->rule == SESSIONLINT_RULE_INVALID_STATE)
		write_state(file, "observed", finding->observed);
	if (finding->incarnation)
		write_history(file, finding);
	if (finding->swapped)
		write_number(file, "legal_before",
			     finding->history[finding->history_count - 2].line);
	write_repair(file, &finding->repair);
}

static void write_suppression(FILE *file, const struct sessionlint_finding *finding)
{
	write_key(file, "suppression");
	fprintf(file, "{\"kind\":\"%s\"", suppression_name(finding->suppression));
	write_text(file, "reason", finding->reason);
	putc('}', file);
}

static int json_begin(struct report_output *output)
{
	struct fingerprints *fingerprints = malloc(sizeof *fingerprints);

	if (!fingerprints)
		return -ENOMEM;
	fingerprints_init(fingerprints);
	output->state = fingerprints;
	return 0;
}

static int write_fingerprint(FILE *file, struct fingerprints *fingerprints,
			     const struct sessionlint_finding *finding)
{
	char fingerprint[FINGERPRINT_SIZE];
	int r = fingerprint_next(fingerprints, finding, fingerprint);

	if (r == 0)
		write_text(file, "fingerprint", text_from(fingerprint));
	return r;
}

int json_write_finding(FILE *file, struct fingerprints *fingerprints,
		       const struct sessionlint_finding *finding)
{
	int r;

	fprintf(file, "{\"rule\":\"%s\"", sessionlint_rule_info(finding->rule)->name);
	write_text(file, "severity", text_from(sessionlint_severity_name(finding->severity)));
	write_text(file, "file", text_from(finding->file));
	write_number(file, "line", finding->line);
	write_number(file, "offset", finding->offset);
	write_subject(file, finding);
	fprintf(file, ",\"cascade\":%s", finding->cascade ? "true" : "false");
	write_text(file, "message", finding->message);
	r = write_fingerprint(file, fingerprints, finding);
	if (finding->time != SESSIONLINT_NO_TIME) {
		char time[TIME_TEXT_SIZE];

		time_format(finding->time, time);
		write_text(file, "time", text_from(time));
	}
	if (finding->driver.size)
		write_text(file, "driver", finding->driver);
	if (finding->io.size)
		write_text(file, "io", finding->io);
	if (finding->has_session)
		write_session(file, finding);
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		write_suppression(file, finding);
	putc('}', file);
	return r;
}

static void json_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	if (json_write_finding(output->file, output->state, finding) < 0)
		output->error = -ENOMEM;
	putc('\n', output->file);
}

/* What could not be checked. */
static void write_failures(const struct report_output *output)
{
	FILE *file = output->file;
	const char *before = "";

	write_key(file, "failed");
	putc('[', file);
	for (size_t i = 0; i < output->notice_count; i++) {
		const struct report_notice *notice = &output->notices[i];

		if (notice->kind != NOTICE_FAILED)
			continue;
		fprintf(file, "%s{\"file\":", before);
		escape_json(file, text_from(notice->file));
		write_text(file, "reason", text_from(notice->reason));
		putc('}', file);
		before = ",";
	}
	putc(']', file);
}

/* Entries of the baseline of which the run has something to say. */
static void write_notices(const struct report_output *output, enum notice_kind kind,
			  const char *key)
{
	FILE *file = output->file;
	const char *before = "";

	write_key(file, key);
	putc('[', file);
	for (size_t i = 0; i < output->notice_count; i++) {
		const struct report_notice *notice = &output->notices[i];
		const struct baseline_entry *entry = notice->entry;

		if (notice->kind != kind)
			continue;
		fprintf(file, "%s{\"fingerprint\":", before);
		escape_json(file, entry->by_fingerprint.key);
		write_text(file, "file", text_from(notice->file));
		write_number(file, "line", entry->line);
		write_text(file, "rule", entry->rule);
		write_text(file, "log", entry->log);
		write_text(file, "reason", entry->reason);
		putc('}', file);
		before = ",";
	}
	putc(']', file);
}

static void json_end(struct report_output *output, const struct sessionlint_totals *totals)
{
	FILE *file = output->file;
	const char *before = "";

	fprintf(file, "{\"summary\":{\"version\":\"%s\"", sessionlint_version());
	write_number(file, "files", totals->files);
	write_number(file, "bytes", totals->bytes);
	write_number(file, "records", totals->records);
	write_number(file, "events", totals->events);
	write_number(file, "markers", totals->markers);
	write_number(file, "notifications", totals->notifications);
	write_number(file, "calls", totals->calls);
	write_number(file, "objects", totals->objects);
	write_number(file, "registrations", totals->registrations);
	write_number(file, "noted", totals->noted);
	write_number(file, "skipped", totals->skipped);
	write_number(file, "unreadable", totals->unreadable);
	fprintf(file, ",\"sessions\":{\"lives\":%" PRIu64, totals->lives);
	write_number(file, "conforming", totals->conforming);
	write_number(file, "violating", totals->violating);
	write_number(file, "undetermined", totals->undetermined);
	write_number(file, "unfinished", totals->unfinished);
	write_number(file, "forgotten", totals->forgotten);
	fprintf(file, "},\"severities\":{\"error\":%" PRIu64,
		totals->severities[SESSIONLINT_SEVERITY_ERROR]);
	write_number(file, "warning", totals->severities[SESSIONLINT_SEVERITY_WARNING]);
	write_number(file, "note", totals->severities[SESSIONLINT_SEVERITY_NOTE]);
	fputs("},\"findings\":{", file);
	for (unsigned rule = 0; rule < SESSIONLINT_RULES; rule++) {
		if (!totals->findings[rule])
			continue;
		fprintf(file, "%s\"%s\":%" PRIu64, before, sessionlint_rule_info(rule)->name,
			totals->findings[rule]);
		before = ",";
	}
	putc('}', file);
	write_number(file, "cascades", totals->cascades);
	write_number(file, "suppressed", totals->suppressed);
	if (notices_of(output->notices, output->notice_count, NOTICE_FAILED) > 0)
		write_failures(output);
	if (notices_of(output->notices, output->notice_count, NOTICE_UNDETERMINED) > 0)
		fputs(",\"fail_on_undetermined\":true", file);
	if (notices_of(output->notices, output->notice_count, NOTICE_STALE) +
		    notices_of(output->notices, output->notice_count, NOTICE_EXPIRED) >
	    0) {
		write_notices(output, NOTICE_STALE, "stale");
		write_notices(output, NOTICE_EXPIRED, "expired");
	}
	fputs("}}\n", file);
	fingerprints_free(output->state);
	free(output->state);
}

const struct reporter reporter_json = {
	.name = "json",
	.summary = "NDJSON: one object a finding, then one with the summary",
	.begin = json_begin,
	.finding = json_finding,
	.end = json_end,
};
