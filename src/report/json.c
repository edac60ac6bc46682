/* SPDX-License-Identifier: MIT */
/* Findings as NDJSON: one object per finding, then one with the summary
 * (docs/findings.schema.json). */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "check/subject.h"
#include "report/json.h"
#include "report/notice.h"
#include "report/reporter.h"
#include "sessionlint.h"
#include "trace/time.h"

/* A value outside the enumeration is written as a number. */
static void write_name(struct json_writer *json, const char *key, const char *name, uint32_t number)
{
	json_key(json, key);
	if (name)
		json_word(json, name);
	else
		fprintf(json_value(json), "\"%" PRIu32 "\"", number);
}

/* An array of the names of the bits of @set by @name_of; the lowest bit has the number @first. */
static void write_set(struct json_writer *json, const char *key, unsigned set, unsigned first,
		      const char *(*name_of)(unsigned number))
{
	json_member_open(json, key, '[');
	for (unsigned bit = 0; bit < 8; bit++)
		if (set & 1U << bit)
			json_word(json, name_of(bit + first));
	json_close(json);
}

static void write_history(struct json_writer *json, const struct sessionlint_finding *finding)
{
	json_member_open(json, "history", '[');
	for (unsigned i = 0; i < finding->history_count; i++) {
		const struct sessionlint_history *past = &finding->history[i];

		json_open(json, '{');
		json_member_word(json, "event", sessionlint_event_name(past->event));
		if (past_is_unseen(past)) {
			json_member_bool(json, "unseen", true);
			json_close(json);
			continue;
		}
		json_member_number(json, "line", past->line);
		if (past->file)
			json_member_string(json, "file", past->file);
		json_close(json);
	}
	json_close(json);
	if (finding->history_omitted)
		json_member_number(json, "history_omitted", finding->history_omitted);
}

/* The records of an account that show what the finding is about. */
static void write_witnesses(struct json_writer *json, const struct sessionlint_finding *finding)
{
	json_member_open(json, "witnesses", '[');
	for (unsigned i = 0; i < finding->witness_count; i++) {
		const struct sessionlint_witness *witness = &finding->witnesses[i];
		char time[TIME_TEXT_SIZE];

		json_open(json, '{');
		json_member_string(json, "source", sessionlint_source_name(witness->source));
		json_member_string(json, "file", witness->file);
		json_member_number(json, "record", witness->line);
		if (witness->time != SESSIONLINT_NO_TIME) {
			time_format(witness->time, time);
			json_member_string(json, "time", time);
		}
		json_close(json);
	}
	json_close(json);
}

static void write_repair(struct json_writer *json, const struct sessionlint_repair *repair)
{
	if (repair->kind == SESSIONLINT_REPAIR_NONE)
		return;
	json_member_open(json, "repair", '{');
	json_member_string(json, "action",
			   repair->kind == SESSIONLINT_REPAIR_DROP ? "drop" : "insert");
	if (repair->kind == SESSIONLINT_REPAIR_INSERT) {
		json_member_open(json, "events", '[');
		for (unsigned i = 0; i < repair->count; i++)
			json_word(json, sessionlint_event_name(repair->events[i]));
		json_close(json);
	}
	json_close(json);
}

/* The members of every finding; null and empty arrays if it is not about a session. */
static void write_subject(struct json_writer *json, const struct sessionlint_finding *finding)
{
	if (finding->host.size)
		json_member_text(json, "host", finding->host);
	else
		json_member_null(json, "host");
	if (finding->has_session)
		json_member_number(json, "session", finding->session);
	else
		json_member_null(json, "session");
	if (finding->has_session && (finding->event != SESSIONLINT_NO_EVENT ||
				     finding->rule == SESSIONLINT_RULE_INVALID_EVENT))
		write_name(json, "event", sessionlint_event_name(finding->event), finding->event);
	else
		json_member_null(json, "event");
	write_set(json, "belief", finding->belief, 1, sessionlint_state_name);
	write_set(json, "allowed", finding->allowed, 0, sessionlint_event_name);
}

