/* SPDX-License-Identifier: MIT */
/* A page in Markdown for job summaries: the verdicts first, then the most severe findings.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/text.h"
#include "check/subject.h"
#include "report/notice.h"
#include "report/reporter.h"
#include "report/stored_findings.h"

/* GitHub accepts a summary of at most 1 MiB: the page stays below, even if every character is
 * escaped. */
#define SHOWN        50
#define SHOWN_KNOWN  10 /* for suppressed findings and for entries of the baseline */
#define CLIP_NAME    60
#define CLIP_PATH    200
#define CLIP_MESSAGE 300

static const char *const headings[] = { "Suppressed", "Notes", "Warnings", "Errors" };

static int markdown_begin(struct report_output *output)
{
	output->state = stored_findings_new(SHOWN);
	return output->state ? 0 : -ENOMEM;
}

static void markdown_finding(struct report_output *output,
			     const struct sessionlint_finding *finding)
{
	if (stored_findings_add(output->state, finding) < 0)
		output->error = -ENOMEM;
}

static void write_clipped(FILE *file, struct sessionlint_text text, size_t limit)
{
	escape_markdown(file, text_clipped(text, limit));
	if (text.size > limit)
		fputs("...", file);
}

static void write_name(FILE *file, struct sessionlint_text text)
{
	write_clipped(file, text, CLIP_NAME);
}

static void write_count(FILE *file, uint64_t count, const char *what)
{
	fprintf(file, "%" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

static void write_totals(FILE *file, const struct run_totals *totals)
{
	fputs("## sessionlint: ", file);
	write_count(file, totals->severities[SESSIONLINT_SEVERITY_ERROR], "error");
	fputs(", ", file);
	write_count(file, totals->severities[SESSIONLINT_SEVERITY_WARNING], "warning");
	fputs(", ", file);
	write_count(file, totals->severities[SESSIONLINT_SEVERITY_NOTE], "note");
	if (totals->suppressed)
		fprintf(file, "; %" PRIu64 " suppressed", totals->suppressed);
	fputs("\n\n| files | events | sessions | conforming | violating | undetermined | "
	      "unfinished |\n|---:|---:|---:|---:|---:|---:|---:|\n",
	      file);
	fprintf(file,
		"| %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64
		" | %" PRIu64 " |\n",
		totals->files, totals->events, totals->incarnations, totals->conforming,
		totals->violating, totals->undetermined, totals->unfinished);
	if (totals->forgotten) {
		putc('\n', file);
		write_count(file, totals->forgotten, "ended session");
		fputs(" forgotten: too many to remember\n", file);
	}
}

static void write_rules(FILE *file, const struct run_totals *totals)
{
	const char *before = "\n| findings | rule | says |\n|---:|---|---|\n";

	for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
		const struct sessionlint_rule_info *info = sessionlint_rule_info(rule);

		if (!totals->findings[rule])
			continue;
		fprintf(file, "%s| %" PRIu64 " | %s | ", before, totals->findings[rule],
			info->name);
		escape_markdown(file, text_from(info->summary));
		fputs(" |\n", file);
		before = "";
	}
}

static void write_finding(FILE *file, const struct sessionlint_finding *finding)
{
	fputs("| ", file);
	write_clipped(file, path_shown(finding->file), CLIP_PATH);
	if (finding->line)
		fprintf(file, "\\:%" PRIu64, finding->line);
	fputs(" | ", file);
	if (subject_known(finding)) {
		subject_write(file, finding, write_name);
		fputs(": ", file);
	}
	write_clipped(file, finding->message, CLIP_MESSAGE);
	if (witnesses_shown(finding)) {
		fputs(" (", file);
		witnesses_write(file, finding, write_name, path_shown, WITNESSES_SHOWN);
		putc(')', file);
	}
	fprintf(file, "%s | %s |", finding->cascade ? " (cascade)" : "",
		sessionlint_rule_info(finding->rule)->name);
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE) {
		putc(' ', file);
		write_clipped(file, finding->reason, CLIP_MESSAGE);
		fputs(" |", file);
	}
	putc('\n', file);
}

static void write_severity(FILE *file, const struct finding_list *list, unsigned severity)
{
	unsigned limit = severity == SESSIONLINT_SEVERITY_OFF ? SHOWN_KNOWN : SHOWN, shown = 0;

	if (!list->first)
		return;
	fprintf(file, "\n### %s\n\n| where | what | rule |%s\n|---|---|---|%s\n",
		headings[severity], severity ? "" : " reason |", severity ? "" : "---|");
	for (const struct stored_finding *one = list->first; one && shown < limit;
	     one = one->next) {
		write_finding(file, &one->finding);
		shown++;
	}
	if (list->omitted + list->count > shown)
		fprintf(file, "\nand %" PRIu64 " more\n", list->omitted + list->count - shown);
}

/* The notices on the baseline, or the other ones on the run. */
static void write_notices(const struct report_output *output, const char *heading, bool baseline)
{
	FILE *file = output->file;
	size_t count = 0;

	for (size_t i = 0; i < output->notice_count; i++) {
		const struct report_notice *notice = &output->notices[i];

		if ((notice->entry != NULL) != baseline || ++count > SHOWN_KNOWN)
			continue;
		if (count == 1)
			fprintf(file, "\n### %s\n\n| where | what | |\n|---|---|---|\n", heading);
		fputs("| ", file);
		write_clipped(file, path_shown(notice->file), CLIP_PATH);
		if (notice_line(notice))
			fprintf(file, "\\:%u", notice_line(notice));
		fputs(" | ", file);
		notice_write(file, notice, escape_markdown);
		fprintf(file, " | %s |\n", sessionlint_severity_name(notice->severity));
	}
	if (count > SHOWN_KNOWN)
		fprintf(file, "\nand %zu more\n", count - SHOWN_KNOWN);
}

static void markdown_end(struct report_output *output, const struct run_totals *totals)
{
	struct stored_findings *stored = output->state;

	write_totals(output->file, totals);
	write_rules(output->file, totals);
	write_notices(output, "The run", false);
	write_notices(output, "Baseline", true);
	for (unsigned severity = SESSIONLINT_SEVERITY_ERROR; severity > SESSIONLINT_SEVERITY_OFF;
	     severity--)
		write_severity(output->file, &stored->of[severity], severity);
	write_severity(output->file, &stored->of[SESSIONLINT_SEVERITY_OFF],
		       SESSIONLINT_SEVERITY_OFF);
	stored_findings_free(stored);
	free(stored);
}

const struct reporter reporter_markdown = {
	.name = "markdown",
	.summary = "a Markdown page for job summaries",
	.begin = markdown_begin,
	.finding = markdown_finding,
	.end = markdown_end,
};
