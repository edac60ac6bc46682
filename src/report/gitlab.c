/* SPDX-License-Identifier: MIT */
/* GitLab's Code Quality report: an array of what Code Climate calls issues. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/escape.h"
#include "report/fingerprint.h"
#include "report/located.h"
#include "report/notice.h"
#include "report/reporter.h"
#include "report/subject.h"

struct gitlab {
	struct fingerprints fingerprints;
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
	putc('[', output->file);
	return 0;
}

static void gitlab_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	struct gitlab *gitlab = output->state;
	FILE *file = output->file;
	char fingerprint[FINGERPRINT_SIZE];

	if (fingerprint_next(&gitlab->fingerprints, finding, fingerprint) < 0) {
		output->error = -ENOMEM;
		return;
	}
	/* it would be shown as a problem; the fingerprints of others do not change by it */
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		return;
	fprintf(file, "%s\n{\"description\":\"", gitlab->some ? "," : "");
	if (subject_known(finding)) {
		subject_write(file, finding, escape_json_part);
		fputs(": ", file);
	}
	escape_json_part(file, finding->message);
	fprintf(file,
		"\",\"check_name\":\"%s\",\"fingerprint\":\"%s\",\"severity\":\"%s\","
		"\"location\":{\"path\":",
		sessionlint_rule_info(finding->rule)->name, fingerprint, severity(finding));
	escape_json(file, located_path(output->located, finding->file));
	fprintf(file, ",\"lines\":{\"begin\":%" PRIu64 "}}}", line_shown(finding));
	gitlab->some = true;
}

/* What else fails the run is a problem too. */
static void write_notice(struct report_output *output, const struct report_notice *notice)
{
	struct gitlab *gitlab = output->state;
	FILE *file = output->file;

	fprintf(file, "%s\n{\"description\":\"", gitlab->some ? "," : "");
	notice_write(file, notice, escape_json_part);
	fprintf(file, "\",\"check_name\":\"%s\",\"fingerprint\":\"%s:", notice_name(notice),
		notice_name(notice));
	if (notice->entry)
		escape_json_part(file, notice->entry->by_fingerprint.key);
	else
		escape_json_part(file, located_path(output->located, notice->file));
	fprintf(file, "\",\"severity\":\"%s\",\"location\":{\"path\":",
		notice->severity != SESSIONLINT_SEVERITY_ERROR ? "info"
		: notice->kind == NOTICE_FAILED                ? "blocker"
							       : "major");
	escape_json(file, located_path(output->located, notice->file));
	fprintf(file, ",\"lines\":{\"begin\":%u}}}", notice->entry ? notice->entry->line : 1);
	gitlab->some = true;
}

static void gitlab_end(struct report_output *output, const struct sessionlint_totals *totals)
{
	struct gitlab *gitlab = output->state;

	(void)totals;
	for (size_t i = 0; i < output->notice_count; i++)
		write_notice(output, &output->notices[i]);
	fputs(gitlab->some ? "\n]\n" : "]\n", output->file);
	fingerprints_free(&gitlab->fingerprints);
	free(gitlab);
}

const struct reporter reporter_gitlab = {
	.name = "gitlab",
	.summary = "GitLab's Code Quality report",
	.begin = gitlab_begin,
	.finding = gitlab_finding,
	.end = gitlab_end,
};
