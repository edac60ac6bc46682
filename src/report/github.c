/* SPDX-License-Identifier: MIT */
/* Workflow commands of GitHub, which become annotations. For the job summary see markdown.c. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/text.h"
#include "check/subject.h"
#include "report/notice.h"
#include "report/paths.h"
#include "report/reporter.h"
#include "report/stored_findings.h"

/* GitHub shows ten annotations of each kind per step. */
#define SHOWN 10
#define CLIP  1000

static const char *const commands[] = { NULL, "notice", "warning", "error" };

static void escape_clipped(FILE *file, struct sessionlint_text text)
{
	escape_github_message(file, text_clipped(text, CLIP));
	if (text.size > CLIP)
		fputs("...", file);
}

static void write_annotation(const struct report_output *output,
			     const struct sessionlint_finding *finding)
{
	FILE *file = output->file;

	fprintf(file, "::%s file=", commands[finding->severity]);
	escape_github_property(file, located_path(output->located, finding->file));
	if (finding->line)
		fprintf(file, ",line=%" PRIu64, finding->line);
	fprintf(file, ",title=%s::", sessionlint_rule_info(finding->rule)->name);
	summary_line_write(file, finding, escape_clipped, path_shown);
	putc('\n', file);
}

static int github_begin(struct report_output *output)
{
	output->state = stored_findings_new(SHOWN);
	return output->state ? 0 : -ENOMEM;
}

static void github_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		return;
	if (stored_findings_add(output->state, finding) < 0)
		output->error = -ENOMEM;
}

static void write_notices(const struct report_output *output)
{
	FILE *file = output->file;

	for (size_t i = 0; i < output->notice_count && i < SHOWN; i++) {
		const struct report_notice *notice = &output->notices[i];

		fprintf(file, "::%s file=", commands[notice->severity]);
		escape_github_property(file, located_path(output->located, notice->file));
		if (notice_line(notice))
			fprintf(file, ",line=%u", notice_line(notice));
		fprintf(file, ",title=%s::", notice_name(notice));
		notice_write(file, notice, escape_github_message);
		putc('\n', file);
	}
	if (output->notice_count > SHOWN)
		fprintf(file, "%zu more problems with the run or the baseline are not annotated\n",
			output->notice_count - SHOWN);
}

static void github_end(struct report_output *output, const struct run_totals *totals)
{
	struct stored_findings *stored = output->state;

	(void)totals;
	write_notices(output);
	for (unsigned severity = SESSIONLINT_SEVERITY_ERROR; severity > SESSIONLINT_SEVERITY_OFF;
	     severity--) {
		const struct finding_list *list = &stored->of[severity];

		for (const struct stored_finding *one = list->first; one; one = one->next)
			write_annotation(output, &one->finding);
		if (list->omitted)
			fprintf(output->file, "%" PRIu64 " more %s%s are not annotated\n",
				list->omitted, sessionlint_severity_name(severity),
				list->omitted == 1 ? "" : "s");
	}
	stored_findings_free(stored);
	free(stored);
}

const struct reporter reporter_github = {
	.name = "github",
	.summary = "GitHub: annotations for the first ten findings of each severity",
	.begin = github_begin,
	.finding = github_finding,
	.end = github_end,
};
