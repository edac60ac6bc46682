/* SPDX-License-Identifier: MIT */
/* The line on a terminal that says how much of a log has been read. */
#include <inttypes.h>

#include "base/console.h"
#include "base/escape.h"
#include "base/text.h"
#include "cli/logs.h"

#define NAME_SHOWN 48 /* bytes of a path in the progress line */

void logs_progress_clear(struct logs *logs)
{
	if (logs->shown)
		fputs("\r\033[K", stderr);
	logs->shown = false;
}

/* The end of a path that fits on a terminal line beside the numbers: a wrapped line could not be
 * erased. */
static void write_end(const char *path)
{
	struct sessionlint_text end = text_from(path);
	size_t left = end.size > NAME_SHOWN ? end.size - NAME_SHOWN : 0;

	/* do not cut a character */
	while (left > 0 && left < end.size && ((unsigned char)path[left] & 0xc0) == 0x80)
		left++;
	if (left > 0)
		fputs("...", stderr);
	escape_plain(stderr, text_of(path + left, end.size - left));
}

void logs_progress(void *userdata, const char *file, uint64_t done, uint64_t size)
{
	struct logs *logs = userdata;
	double now = console_seconds();

	/* update ten times a second */
	if (now - logs->shown_at < 0.1)
		return;
	logs_progress_clear(logs);
	logs->shown = true;
	logs->shown_at = now;
	write_end(file);
	if (size)
		fprintf(stderr, ": %" PRIu64 " of %" PRIu64 " MB, %.0f %%", done / 1000000,
			size / 1000000, 100.0 * (double)done / (double)size);
	else
		fprintf(stderr, ": %" PRIu64 " MB", done / 1000000);
	console_show(stderr);
}
