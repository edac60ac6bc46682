/* SPDX-License-Identifier: MIT */
/* A self-contained page that shows a whole run: style, script and data are embedded. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "html_page.h"
#include "report/html/html.h"
#include "report/reporter.h"

static void html_free(struct html *html)
{
	if (!html)
		return;
	html_findings_free(&html->findings);
	incarnations_free(&html->incarnations);
	parts_forget(&html->parts);
	annotations_free(&html->annotations);
	texts_free(&html->texts);
	ledger_free(html->ledger);
	free(html->picture);
	free(html);
}

static int html_begin(struct report_output *output)
{
	struct html *html = calloc(1, sizeof *html);

	if (!html)
		return -ENOMEM;
	texts_init(&html->texts);
	incarnations_init(&html->incarnations);
	if (ledger_new(&html->ledger) < 0) {
		html_free(html);
		return -ENOMEM;
	}
	output->state = html;
	return 0;
}

static void html_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	const struct html_place place = { finding->log, finding->file, finding->log_line,
					  finding->line };
	struct html *html = output->state;

	html->broken[finding->rule] = true;
	incarnations_finding(&html->incarnations, finding);
	if (parts_note(&html->parts, &html->texts, &place) < 0)
		output->error = -ENOMEM;
	if (findings_add(&html->findings, &html->texts, finding) < 0)
		output->error = -ENOMEM;
}

static void html_step(struct report_output *output, const struct sessionlint_step *step)
{
	const struct html_place place = { step->log, step->file, step->log_line, step->line };
	struct html *html = output->state;

	ledger_step(html->ledger, step);
	if (parts_note(&html->parts, &html->texts, &place) < 0)
		output->error = -ENOMEM;
	if (incarnations_step(&html->incarnations, &html->texts, step) < 0)
		output->error = -ENOMEM;
}

static void html_annotation(struct report_output *output,
			    const struct sessionlint_annotation *annotation)
{
	struct html *html = output->state;

	if (annotations_add(&html->annotations, &html->texts, annotation) < 0)
		output->error = -ENOMEM;
}

static void write_part(FILE *file, const unsigned char *part, size_t size)
{
	fwrite(part, 1, size, file);
}

/* For browsers without JavaScript. */
static void write_totals(FILE *file, const struct run_totals *totals)
{
	fprintf(file,
		"%" PRIu64 " errors, %" PRIu64 " warnings, %" PRIu64 " notes. %" PRIu64
		" sessions: %" PRIu64 " conforming, %" PRIu64 " violating, %" PRIu64
		" undetermined.",
		totals->severities[SESSIONLINT_SEVERITY_ERROR],
		totals->severities[SESSIONLINT_SEVERITY_WARNING],
		totals->severities[SESSIONLINT_SEVERITY_NOTE], totals->incarnations,
		totals->conforming, totals->violating, totals->undetermined);
}

static void html_end(struct report_output *output, const struct run_totals *totals)
{
	struct html *html = output->state;
	FILE *file = output->file;

	ledger_totals(html->ledger, totals);
	if (html->ledger->error < 0)
		output->error = html->ledger->error;
	if (html_picture_new(html->ledger, &html->picture) < 0) {
		output->error = -ENOMEM;
		html_free(html);
		return;
	}
	write_part(file, page_begin, sizeof page_begin);
	write_totals(file, totals);
	write_part(file, page_to_diagram, sizeof page_to_diagram);
	html_write_diagram(file, html->picture);
	write_part(file, page_to_data, sizeof page_to_data);
	if (html_write_data(output, html, totals) < 0)
		output->error = -ENOMEM;
	write_part(file, page_end, sizeof page_end);
	html_free(html);
}

const struct reporter reporter_html = {
	.name = "html",
	.summary = "a page for a browser, with timeline, filters and diagrams; needs no network",
	.wants_inputs = true,
	.begin = html_begin,
	.finding = html_finding,
	.step = html_step,
	.annotation = html_annotation,
	.end = html_end,
};
