/* SPDX-License-Identifier: MIT */
/* SARIF 2.1.0 for code scanning. Section numbers refer to the OASIS standard. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/folder.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "baseline/fingerprint.h"
#include "check/subject.h"
#include "report/limit.h"
#include "report/notice.h"
#include "report/paths.h"
#include "report/reporter.h"
#include "report/sarif_tool.h"
#include "sessionlint.h"

/* For notices on the run and on the baseline; standard error has all of them. */
#define NOTICES 1000

struct sarif {
	struct json_writer json;
	struct fingerprints fingerprints;
	struct limit limit;
	unsigned written;
};

static int sarif_begin(struct report_output *output)
{
	struct sarif *sarif = calloc(1, sizeof *sarif);
	struct json_writer *json;

	if (!sarif)
		return -ENOMEM;
	json = &sarif->json;
	json_writer_init(json, output->file, NULL);
	fingerprints_init(&sarif->fingerprints);
	sarif->limit = (struct limit) { .places = limit_places, .text_room = SIZE_MAX };
	output->state = sarif;
	json_open(json, '{');
	json_member_string(json, "$schema",
			   "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
			   "sarif-schema-2.1.0.json");
	json_line(json, "\n");
	json_member_string(json, "version", "2.1.0");
	json_line(json, "\n");
	json_member_open(json, "runs", '[');
	json_open(json, '{');
	sarif_write_tool(json);
	json_line(json, "\n");
	json_member_string(json, "columnKind", "utf16CodeUnits");
	json_line(json, "\n");
	json_member_open(json, "results", '[');
	return 0;
}

/* 3.29, and without a line 3.3. Readers store lines in 32 bits; record numbers can be larger.
 */
static void write_location(struct json_writer *json, const struct report_output *output,
			   const char *path, uint64_t line)
{
	if (line > INT32_MAX)
		line = INT32_MAX;
	json_member_open(json, "physicalLocation", '{');
	json_member_open(json, "artifactLocation", '{');
	json_key(json, "uri");
	escape_uri(json_string_begin(json), located_path(output->located, path));
	json_string_end(json);
	json_close(json);
	if (line) {
		json_member_open(json, "region", '{');
		json_member_number(json, "startLine", line);
		json_member_number(json, "startColumn", 1);
		json_member_number(json, "endLine", line);
		json_member_number(json, "endColumn", 2);
		json_close(json);
	}
	json_close(json);
}

/* Begins a message object; the caller writes the text, by escape_sarif(), and ends it. */
static FILE *begin_message(struct json_writer *json)
{
	json_member_open(json, "message", '{');
	json_key(json, "text");
	return json_string_begin(json);
}

static void end_message(struct json_writer *json)
{
	json_string_end(json);
	json_close(json);
}

static void write_message(struct json_writer *json, const struct sessionlint_finding *finding)
{
	FILE *file = begin_message(json);

	if (subject_known(finding)) {
		subject_write(file, finding, escape_sarif);
		fputs(": ", file);
	}
	escape_sarif(file, finding->message);
	end_message(json);
}

/* 3.36: how the session got there. Without a history only the place of the finding is shown. */
static void write_step(struct json_writer *json, const struct report_output *output,
		       const char *message, const char *path, uint64_t line)
{
	json_open(json, '{');
	json_member_open(json, "location", '{');
	sarif_write_message(json, "message", message);
	write_location(json, output, path, line);
	json_close(json);
	json_close(json);
}

