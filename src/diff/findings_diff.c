/* SPDX-License-Identifier: MIT */
#include "diff/findings_diff.h"

#include <inttypes.h>

#include "base/escape.h"
#include "base/json_writer.h"

/* GitHub takes a summary of at most 1 MiB. */
#define MARKDOWN_SHOWN   100
#define MARKDOWN_PATH    200
#define MARKDOWN_MESSAGE 300

void findings_diff(struct findings *old, struct findings *new, struct findings_diff *ret_diff)
{
	*ret_diff = (struct findings_diff) { .old = old, .new = new };
	for (struct reported *each = new->first; each; each = each->next) {
		struct reported *other = (void *)table_find(&old->table, each->fingerprint);

		each->paired = other != NULL;
		if (other)
			other->paired = true;
		ret_diff->same += each->paired;
	}
	ret_diff->added = new->count - ret_diff->same;
	ret_diff->gone = old->count - ret_diff->same;
}

/* ---- text ---- */

static void write_lines(FILE *file, const struct findings *findings, const char *mark)
{
	for (const struct reported *each = findings->first; each; each = each->next) {
		if (each->paired)
			continue;
		/* the prefix ensures that the line is not a command to a build system */
		fprintf(file, "%s ", mark);
		escape_plain(file, each->file);
		if (each->line)
			fprintf(file, ":%" PRIu64, each->line);
		fputs(": ", file);
		escape_plain(file, each->severity);
		fputs(": ", file);
		if (each->has_session)
			fprintf(file, "session %" PRIu64, each->session);
		if (each->host.size) {
			fputs(each->has_session ? " on " : "host ", file);
			escape_plain(file, each->host);
		}
		if (each->has_session || each->host.size)
			fputs(": ", file);
		escape_plain(file, each->message);
		fputs(" [", file);
		escape_plain(file, each->rule);
		fputs("]\n", file);
	}
}

static void text_write(FILE *file, const struct findings_diff *diff)
{
	write_lines(file, diff->new, "new: ");
	write_lines(file, diff->old, "gone:");
	fprintf(file, "%" PRIu64 " new, %" PRIu64 " gone, %" PRIu64 " same", diff->added,
		diff->gone, diff->same);
	if (diff->old->suppressed || diff->new->suppressed)
		fprintf(file, "; suppressed: %" PRIu64 " old and %" PRIu64 " new",
			diff->old->suppressed, diff->new->suppressed);
	putc('\n', file);
}

/* ---- JSON ---- */

static void write_member(struct json_writer *json, const char *key, struct sessionlint_text text)
{
	if (text.size)
		json_member_text(json, key, text);
	else
		json_member_null(json, key);
}

static void write_object(FILE *file, const struct reported *reported, const char *change)
{
	struct json_writer json;

	json_writer_init(&json, file, NULL);
	json_open(&json, '{');
	json_member_string(&json, "change", change);
	write_member(&json, "fingerprint", reported->fingerprint);
	write_member(&json, "rule", reported->rule);
	write_member(&json, "severity", reported->severity);
	write_member(&json, "file", reported->file);
	json_member_number(&json, "line", reported->line);
	write_member(&json, "host", reported->host);
	if (reported->has_session)
		json_member_number(&json, "session", reported->session);
	else
		json_member_null(&json, "session");
	write_member(&json, "message", reported->message);
	json_finish(&json);
}

static void write_summary(FILE *file, const struct findings_diff *diff)
{
	struct json_writer json;

	json_writer_init(&json, file, NULL);
	json_open(&json, '{');
	json_member_open(&json, "summary", '{');
	json_member_number(&json, "new", diff->added);
	json_member_number(&json, "gone", diff->gone);
	json_member_number(&json, "same", diff->same);
	json_member_open(&json, "suppressed", '{');
	json_member_number(&json, "old", diff->old->suppressed);
	json_member_number(&json, "new", diff->new->suppressed);
	json_finish(&json);
}

static void json_write(FILE *file, const struct findings_diff *diff)
{
	for (const struct reported *each = diff->new->first; each; each = each->next)
		write_object(file, each, each->paired ? "same" : "new");
	for (const struct reported *each = diff->old->first; each; each = each->next)
		if (!each->paired)
			write_object(file, each, "gone");
	write_summary(file, diff);
}

/* ---- Markdown ---- */

static void write_cell(FILE *file, struct sessionlint_text text, size_t limit)
{
	escape_markdown(file, text_clipped(text, limit));
	if (text.size > limit)
		fputs("...", file);
}

static void write_table(FILE *file, const struct findings *findings, uint64_t count,
			const char *heading)
{
	unsigned shown = 0;

	if (count == 0)
		return;
	fprintf(file, "\n### %s\n\n| severity | where | finding | rule |\n|---|---|---|---|\n",
		heading);
	for (const struct reported *each = findings->first; each && shown < MARKDOWN_SHOWN;
	     each = each->next) {
		if (each->paired)
			continue;
		shown++;
		fputs("| ", file);
		write_cell(file, each->severity, MARKDOWN_PATH);
		fputs(" | ", file);
		write_cell(file, each->file, MARKDOWN_PATH);
		if (each->line)
			fprintf(file, ":%" PRIu64, each->line);
		fputs(" | ", file);
		if (each->has_session)
			fprintf(file, "session %" PRIu64 ": ", each->session);
		write_cell(file, each->message, MARKDOWN_MESSAGE);
		fputs(" | ", file);
		write_cell(file, each->rule, MARKDOWN_PATH);
		fputs(" |\n", file);
	}
	if (shown < count)
		fprintf(file, "\n%" PRIu64 " more not shown.\n", count - shown);
}

static void markdown_write(FILE *file, const struct findings_diff *diff)
{
	fprintf(file,
		"## sessionlint: %" PRIu64 " new, %" PRIu64 " gone, %" PRIu64 " same finding%s\n",
		diff->added, diff->gone, diff->same, diff->same == 1 ? "" : "s");
	if (diff->old->suppressed || diff->new->suppressed)
		fprintf(file,
			"\nSuppressed and not counted: %" PRIu64 " old and %" PRIu64 " new.\n",
			diff->old->suppressed, diff->new->suppressed);
	write_table(file, diff->new, diff->added, "New");
	write_table(file, diff->old, diff->gone, "Gone");
}

/* ---- formats ---- */

static const struct findings_diff_format formats[] = {
	{ "text", text_write },
	{ "json", json_write },
	{ "markdown", markdown_write },
};

const struct findings_diff_format *findings_diff_format_at(unsigned index)
{
	return index < sizeof formats / sizeof formats[0] ? &formats[index] : NULL;
}
