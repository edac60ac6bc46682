/* SPDX-License-Identifier: MIT */
/* Findings as CSV (RFC 4180): one row each, after a header with the names of the columns. */
#include <inttypes.h>

#include "base/escape.h"
#include "base/number.h"
#include "base/text.h"
#include "check/subject.h"
#include "report/reporter.h"
#include "trace/time.h"

static int csv_begin(struct report_output *output)
{
	fputs("rule,severity,cascade,file,line,offset,time,host,boot,source,session,incarnation,"
	      "event,"
	      "observed,belief,allowed,driver,io,message,suppression,reason,user,address,"
	      "witnesses\n",
	      output->file);
	return 0;
}

static void write_name(FILE *file, const char *name, uint32_t number)
{
	if (name)
		fputs(name, file);
	else
		fprintf(file, "%" PRIu32, number);
	putc(',', file);
}

static void write_number(FILE *file, uint64_t number)
{
	decimal_print(file, number);
	putc(',', file);
}

/* Names separated by blanks. */
static void write_set(FILE *file, unsigned set, unsigned first,
		      const char *(*name_of)(unsigned number))
{
	const char *before = "";

	for (unsigned bit = 0; bit < 8; bit++) {
		if (!(set & 1U << bit))
			continue;
		fputs(before, file);
		fputs(name_of(bit + first), file);
		before = " ";
	}
	putc(',', file);
}

static void write_text(FILE *file, struct sessionlint_text text)
{
	if (text.size > 0)
		escape_csv(file, text);
	putc(',', file);
}

static void write_session(FILE *file, const struct sessionlint_finding *finding)
{
	fputs(sessionlint_source_name(finding->source), file);
	putc(',', file);
	write_number(file, finding->session);
	if (finding->incarnation)
		decimal_print(file, finding->incarnation);
	putc(',', file);
	if (finding->event != SESSIONLINT_NO_EVENT ||
	    finding->rule == SESSIONLINT_RULE_INVALID_EVENT)
		write_name(file, sessionlint_event_name(finding->event), finding->event);
	else
		putc(',', file);
	if (finding->observed != SESSIONLINT_NO_STATE ||
	    finding->rule == SESSIONLINT_RULE_INVALID_STATE)
		write_name(file, sessionlint_state_name(finding->observed), finding->observed);
	else
		putc(',', file);
	write_set(file, finding->belief, 1, sessionlint_state_name);
	write_set(file, finding->allowed, 0, sessionlint_event_name);
}

/* "A.evtx:12 B.evtx:7" */
static void write_witnesses(FILE *file, const struct sessionlint_finding *finding)
{
	if (finding->witness_count == 0)
		return;
	putc('"', file);
	for (unsigned i = 0; i < finding->witness_count; i++) {
		const struct sessionlint_witness *witness = &finding->witnesses[i];

		fputs(i ? " " : "", file);
		escape_csv_part(file, path_shown(witness->file), i == 0);
		fprintf(file, ":%" PRIu64, witness->line);
	}
	putc('"', file);
}

static void csv_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	FILE *file = output->file;
	char time[TIME_TEXT_SIZE] = "";

	if (finding->time != SESSIONLINT_NO_TIME)
		time_format(finding->time, time);
	fputs(sessionlint_rule_info(finding->rule)->name, file);
	putc(',', file);
	fputs(sessionlint_severity_name(finding->severity), file);
	fputs(finding->cascade ? ",true," : ",false,", file);
	write_text(file, path_shown(finding->file));
	write_number(file, finding->line);
	write_number(file, finding->offset);
	fputs(time, file);
	putc(',', file);
	write_text(file, finding->host);
	if (finding->boot.size || !finding->boot_ordinal)
		write_text(file, finding->boot);
	else
		write_number(file, finding->boot_ordinal);
	if (finding->has_session)
		write_session(file, finding);
	else
		fputs(",,,,,,,", file);
	write_text(file, finding->driver);
	write_text(file, finding->io);
	write_text(file, finding->message);
	write_text(file, text_from(suppression_name(finding->suppression)));
	write_text(file, finding->reason);
	write_text(file, finding->user);
	write_text(file, finding->address);
	write_witnesses(file, finding);
	putc('\n', file);
}

const struct reporter reporter_csv = {
	.name = "csv",
	.summary = "CSV, one row per finding",
	.begin = csv_begin,
	.finding = csv_finding,
};
