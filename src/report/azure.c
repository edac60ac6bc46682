/* SPDX-License-Identifier: MIT */
/* Logging commands of Azure Pipelines: issues on the page of the run. */
#include <inttypes.h>

#include "base/escape.h"
#include "base/text.h"
#include "check/subject.h"
#include "report/notice.h"
#include "report/paths.h"
#include "report/reporter.h"
#include "report/text.h"

#define CLIP 1000

static void escape_clipped(FILE *file, struct sessionlint_text text)
{
	escape_azure_message(file, text_clipped(text, CLIP));
	if (text.size > CLIP)
		fputs("...", file);
}

static void azure_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	FILE *file = output->file;

	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		return;
	/* issues are errors or warnings; anything else is a line of the log */
	if (finding->severity == SESSIONLINT_SEVERITY_NOTE) {
		text_write_finding(output, finding);
		return;
	}
	fprintf(file, "##vso[task.logissue type=%s;sourcepath=",
		sessionlint_severity_name(finding->severity));
	escape_azure_property(file, located_path(output->located, finding->file));
	if (finding->line)
		fprintf(file, ";linenumber=%" PRIu64 ";columnnumber=1", finding->line);
	fprintf(file, ";code=%s]", sessionlint_rule_info(finding->rule)->name);
	summary_line_write(file, finding, escape_clipped, path_shown);
	putc('\n', file);
}

static void azure_end(struct report_output *output, const struct run_totals *totals)
{
	FILE *file = output->file;

	(void)totals;
	for (size_t i = 0; i < output->notice_count; i++) {
		const struct report_notice *notice = &output->notices[i];

		fprintf(file, "##vso[task.logissue type=%s;sourcepath=",
			sessionlint_severity_name(notice->severity));
		escape_azure_property(file, located_path(output->located, notice->file));
		if (notice_line(notice))
			fprintf(file, ";linenumber=%u;columnnumber=1", notice_line(notice));
		fprintf(file, ";code=%s]", notice_name(notice));
		notice_write(file, notice, escape_azure_message);
		putc('\n', file);
	}
}

const struct reporter reporter_azure = {
	.name = "azure",
	.summary = "Azure Pipelines: one logging command for each error and warning",
	.finding = azure_finding,
	.end = azure_end,
};
