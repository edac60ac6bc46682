/* SPDX-License-Identifier: MIT */
/* SARIF 2.1.0 as code scanning reads it. Sections are those of the OASIS standard. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/folder.h"
#include "base/text.h"
#include "report/escape.h"
#include "report/fingerprint.h"
#include "report/limit.h"
#include "report/located.h"
#include "report/notice.h"
#include "report/reporter.h"
#include "report/subject.h"

/* Of the run and of entries of the baseline; standard error has all of them. */
#define NOTICES 1000

struct sarif {
	struct fingerprints fingerprints;
	struct limit limit;
	unsigned written;
};

static const char *problem_severity(enum sessionlint_severity severity)
{
	switch (severity) {
	case SESSIONLINT_SEVERITY_ERROR:
		return "error";
	case SESSIONLINT_SEVERITY_WARNING:
		return "warning";
	case SESSIONLINT_SEVERITY_NOTE:
	case SESSIONLINT_SEVERITY_OFF:
		break;
	}
	return "recommendation";
}

static void write_string(FILE *file, const char *text)
{
	escape_json(file, text_from(text));
}

/* "session/illegal-transition" as IllegalTransition. */
static void write_rule_name(FILE *file, const char *name)
{
	bool upper = true;

	putc('"', file);
	for (const char *at = strchr(name, '/') + 1; *at; at++) {
		if (*at != '-')
			putc(upper ? *at - 'a' + 'A' : *at, file);
		upper = *at == '-';
	}
	putc('"', file);
}

/* The heading of the rule in docs/rules.md, which has no slash in its anchor. */
static void write_help_uri(FILE *file, const char *name)
{
	int group = (int)strcspn(name, "/");

	fprintf(file, ",\"helpUri\":\"" SESSIONLINT_RULES_PAGE "#%.*s%s\"", group, name,
		name + group + 1);
}

static void write_rule(FILE *file, const struct sessionlint_rule_info *rule)
{
	fprintf(file, "{\"id\":\"%s\",\"name\":", rule->name);
	write_rule_name(file, rule->name);
	write_help_uri(file, rule->name);
	fputs(",\n \"shortDescription\":{\"text\":", file);
	write_string(file, rule->summary);
	fputs("},\n \"fullDescription\":{\"text\":", file);
	write_string(file, rule->explanation);
	fputs("},\n \"help\":{\"text\":", file);
	write_string(file, rule->explanation);
	fputs(",\"markdown\":\"", file);
	escape_json_part(file, text_from(rule->explanation));
	fputs("\\n\\nA trace that breaks it:\\n\\n```\\n", file);
	escape_json_part(file, text_from(rule->wrong));
	fputs("```\\n\\nOne that does not:\\n\\n```\\n", file);
	escape_json_part(file, text_from(rule->right));
	fprintf(file, "```\\n\"},\n \"defaultConfiguration\":{\"level\":\"%s\"},",
		sessionlint_severity_name(rule->severity));
	fprintf(file,
		"\n \"properties\":{\"problem.severity\":\"%s\",\"precision\":\"very-high\","
		"\"tags\":[\"%.*s\"]}}",
		problem_severity(rule->severity), (int)strcspn(rule->name, "/"), rule->name);
}

static int sarif_begin(struct report_output *output)
{
	struct sarif *sarif = calloc(1, sizeof *sarif);
	FILE *file = output->file;

	if (!sarif)
		return -ENOMEM;
	fingerprints_init(&sarif->fingerprints);
	sarif->limit = (struct limit) { .places = limit_places, .text_room = SIZE_MAX };
	output->state = sarif;
	fputs("{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
	      "sarif-schema-2.1.0.json\",\n\"version\":\"2.1.0\",\n\"runs\":[{\n\"tool\":{"
	      "\"driver\":{\"name\":\"sessionlint\",\"fullName\":\"sessionlint ",
	      file);
	fprintf(file, "%s\",\"version\":\"%s\",\"semanticVersion\":\"%s\",\n",
		sessionlint_version(), sessionlint_version(), sessionlint_version());
	fputs("\"informationUri\":\"" SESSIONLINT_HOMEPAGE "\",\n\"rules\":[", file);
	for (unsigned i = 0; i < SESSIONLINT_RULES; i++) {
		fputs(i ? ",\n" : "\n", file);
		write_rule(file, sessionlint_rule_info(i));
	}
	fputs("\n]}},\n\"columnKind\":\"utf16CodeUnits\",\n\"results\":[", file);
	return 0;
}

/* 3.29, and without a line 3.3. Readers hold lines in 32 bits; the number of a record can be
 * larger.
 */
