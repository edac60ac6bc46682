/* SPDX-License-Identifier: MIT */
#include "check/subject.h"

#include <inttypes.h>

/* Whether it is about a session or driver object on the host. */
static bool has_owner(const struct sessionlint_finding *finding)
{
	return finding->has_session || finding->io.size || finding->driver.size;
}

bool subject_known(const struct sessionlint_finding *finding)
{
	return has_owner(finding) || finding->host.size;
}

void subject_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape)
{
	if (finding->has_session)
		fprintf(file, "%s %" PRIu32, session_word(finding->source), finding->session);
	if (finding->incarnation > 1)
		fprintf(file, " (incarnation %" PRIu32 ")", finding->incarnation);
	if (finding->io.size) {
		fprintf(file, "%sI/O object ", finding->has_session ? ", " : "");
		escape(file, finding->io);
	}
	if (finding->driver.size) {
		fputs(finding->io.size       ? " of "
		      : finding->has_session ? ", driver "
					     : "driver ",
		      file);
		escape(file, finding->driver);
	}
	if (finding->host.size) {
		fputs(has_owner(finding) ? " on " : "host ", file);
		escape(file, finding->host);
	}
	if (finding->boot.size) {
		fputs(", boot ", file);
		escape(file, finding->boot);
	} else if (finding->boot_ordinal) {
		fprintf(file, ", boot %" PRIu64, finding->boot_ordinal);
	}
}

const char *session_word(enum sessionlint_source source)
{
	return source == SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL ? "winlogon" : "session";
}

uint64_t line_shown(const struct sessionlint_finding *finding)
{
	return finding->line ? finding->line : 1;
}

const char *past_event_name(const struct sessionlint_history *past)
{
	return past->event == SESSIONLINT_EVENT_MAX ? "(invalid)"
						    : sessionlint_event_name(past->event);
}

const char *suppression_name(enum sessionlint_suppression suppression)
{
	switch (suppression) {
	case SESSIONLINT_SUPPRESSION_NONE:
		break;
	case SESSIONLINT_SUPPRESSION_TRACE:
		return "trace";
	case SESSIONLINT_SUPPRESSION_BASELINE:
		return "baseline";
	}
	return "";
}

void history_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape,
		   path_text *path)
{
	fputs("  history: ", file);
	if (finding->history_omitted)
		fprintf(file, "%" PRIu64 " before, ", finding->history_omitted);
	for (unsigned i = 0; i < finding->history_count; i++) {
		const struct sessionlint_history *past = &finding->history[i];

		fprintf(file, "%s%s ", i ? ", " : "", past_event_name(past));
		if (past_is_unseen(past)) {
			fputs("(unseen)", file);
			continue;
		}
		if (past->file)
			escape(file, path(past->file));
		fprintf(file, ":%" PRIu64, past->line);
	}
	putc('\n', file);
}