static void write_flow(struct json_writer *json, const struct report_output *output,
		       const struct sessionlint_finding *finding)
{
	json_line(json, "\n ");
	json_member_open(json, "codeFlows", '[');
	json_open(json, '{');
	if (finding->history_omitted) {
		fprintf(begin_message(json), "%" PRIu64 " event%s before these",
			finding->history_omitted, finding->history_omitted == 1 ? "" : "s");
		end_message(json);
	}
	json_member_open(json, "threadFlows", '[');
	json_open(json, '{');
	json_member_open(json, "locations", '[');
	for (unsigned i = 0; i < finding->history_count; i++) {
		const struct sessionlint_history *past = &finding->history[i];

		if (past_is_unseen(past))
			continue;
		write_step(json, output, past_event_name(past),
			   past->file ? past->file : finding->file, past->line ? past->line : 1);
	}
	if (finding->history_count == 0)
		write_step(json, output, "found here", finding->file, line_shown(finding));
	for (unsigned i = 0; i < 2; i++) {
		json_close(json);
		json_close(json);
	}
	json_close(json);
}

/* 3.27.22: the records that show it, except the one at the primary location. */
static void write_related(struct json_writer *json, const struct report_output *output,
			  const struct sessionlint_finding *finding)
{
	bool open = false;

	for (unsigned i = 0; i < finding->witness_count; i++) {
		const struct sessionlint_witness *witness = &finding->witnesses[i];

		if (!output->anchor && witness->line == finding->line &&
		    strcmp(witness->file, finding->file) == 0)
			continue;
		if (!open) {
			json_line(json, "\n ");
			json_member_open(json, "relatedLocations", '[');
			open = true;
		}
		json_open(json, '{');
		sarif_write_message(json, "message", sessionlint_source_name(witness->source));
		write_location(json, output, witness->file, witness->line ? witness->line : 1);
		json_close(json);
	}
	if (open)
		json_close(json);
}

/* 3.8. */
static void write_properties(struct json_writer *json, const struct sessionlint_finding *finding)
{
	if (!who_known(finding))
		return;
	json_line(json, "\n ");
	json_member_open(json, "properties", '{');
	if (finding->user.size)
		json_member_text(json, "user", finding->user);
	if (finding->address.size)
		json_member_text(json, "address", finding->address);
	json_close(json);
}

/* 3.35. */
static void write_suppression(struct json_writer *json, const struct sessionlint_finding *finding)
{
	bool in_source = finding->suppression == SESSIONLINT_SUPPRESSION_TRACE;

	json_line(json, "\n ");
	json_member_open(json, "suppressions", '[');
	json_open(json, '{');
	json_member_string(json, "kind", in_source ? "inSource" : "external");
	json_member_text(json, "justification", finding->reason);
	json_close(json);
	json_close(json);
}

/* 3.27. */
static void write_result(struct json_writer *json, const struct report_output *output,
			 const struct sessionlint_finding *finding, const char *fingerprint)
{
	const struct report_anchor *anchor = output->anchor;

	json_line(json, "\n");
	json_open(json, '{');
	json_member_string(json, "ruleId", sessionlint_rule_info(finding->rule)->name);
	json_member_number(json, "ruleIndex", finding->rule);
	json_member_string(json, "level", sessionlint_severity_name(finding->severity));
	write_message(json, finding);
	json_line(json, "\n ");
	json_member_open(json, "locations", '[');
	json_open(json, '{');
	if (anchor)
		write_location(json, output, anchor->file, anchor->line);
	else
		write_location(json, output, finding->file, line_shown(finding));
	json_close(json);
	json_close(json);
	json_line(json, "\n ");
	json_member_open(json, "partialFingerprints", '{');
	json_member_string(json, "primaryLocationLineHash", fingerprint);
	json_close(json);
	if (anchor || finding->history_count > 0)
		write_flow(json, output, finding);
	write_related(json, output, finding);
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		write_suppression(json, finding);
	write_properties(json, finding);
	json_close(json);
}

static void sarif_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	struct sarif *sarif = output->state;
	char fingerprint[FINGERPRINT_SIZE];

	if (fingerprint_next(&sarif->fingerprints, finding, fingerprint) < 0) {
		output->error = -ENOMEM;
		return;
	}
	if (output->hide_suppressed && finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		return;
	if (!limit_take(&sarif->limit, finding))
		return;
	write_result(&sarif->json, output, finding, fingerprint);
	sarif->written++;
}

/* ---- the run ---- */

