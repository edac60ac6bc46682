/* SPDX-License-Identifier: MIT */
/* GitLab's Code Quality report: an array of Code Climate issues. */
#include <errno.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/json_writer.h"
#include "baseline/fingerprint.h"
#include "check/subject.h"
#include "report/notice.h"
#include "report/paths.h"
#include "report/reporter.h"
#include "sessionlint.h"

struct gitlab {
	struct fingerprints fingerprints;
	struct json_writer json;
	bool some;
};

static const char *severity(const struct sessionlint_finding *finding)
{
	switch (finding->severity) {
	case SESSIONLINT_SEVERITY_ERROR:
		if (finding->rule == SESSIONLINT_RULE_MALFORMED)
			return "blocker";
		return finding->cascade ? "major" : "critical";
	case SESSIONLINT_SEVERITY_WARNING:
		return "minor";
	case SESSIONLINT_SEVERITY_NOTE:
	case SESSIONLINT_SEVERITY_OFF:
		break;
	}
	return "info";
}

static int gitlab_begin(struct report_output *output)
{
	struct gitlab *gitlab = calloc(1, sizeof *gitlab);

	if (!gitlab)
		return -ENOMEM;
	fingerprints_init(&gitlab->fingerprints);
	output->state = gitlab;
	json_writer_init(&gitlab->json, output->file, NULL);
	json_open(&gitlab->json, '[');
	return 0;
}

/* Begins an issue with its description, which the caller writes and ends. */
static FILE *begin_problem(struct gitlab *gitlab)
{
	gitlab->some = true;
	json_line(&gitlab->json, "\n");
	json_open(&gitlab->json, '{');
	json_key(&gitlab->json, "description");
	return json_string_begin(&gitlab->json);
}

/* Ends the issue with its place. */
static void end_problem(const struct report_output *output, const char *path, uint64_t line)
{
	struct json_writer *json = &((struct gitlab *)output->state)->json;

	json_member_open(json, "location", '{');
	json_member_text(json, "path", located_path(output->located, path));
	json_member_open(json, "lines", '{');
	json_member_number(json, "begin", line);
	json_close(json);
	json_close(json);
	json_close(json);
}

static void gitlab_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	struct gitlab *gitlab = output->state;
	struct json_writer *json = &gitlab->json;
	char fingerprint[FINGERPRINT_SIZE];
	FILE *file;

	if (fingerprint_next(&gitlab->fingerprints, finding, fingerprint) < 0) {
		output->error = -ENOMEM;
		return;
	}
	/* otherwise it would be shown as a problem; other fingerprints do not depend on it */
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		return;
	file = begin_problem(gitlab);
	summary_line_write(file, finding, escape_json, path_shown);
	json_string_end(json);
	json_member_string(json, "check_name", sessionlint_rule_info(finding->rule)->name);
	json_member_string(json, "fingerprint", fingerprint);
	json_member_string(json, "severity", severity(finding));
	end_problem(output, finding->file, line_shown(finding));
}

/* Whatever else fails the run is an issue too. */
static void write_notice(struct report_output *output, const struct report_notice *notice)
{
	struct gitlab *gitlab = output->state;
	struct json_writer *json = &gitlab->json;
	FILE *file = begin_problem(gitlab);

	notice_write(file, notice, escape_json);
	json_string_end(json);
	json_member_string(json, "check_name", notice_name(notice));
	json_key(json, "fingerprint");
	file = json_string_begin(json);
	fprintf(file, "%s:", notice_name(notice));
	escape_json(file, notice->entry ? notice->entry->by_fingerprint.key
					: located_path(output->located, notice->file));
	json_string_end(json);
	json_member_string(json, "severity",
			   notice->severity != SESSIONLINT_SEVERITY_ERROR ? "info"
			   : notice->kind == NOTICE_FAILED                ? "blocker"
									  : "major");
	end_problem(output, notice->file, notice->entry ? notice->entry->line : 1);
}

static void gitlab_end(struct report_output *output, const struct run_totals *totals)
{
	struct gitlab *gitlab = output->state;

	(void)totals;
	for (size_t i = 0; i < output->notice_count; i++)
		write_notice(output, &output->notices[i]);
	if (gitlab->some)
		json_line(&gitlab->json, "\n");
	json_finish(&gitlab->json);
	fingerprints_free(&gitlab->fingerprints);
	free(gitlab);
}

static void gitlab_hidden(struct report_output *output, const struct sessionlint_finding *finding)
{
	struct gitlab *gitlab = output->state;
	char fingerprint[FINGERPRINT_SIZE];

	if (fingerprint_next(&gitlab->fingerprints, finding, fingerprint) < 0)
		output->error = -ENOMEM;
}

const struct reporter reporter_gitlab = {
	.name = "gitlab",
	.summary = "GitLab's Code Quality report",
	.begin = gitlab_begin,
	.finding = gitlab_finding,
	.hidden = gitlab_hidden,
	.end = gitlab_end,
};
