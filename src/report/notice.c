/* SPDX-License-Identifier: MIT */
#include "report/notice.h"

#include "report/escape.h"

/* An entry is as long as who wrote it liked. */
#define CLIP 200

const char *notice_name(const struct report_notice *notice)
{
	switch (notice->kind) {
	case NOTICE_STALE:
		return "baseline/stale";
	case NOTICE_EXPIRED:
		break;
	}
	return "baseline/expired";
}

static void write_clipped(FILE *file, struct sessionlint_text text, escape_text *escape)
{
	escape(file, text_clipped(text, CLIP));
	if (text.size > CLIP)
		fputs("...", file);
}

void notice_write(FILE *file, const struct report_notice *notice, escape_text *escape)
{
	const struct baseline_entry *entry = notice->entry;

	switch (notice->kind) {
	case NOTICE_STALE:
		fputs("stale entry, nothing matches it any more in ", file);
		break;
	case NOTICE_EXPIRED:
		fputs("expired entry, it held to ", file);
		escape(file, entry->expires);
		fputs(" and its finding is still in ", file);
		break;
	}
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
