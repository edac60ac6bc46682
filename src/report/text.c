/* SPDX-License-Identifier: MIT */
/* Findings for people, and for editors that read file:line: severity: message. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/number.h"
#include "base/text.h"
#include "check/subject.h"
#include "report/folded.h"
#include "report/text.h"
#include "trace/time.h"

static void write_events(FILE *file, sessionlint_event_set events)
{
	const char *before = "";

	for (unsigned event = 0; sessionlint_event_name(event); event++) {
		if (!(events & 1U << event))
			continue;
		fputs(before, file);
		fputs(sessionlint_event_name(event), file);
		before = ", ";
	}
	if (!events)
		fputs("nothing", file);
}

static void write_belief(FILE *file, sessionlint_belief belief)
{
	size_t count = (size_t)__builtin_popcount(belief), index = 0;

	for (unsigned state = SESSIONLINT_STATE_CREATED; state < SESSIONLINT_STATE_MAX; state++) {
		if (!(belief & 1U << (state - 1)))
			continue;
		fputs(text_or(index++, count), file);
		fputs(sessionlint_state_name(state), file);
	}
}

void text_write_place(FILE *file, const char *path, uint64_t line)
{
	escape_line(file, text_from(path));
	if (line) {
		putc(':', file);
		decimal_print(file, line);
	}
}

static void write_repair(FILE *file, const struct sessionlint_repair *repair)
{
	switch (repair->kind) {
	case SESSIONLINT_REPAIR_NONE:
		break;
	case SESSIONLINT_REPAIR_DROP:
		fputs("  repair: drop this event (1 change)\n", file);
		break;
	case SESSIONLINT_REPAIR_INSERT:
		fputs("  repair: insert ", file);
		for (unsigned i = 0; i < repair->count; i++)
			fprintf(file, "%s%s", i ? ", " : "",
				sessionlint_event_name(repair->events[i]));
		fprintf(file, " before it (%u change%s)\n", repair->count,
			repair->count == 1 ? "" : "s");
		break;
	}
}

/* To the second, which is enough to find it elsewhere. */
static void write_time(FILE *file, uint64_t time)
{
	char text[TIME_TEXT_SIZE];

	time_format(time, text);
	fwrite(text, 1, strcspn(text, ".Z"), file);
	putc('Z', file);
}

void text_write_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	FILE *file = output->file;

	text_write_place(file, finding->file, finding->line);
	fputs(": ", file);
	fputs(output->color ? severity_color(finding->severity) : "", file);
	fputs(sessionlint_severity_name(finding->severity), file);
	fputs(output->color ? "\033[0m: " : ": ", file);
	if (subject_known(finding)) {
		subject_write(file, finding, escape_plain);
		fputs(finding->time == SESSIONLINT_NO_TIME ? ": " : ", ", file);
	}
	if (finding->time != SESSIONLINT_NO_TIME) {
		write_time(file, finding->time);
		fputs(": ", file);
	}
	escape_plain(file, finding->message);
	fputs(" [", file);
	fputs(sessionlint_rule_info(finding->rule)->name, file);
	fputs(finding->cascade ? "] (cascade)" : "]", file);
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE) {
		fputs(" (suppressed: ", file);
		escape_plain(file, finding->reason);
		putc(')', file);
	}
	putc('\n', file);
	/* notes are one line each */
	if (finding->severity == SESSIONLINT_SEVERITY_NOTE)
		return;
	if (witnesses_shown(finding)) {
		fputs("  ", file);
		witnesses_write(file, finding, escape_plain, text_from, UINT_MAX);
		putc('\n', file);
	}
	if (!finding->has_session)
		return;
	if (finding->repair.kind != SESSIONLINT_REPAIR_NONE) {
		fputs("  allowed in ", file);
		write_belief(file, finding->belief);
		fputs(": ", file);
		write_events(file, finding->allowed);
		putc('\n', file);
	}
	if (finding->history_count > 0)
		history_write(file, finding, escape_plain, text_from);
	write_repair(file, &finding->repair);
}

static int text_begin(struct report_output *output)
{
	struct folded *folded = malloc(sizeof *folded);

	if (!folded)
		return -ENOMEM;
	folded_init(folded);
	output->state = folded;
	return 0;
}

static void text_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	int shown;

	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE && !output->show_suppressed)
		return;
	shown = output->all_notes ? 1 : folded_shows(output->state, finding);
	if (shown < 0)
		output->error = shown;
	/* if it cannot be counted, show it */
	if (shown != 0)
		text_write_finding(output, finding);
}

static void text_log(struct report_output *output)
{
	folded_write(output->state, output->file);
}

static void text_end(struct report_output *output, const struct run_totals *totals)
{
	(void)totals;
	text_log(output);
	free(output->state);
}

const struct reporter reporter_text = {
	.name = "text",
	.summary = "for people: one line per finding, then what was allowed and what came before; "
		   "see --notes",
	.begin = text_begin,
	.finding = text_finding,
	.log = text_log,
	.end = text_end,
};
