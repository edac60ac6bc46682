/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/escape.h"
#include "report/reporter.h"

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void write_bytes(FILE *file, uint64_t bytes)
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
	double size = (double)bytes;
	unsigned unit = 0;

	while (size >= 1000 && unit + 1 < sizeof units / sizeof units[0]) {
		size /= 1000;
		unit++;
	}
	fprintf(file, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void write_findings(FILE *file, const struct run_totals *totals)
{
	uint64_t errors = totals->severities[SESSIONLINT_SEVERITY_ERROR];
	uint64_t warnings = totals->severities[SESSIONLINT_SEVERITY_WARNING];
	uint64_t notes = totals->severities[SESSIONLINT_SEVERITY_NOTE];

	fprintf(file, "findings: %" PRIu64 " error%s, %" PRIu64 " warning%s, %" PRIu64 " note%s",
		errors, plural(errors), warnings, plural(warnings), notes, plural(notes));
	if (totals->cascades)
		fprintf(file, "; %" PRIu64 " of them cascade", totals->cascades);
	if (totals->suppressed)
		fprintf(file, "; %" PRIu64 " suppressed", totals->suppressed);
	putc('\n', file);
	for (unsigned rule = 0; rule < RULE_COUNT; rule++)
		if (totals->findings[rule])
			fprintf(file, "  %8" PRIu64 "  %s\n", totals->findings[rule],
				sessionlint_rule_info(rule)->name);
}

void summary_write(FILE *file, const struct run_totals *totals, const struct summary *summary)
{
	double seconds = summary->seconds;

	fprintf(file,
		"checked:  %" PRIu64 " event%s of %" PRIu64 " session%s in %" PRIu64 " file%s, ",
		totals->events, plural(totals->events), totals->incarnations,
		plural(totals->incarnations), totals->files, plural(totals->files));
	write_bytes(file, totals->bytes);
	fprintf(file, ", %.2f s", seconds);
	if (totals->events >= 1000000 && seconds > 0)
		fprintf(file, ", %.1f million events/s", (double)totals->events / seconds / 1e6);
	else if (seconds > 0)
		fprintf(file, ", %.0f events/s", (double)totals->events / seconds);
	fputs("\nconfig:   ", file);
	escape_plain(file, text_from(summary->configuration ? summary->configuration : "none"));
	fprintf(file,
		"\nrecords:  %" PRIu64 " read, %" PRIu64 " of them markers, %" PRIu64
		" noted (no transition), %" PRIu64 " skipped (other logs), %" PRIu64 " unreadable",
		totals->records, totals->markers, totals->noted, totals->skipped,
		totals->unreadable);
	if (totals->annotations)
		fprintf(file, ", %" PRIu64 " annotation%s (not judged)", totals->annotations,
			plural(totals->annotations));
	putc('\n', file);
	if (totals->notifications || totals->calls || totals->objects)
		fprintf(file,
			"drivers:  %" PRIu64 " notification%s, %" PRIu64 " call%s, %" PRIu64
			" registration%s, at most %" PRIu64 " at once\n",
			totals->notifications, plural(totals->notifications), totals->calls,
			plural(totals->calls), totals->registrations, plural(totals->registrations),
			totals->registrations_peak);
	fprintf(file,
		"sessions: %" PRIu64 " conforming, %" PRIu64 " violating, %" PRIu64
		" undetermined%s; %" PRIu64 " unfinished\n",
		totals->conforming, totals->violating, totals->undetermined,
		summary->fail_on_undetermined ? " (which fails the run)" : "", totals->unfinished);
	if (summary->related)
		fputs("          several logs are of one computer: --together makes one account of "
		      "them, and counts each session once\n",
		      file);
	if (totals->forgotten)
		fprintf(file,
			"          %" PRIu64
			" ended session%s forgotten (too many to remember): sessions that began "
			"later on the same host may have begun in any state\n",
			totals->forgotten, totals->forgotten == 1 ? " was" : "s were");
	write_findings(file, totals);
	if (totals->files && !totals->events && !totals->notifications && !totals->calls &&
	    !totals->objects && !totals->unreadable)
		fputs("nothing was judged: no record shows what a session did. Windows logs that "
		      "in "
		      "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational\n",
		      file);
}