/* 3.58. */
static void write_notice(struct json_writer *json, const struct report_output *output,
			 const struct report_notice *notice)
{
	json_open(json, '{');
	json_member_string(json, "level", sessionlint_severity_name(notice->severity));
	notice_write(begin_message(json), notice, escape_sarif);
	end_message(json);
	json_member_open(json, "locations", '[');
	json_open(json, '{');
	write_location(json, output, notice->file, notice_line(notice));
	json_close(json);
	json_close(json);
	json_member_open(json, "properties", '{');
	json_member_string(json, "name", notice_name(notice));
	json_close(json);
	json_close(json);
}

/* Begins a warning with only a message; the caller writes it. */
static FILE *begin_warning(struct json_writer *json)
{
	json_line(json, "\n");
	json_open(json, '{');
	json_member_string(json, "level", "warning");
	return begin_message(json);
}

static void end_warning(struct json_writer *json)
{
	end_message(json);
	json_close(json);
}

/* The notices of the run, up to a limit, and how many are left out. */
static void write_notices(struct json_writer *json, const struct report_output *output,
			  const struct limit *limit)
{
	FILE *file;

	json_line(json, "\n");
	json_member_open(json, "toolExecutionNotifications", '[');
	for (size_t i = 0; i < output->notice_count && i < NOTICES; i++) {
		json_line(json, i ? "\n" : NULL);
		write_notice(json, output, &output->notices[i]);
	}
	if (output->notice_count > NOTICES) {
		fprintf(begin_warning(json), "%zu more notifications are left out.",
			output->notice_count - NOTICES);
		end_warning(json);
	}
	if (limit_omitted(limit) > 0) {
		file = begin_warning(json);
		limit_write(file, limit, "results");
		fprintf(file,
			": at most %u fit into a run, of which at most %u are not errors, and at "
			"most %u are "
			"notes.",
			limit_places[SESSIONLINT_SEVERITY_ERROR],
			limit_places[SESSIONLINT_SEVERITY_WARNING],
			limit_places[SESSIONLINT_SEVERITY_NOTE]);
		end_warning(json);
	}
	json_close(json);
}

/* 3.20. */
static void write_invocation(struct json_writer *json, const struct report_output *output,
			     const struct limit *limit)
{
	const char *here = output->located->here;

	json_line(json, "\n");
	json_member_open(json, "invocations", '[');
	json_open(json, '{');
	json_member_bool(json, "executionSuccessful", output->status != 2);
	json_member_number(json, "exitCode", (unsigned)output->status);
	if (here) {
		/* the base of relative paths */
		json_member_open(json, "workingDirectory", '{');
		json_key(json, "uri");
		escape_uri(json_string_begin(json), text_from(here));
		fputs(*path_separator(here) ? "/" : "", output->file);
		json_string_end(json);
		json_close(json);
	}
	if (limit_omitted(limit) > 0 || output->notice_count > 0)
		write_notices(json, output, limit);
	json_close(json);
	json_close(json);
}

static void sarif_end(struct report_output *output, const struct run_totals *totals)
{
	struct sarif *sarif = output->state;
	struct json_writer *json = &sarif->json;

	(void)totals;
	if (sarif->written)
		json_line(json, "\n");
	json_close(json);
	write_invocation(json, output, &sarif->limit);
	json_line(json, "\n");
	json_finish(json);
	fingerprints_free(&sarif->fingerprints);
	free(sarif);
}

static void sarif_hidden(struct report_output *output, const struct sessionlint_finding *finding)
{
	struct sarif *sarif = output->state;
	char fingerprint[FINGERPRINT_SIZE];

	if (fingerprint_next(&sarif->fingerprints, finding, fingerprint) < 0)
		output->error = -ENOMEM;
}

const struct reporter reporter_sarif = {
	.name = "sarif",
	.summary = "SARIF 2.1.0, for code scanning; see --anchor",
	.begin = sarif_begin,
	.finding = sarif_finding,
	.hidden = sarif_hidden,
	.end = sarif_end,
};