static void write_location(const struct report_output *output, const char *path, uint64_t line)
{
	FILE *file = output->file;

	if (line > INT32_MAX)
		line = INT32_MAX;
	fputs("\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"", file);
	escape_uri(file, located_path(output->located, path));
	fputs("\"}", file);
	if (line)
		fprintf(file,
			",\"region\":{\"startLine\":%" PRIu64
			",\"startColumn\":1,\"endLine\":%" PRIu64 ",\"endColumn\":2}",
			line, line);
	putc('}', file);
}

static void write_message(FILE *file, const struct sessionlint_finding *finding)
{
	fputs("\"message\":{\"text\":\"", file);
	if (subject_known(finding)) {
		subject_write(file, finding, escape_sarif);
		fputs(": ", file);
	}
	escape_sarif(file, finding->message);
	fputs("\"}", file);
}

/* 3.36: how the session came there. What has no history is shown where it was found. */
static void write_flow(const struct report_output *output,
		       const struct sessionlint_finding *finding)
{
	FILE *file = output->file;

	fputs(",\n \"codeFlows\":[{", file);
	if (finding->history_omitted)
		fprintf(file, "\"message\":{\"text\":\"%" PRIu64 " event%s before these\"},",
			finding->history_omitted, finding->history_omitted == 1 ? "" : "s");
	fputs("\"threadFlows\":[{\"locations\":[", file);
	for (unsigned i = 0; i < finding->history_count; i++) {
		const struct sessionlint_history *past = &finding->history[i];

		fprintf(file, "%s{\"location\":{\"message\":{\"text\":\"%s\"},", i ? "," : "",
			past_event_name(past));
		write_location(output, past->file ? past->file : finding->file,
			       past->line ? past->line : 1);
		fputs("}}", file);
	}
	if (finding->history_count == 0) {
		fputs("{\"location\":{\"message\":{\"text\":\"found here\"},", file);
		write_location(output, finding->file, line_shown(finding));
		fputs("}}", file);
	}
	fputs("]}]}]", file);
}

/* 3.35. */
static void write_suppression(FILE *file, const struct sessionlint_finding *finding)
{
	bool in_source = finding->suppression == SESSIONLINT_SUPPRESSION_TRACE;

	fprintf(file, ",\n \"suppressions\":[{\"kind\":\"%s\",\"justification\":\"",
		in_source ? "inSource" : "external");
	escape_json_part(file, finding->reason);
	fputs("\"}]", file);
}

static void sarif_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	struct sarif *sarif = output->state;
	const struct report_anchor *anchor = output->anchor;
	FILE *file = output->file;
	char fingerprint[FINGERPRINT_SIZE];

	if (fingerprint_next(&sarif->fingerprints, finding, fingerprint) < 0) {
		output->error = -ENOMEM;
		return;
	}
	if (output->hide_suppressed && finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		return;
	if (!limit_take(&sarif->limit, finding))
		return;
	fprintf(file, "%s\n{\"ruleId\":\"%s\",\"ruleIndex\":%u,\"level\":\"%s\",",
		sarif->written ? "," : "", sessionlint_rule_info(finding->rule)->name,
		(unsigned)finding->rule, sessionlint_severity_name(finding->severity));
	write_message(file, finding);
	fputs(",\n \"locations\":[{", file);
	if (anchor)
		write_location(output, anchor->file, anchor->line);
	else
		write_location(output, finding->file, line_shown(finding));
	fprintf(file, "}],\n \"partialFingerprints\":{\"primaryLocationLineHash\":\"%s\"}",
		fingerprint);
	if (anchor || finding->history_count > 0)
		write_flow(output, finding);
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		write_suppression(file, finding);
	putc('}', file);
	sarif->written++;
}

/* 3.58. */
static void write_notice(const struct report_output *output, const struct report_notice *notice)
{
	FILE *file = output->file;

	fprintf(file, "{\"level\":\"%s\",\"message\":{\"text\":\"",
		sessionlint_severity_name(notice->severity));
	notice_write(file, notice, escape_sarif);
	fputs("\"},\"locations\":[{", file);
	write_location(output, notice->file, notice_line(notice));
	fprintf(file, "}],\"properties\":{\"name\":\"%s\"}}", notice_name(notice));
}

/* What else is to be said of the run, as much as a reader bears. */
static void write_notices(const struct report_output *output)
{
	FILE *file = output->file;

	for (size_t i = 0; i < output->notice_count && i < NOTICES; i++) {
		fputs(i ? ",\n" : "", file);
		write_notice(output, &output->notices[i]);
	}
	if (output->notice_count > NOTICES)
		fprintf(file,
			",\n{\"level\":\"warning\",\"message\":{\"text\":\"%zu more notifications "
			"are left out.\"}}",
			output->notice_count - NOTICES);
}

/* 3.20: what the reader must know of the run, and that this is not all. */
static void write_invocation(const struct report_output *output, const struct sarif *sarif)
{
	bool omitted = limit_omitted(&sarif->limit) > 0;
	bool noted = omitted || output->notice_count > 0;
	FILE *file = output->file;

	fprintf(file, "\"invocations\":[{\"executionSuccessful\":%s,\"exitCode\":%d",
		output->status == 2 ? "false" : "true", output->status);
	if (output->located->here) {
		/* what is relative begins here */
		fputs(",\"workingDirectory\":{\"uri\":\"", file);
		escape_uri(file, text_from(output->located->here));
		fputs(*path_separator(output->located->here) ? "/\"}" : "\"}", file);
	}
	fputs(noted ? ",\n\"toolExecutionNotifications\":[" : "", file);
	write_notices(output);
	if (omitted) {
		fprintf(file, "%s{\"level\":\"warning\",\"message\":{\"text\":\"",
			output->notice_count ? ",\n" : "");
		limit_write(file, &sarif->limit, "results");
		fprintf(file,
			": a run holds at most %u, of which %u are no errors, and %u are "
			"notes.\"}}",
			limit_places[SESSIONLINT_SEVERITY_ERROR],
			limit_places[SESSIONLINT_SEVERITY_WARNING],
			limit_places[SESSIONLINT_SEVERITY_NOTE]);
	}
	fputs(noted ? "]}]\n" : "}]\n", file);
}

static void sarif_end(struct report_output *output, const struct sessionlint_totals *totals)
{
	struct sarif *sarif = output->state;

	(void)totals;
	fputs(sarif->written ? "\n],\n" : "],\n", output->file);
	write_invocation(output, sarif);
	fputs("}]}\n", output->file);
	fingerprints_free(&sarif->fingerprints);
	free(sarif);
}

const struct reporter reporter_sarif = {
	.name = "sarif",
	.summary = "SARIF 2.1.0, for code scanning; see --anchor",
	.begin = sarif_begin,
	.finding = sarif_finding,
	.end = sarif_end,
};