static void write_session(struct json_writer *json, const struct sessionlint_finding *finding)
{
	json_member_word(json, "source", sessionlint_source_name(finding->source));
	if (finding->incarnation)
		json_member_number(json, "incarnation", finding->incarnation);
	if (finding->boot.size)
		json_member_text(json, "boot", finding->boot);
	else if (finding->boot_ordinal)
		json_member_number(json, "boot", finding->boot_ordinal);
	if (finding->observed != SESSIONLINT_NO_STATE ||
	    finding->rule == SESSIONLINT_RULE_INVALID_STATE)
		write_name(json, "observed", sessionlint_state_name(finding->observed),
			   finding->observed);
	if (finding->incarnation)
		write_history(json, finding);
	if (finding->swapped)
		json_member_number(json, "legal_before",
				   finding->history[finding->history_count - 2].line);
	write_repair(json, &finding->repair);
}

static void write_suppression(struct json_writer *json, const struct sessionlint_finding *finding)
{
	json_member_open(json, "suppression", '{');
	json_member_string(json, "kind", suppression_name(finding->suppression));
	json_member_text(json, "reason", finding->reason);
	json_close(json);
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

static int write_fingerprint(struct json_writer *json, struct fingerprints *fingerprints,
			     const struct sessionlint_finding *finding)
{
	char fingerprint[FINGERPRINT_SIZE];
	int r = fingerprint_next(fingerprints, finding, fingerprint);

	if (r == 0)
		json_member_word(json, "fingerprint", fingerprint);
	return r;
}

int json_write_finding(struct json_writer *json, struct fingerprints *fingerprints,
		       const struct sessionlint_finding *finding)
{
	int r;

	json_open(json, '{');
	json_member_word(json, "rule", sessionlint_rule_info(finding->rule)->name);
	json_member_word(json, "severity", sessionlint_severity_name(finding->severity));
	json_member_string(json, "file", finding->file);
	json_member_number(json, "line", finding->line);
	json_member_number(json, "offset", finding->offset);
	write_subject(json, finding);
	json_member_bool(json, "cascade", finding->cascade);
	json_member_text(json, "message", finding->message);
	r = write_fingerprint(json, fingerprints, finding);
	if (finding->time != SESSIONLINT_NO_TIME) {
		char time[TIME_TEXT_SIZE];

		time_format(finding->time, time);
		json_member_word(json, "time", time);
	}
	if (finding->driver.size)
		json_member_text(json, "driver", finding->driver);
	if (finding->io.size)
		json_member_text(json, "io", finding->io);
	if (finding->user.size)
		json_member_text(json, "user", finding->user);
	if (finding->address.size)
		json_member_text(json, "address", finding->address);
	if (finding->has_session)
		write_session(json, finding);
	if (finding->witness_count > 0)
		write_witnesses(json, finding);
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		write_suppression(json, finding);
	json_close(json);
	return r;
}

static void json_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	struct json_writer json;

	json_writer_init(&json, output->file, NULL);
	if (json_write_finding(&json, output->state, finding) < 0)
		output->error = -ENOMEM;
	json_finish(&json);
}

/* ---- summary ---- */

/* The files that could not be checked. */
static void write_failures(struct json_writer *json, const struct report_output *output)
{
	json_member_open(json, "failed", '[');
	for (size_t i = 0; i < output->notice_count; i++) {
		const struct report_notice *notice = &output->notices[i];

		if (notice->kind != NOTICE_FAILED)
			continue;
		json_open(json, '{');
		json_member_string(json, "file", notice->file);
		json_member_string(json, "reason", notice->reason);
		json_close(json);
	}
	json_close(json);
}

/* The stale and expired entries of the baseline. */
static void write_notices(struct json_writer *json, const struct report_output *output,
			  enum notice_kind kind, const char *key)
{
	json_member_open(json, key, '[');
	for (size_t i = 0; i < output->notice_count; i++) {
		const struct report_notice *notice = &output->notices[i];
		const struct baseline_entry *entry = notice->entry;

		if (notice->kind != kind)
			continue;
		json_open(json, '{');
		json_member_text(json, "fingerprint", entry->by_fingerprint.key);
		json_member_string(json, "file", notice->file);
		json_member_number(json, "line", entry->line);
		json_member_text(json, "rule", entry->rule);
		json_member_text(json, "log", entry->log);
		json_member_text(json, "reason", entry->reason);
		json_close(json);
	}
	json_close(json);
}

