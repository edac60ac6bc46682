/* SPDX-License-Identifier: MIT */
#include "report/notice.h"

#include <inttypes.h>

#include "base/escape.h"

/* Entries can have any length. */
#define CLIP 200

const char *notice_name(const struct report_notice *notice)
{
	switch (notice->kind) {
	case NOTICE_STALE:
		return "baseline/stale";
	case NOTICE_EXPIRED:
		return "baseline/expired";
	case NOTICE_FAILED:
		return "run/failed";
	case NOTICE_UNDETERMINED:
		break;
	}
	return "run/undetermined";
}

size_t notices_of(const struct report_notice *notices, size_t count, enum notice_kind kind)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += notices[i].kind == kind;
	return found;
}

unsigned notice_line(const struct report_notice *notice)
{
	return notice->entry ? notice->entry->line : 0;
}

static void write_clipped(FILE *file, struct sessionlint_text text, escape_text *escape)
{
	escape(file, text_clipped(text, CLIP));
	if (text.size > CLIP)
		fputs("...", file);
}

static void write_entry(FILE *file, const struct baseline_entry *entry, escape_text *escape)
{
	write_clipped(file, entry->log, escape);
	fputs(", ", file);
	write_clipped(file, entry->rule, escape);
	fputs(", ", file);
	if (entry->subject.size > 0) {
		write_clipped(file, entry->subject, escape);
		fputs(", ", file);
	}
	write_clipped(file, entry->message, escape);
	fputs(" (", file);
	write_clipped(file, entry->reason, escape);
	putc(')', file);
}

void notice_write(FILE *file, const struct report_notice *notice, escape_text *escape)
{
	switch (notice->kind) {
	case NOTICE_STALE:
		fputs("stale entry, it matches no finding in ", file);
		break;
	case NOTICE_EXPIRED:
		fputs("expired entry, valid until ", file);
		escape(file, notice->entry->expires);
		fputs(", but its finding is still in ", file);
		break;
	case NOTICE_FAILED:
		fputs("could not be checked in full (", file);
		escape(file, text_from(notice->reason));
		putc(')', file);
		return;
	case NOTICE_UNDETERMINED:
		fprintf(file, "%" PRIu64 " session%s undetermined, which fails the run",
			notice->sessions, notice->sessions == 1 ? " is" : "s are");
		return;
	}
	write_entry(file, notice->entry, escape);
}
