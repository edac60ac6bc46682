/* SPDX-License-Identifier: MIT */
#include "check/subject.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

/* Whether it is about a session or driver object on the host. */
static bool has_owner(const struct sessionlint_finding *finding)
{
	return finding->has_session || finding->io.size || finding->driver.size;
}

bool subject_is_named(const struct sessionlint_finding *finding)
{
	return has_owner(finding) || finding->host.size;
}

bool subject_known(const struct sessionlint_finding *finding)
{
	return subject_is_named(finding) || who_known(finding);
}

bool who_known(const struct sessionlint_finding *finding)
{
	return finding->user.size || finding->address.size;
}

void who_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape)
{
	if (finding->user.size)
		escape(file, finding->user);
	if (finding->address.size) {
		fputs(finding->user.size ? " from " : "from ", file);
		escape(file, finding->address);
	}
}

/* Writes, in parentheses, the incarnation of the session if it is not the first, and who uses it.
 */
static void write_which(FILE *file, const struct sessionlint_finding *finding, escape_text *escape,
			bool who)
{
	if (finding->incarnation <= 1 && !who)
		return;
	fputs(" (", file);
	if (finding->incarnation > 1)
		fprintf(file, "incarnation %" PRIu32 "%s", finding->incarnation, who ? ", " : "");
	if (who)
		who_write(file, finding, escape);
	putc(')', file);
}

static void write_subject(FILE *file, const struct sessionlint_finding *finding,
			  escape_text *escape, bool who)
{
	bool owner = has_owner(finding);

	who = who && who_known(finding);
	if (finding->has_session) {
		fputs(session_word(finding->source), file);
		putc(' ', file);
		decimal_print(file, finding->session);
	}
	write_which(file, finding, escape, who && finding->has_session);
	if (finding->io.size) {
		fputs(finding->has_session ? ", I/O object " : "I/O object ", file);
		escape(file, finding->io);
	}
	if (finding->driver.size) {
		fputs(finding->io.size       ? " of "
		      : finding->has_session ? ", driver "
					     : "driver ",
		      file);
		escape(file, finding->driver);
	}
	if (who && !finding->has_session) {
		fputs(owner ? ", " : "", file);
		who_write(file, finding, escape);
		owner = true;
	}
	if (finding->host.size) {
		fputs(owner ? " on " : "host ", file);
		escape(file, finding->host);
	}
	if (finding->boot.size) {
		fputs(", boot ", file);
		escape(file, finding->boot);
	} else if (finding->boot_ordinal) {
		fputs(", boot ", file);
		decimal_print(file, finding->boot_ordinal);
	}
}

void subject_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape)
{
	write_subject(file, finding, escape, true);
}

void subject_write_session(FILE *file, const struct sessionlint_finding *finding,
			   escape_text *escape)
{
	write_subject(file, finding, escape, false);
}

const char *session_word(enum sessionlint_source source)
{
	return source == SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL ? "winlogon" : "session";
}

const char *severity_color(enum sessionlint_severity severity)
{
	switch (severity) {
	case SESSIONLINT_SEVERITY_ERROR:
		return "\033[1;31m";
	case SESSIONLINT_SEVERITY_WARNING:
		return "\033[1;35m";
	case SESSIONLINT_SEVERITY_NOTE:
		return "\033[1;36m";
	case SESSIONLINT_SEVERITY_OFF:
		break;
	}
	return NULL;
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

/* As long as an event with its line, and all that stands between two, can be. */
#define PAST_SIZE 96

static char *put_word(char *to, const char *word)
{
	size_t size = strlen(word);

	memcpy(to, word, size);
	return to + size;
}

/* In one piece: a report can have millions of them. */
static void past_write(FILE *file, const struct sessionlint_history *past, const char *before,
		       escape_text *escape, path_text *path)
{
	char text[PAST_SIZE], *at = put_word(text, before);

	at = put_word(put_word(at, past_event_name(past)), " ");
	if (past_is_unseen(past)) {
		at = put_word(at, "(unseen)");
	} else {
		if (past->file) {
			fwrite(text, 1, (size_t)(at - text), file);
			escape(file, path(past->file));
			at = text;
		}
		at = put_word(at, ":");
		at += decimal_write(at, past->line);
	}
	fwrite(text, 1, (size_t)(at - text), file);
}

void history_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape,
		   path_text *path)
{
	fputs("  history: ", file);
	if (finding->history_omitted) {
		decimal_print(file, finding->history_omitted);
		fputs(" before, ", file);
	}
	for (unsigned i = 0; i < finding->history_count; i++)
		past_write(file, &finding->history[i], i ? ", " : "", escape, path);
	putc('\n', file);
}

bool witnesses_shown(const struct sessionlint_finding *finding)
{
	return finding->witness_count > 1 && finding->severity > SESSIONLINT_SEVERITY_NOTE;
}

void witnesses_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape,
		     path_text *path, unsigned limit)
{
	unsigned count = finding->witness_count < limit ? finding->witness_count : limit;

	fputs("witnesses", file);
	escape(file, text_from(":"));
	for (unsigned i = 0; i < count; i++) {
		fputs(i ? ", " : " ", file);
		escape(file, path(finding->witnesses[i].file));
		escape(file, text_from(":"));
		decimal_print(file, finding->witnesses[i].line);
	}
	if (count < finding->witness_count)
		fprintf(file, " and %u more", finding->witness_count - count);
}

void summary_line_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape,
			path_text *path)
{
	if (subject_known(finding)) {
		subject_write(file, finding, escape);
		fputs(": ", file);
	}
	escape(file, finding->message);
	if (witnesses_shown(finding)) {
		fputs(" (", file);
		witnesses_write(file, finding, escape, path, WITNESSES_SHOWN);
		putc(')', file);
	}
}