static void write_all_notices(struct json_writer *json, const struct report_output *output)
{
	const struct report_notice *notices = output->notices;
	size_t count = output->notice_count;

	if (notices_of(notices, count, NOTICE_FAILED) > 0)
		write_failures(json, output);
	if (notices_of(notices, count, NOTICE_UNDETERMINED) > 0)
		json_member_bool(json, "fail_on_undetermined", true);
	if (notices_of(notices, count, NOTICE_STALE) + notices_of(notices, count, NOTICE_EXPIRED) >
	    0) {
		write_notices(json, output, NOTICE_STALE, "stale");
		write_notices(json, output, NOTICE_EXPIRED, "expired");
	}
}

static void write_records(struct json_writer *json, const struct run_totals *totals)
{
	json_member_number(json, "files", totals->files);
	json_member_number(json, "bytes", totals->bytes);
	json_member_number(json, "records", totals->records);
	json_member_number(json, "events", totals->events);
	json_member_number(json, "markers", totals->markers);
	json_member_number(json, "notifications", totals->notifications);
	json_member_number(json, "calls", totals->calls);
	json_member_number(json, "objects", totals->objects);
	json_member_number(json, "registrations", totals->registrations);
	json_member_number(json, "noted", totals->noted);
	json_member_number(json, "annotations", totals->annotations);
	json_member_number(json, "skipped", totals->skipped);
	json_member_number(json, "unreadable", totals->unreadable);
}

static void write_sessions(struct json_writer *json, const struct run_totals *totals)
{
	json_member_open(json, "sessions", '{');
	json_member_number(json, "incarnations", totals->incarnations);
	json_member_number(json, "conforming", totals->conforming);
	json_member_number(json, "violating", totals->violating);
	json_member_number(json, "undetermined", totals->undetermined);
	json_member_number(json, "unfinished", totals->unfinished);
	json_member_number(json, "forgotten", totals->forgotten);
	json_close(json);
}

static void write_findings(struct json_writer *json, const struct run_totals *totals)
{
	json_member_open(json, "severities", '{');
	json_member_number(json, "error", totals->severities[SESSIONLINT_SEVERITY_ERROR]);
	json_member_number(json, "warning", totals->severities[SESSIONLINT_SEVERITY_WARNING]);
	json_member_number(json, "note", totals->severities[SESSIONLINT_SEVERITY_NOTE]);
	json_close(json);
	json_member_open(json, "findings", '{');
	for (unsigned rule = 0; rule < RULE_COUNT; rule++)
		if (totals->findings[rule])
			json_member_number(json, sessionlint_rule_info(rule)->name,
					   totals->findings[rule]);
	json_close(json);
	json_member_number(json, "cascades", totals->cascades);
	json_member_number(json, "suppressed", totals->suppressed);
}

static void json_end(struct report_output *output, const struct run_totals *totals)
{
	struct json_writer json;

	json_writer_init(&json, output->file, NULL);
	json_open(&json, '{');
	json_member_open(&json, "summary", '{');
	json_member_string(&json, "version", sessionlint_version());
	write_records(&json, totals);
	write_sessions(&json, totals);
	write_findings(&json, totals);
	write_all_notices(&json, output);
	json_finish(&json);
	fingerprints_free(output->state);
	free(output->state);
}

static void json_hidden(struct report_output *output, const struct sessionlint_finding *finding)
{
	char fingerprint[FINGERPRINT_SIZE];

	if (fingerprint_next(output->state, finding, fingerprint) < 0)
		output->error = -ENOMEM;
}

const struct reporter reporter_json = {
	.name = "json",
	.summary = "NDJSON: one object a finding, then one with the summary",
	.begin = json_begin,
	.finding = json_finding,
	.hidden = json_hidden,
	.end = json_end,
};
