/* SPDX-License-Identifier: MIT */
#include "cli/baseline_gate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/escape.h"
#include "base/now.h"
#include "base/whole.h"

/* ---- the file ---- */

static int complain(const char *path, const struct sessionlint_baseline_error *error,
		    const char *what)
{
	fputs("sessionlint: ", stderr);
	escape_plain(stderr, text_from(path));
	if (error)
		fprintf(stderr, ":%u:%u", error->line, error->column);
	fputs(": ", stderr);
	escape_plain(stderr, text_from(what));
	putc('\n', stderr);
	console_show(stderr);
	return STATUS_FAILED;
}

static int read_file(struct gate *gate, bool create)
{
	struct sessionlint_baseline_error error = { 0 };
	char *data = NULL;
	size_t size;
	int r = whole_read_path(gate->path, BASELINE_MAX, &data, &size);

	if (r == -ENOENT && create)
		return STATUS_CLEAN;
	gate->exists = true;
	if (r == 0)
		r = baseline_read(&gate->matcher.baseline, data, size, gate->now, &error);
	free(data);
	switch (-r) {
	case 0:
		return STATUS_CLEAN;
	case EBADMSG:
		/* a full disk can cause that too */
		return error.line ? complain(gate->path, &error, error.text)
				  : complain(gate->path, NULL, strerror(EBADMSG));
	case EFBIG:
		return complain(gate->path, NULL,
				"exceeds the maximum size of a baseline (64 MiB)");
	case ESPIPE:
		return complain(gate->path, NULL, "not a regular file; a baseline must be one");
	default:
		return complain(gate->path, NULL, strerror(-r));
	}
}

int gate_begin(struct gate *gate, const char *path, bool create)
{
	*gate = (struct gate) { .path = path, .now = now_seconds() };
	matcher_init(&gate->matcher);
	return path ? read_file(gate, create) : STATUS_CLEAN;
}

void gate_free(struct gate *gate)
{
	matcher_free(&gate->matcher);
	free(gate->notices);
	*gate = (struct gate) { 0 };
}

/* ---- after the run ---- */

void gate_end(struct gate *gate, const struct sessionlint *run, bool fatal)
{
	if (gate->matcher.baseline.count == 0)
		return;
	gate->notices = calloc(gate->matcher.baseline.count, sizeof *gate->notices);
	if (!gate->notices) {
		gate->failed = true;
		return;
	}
	for (size_t i = 0; i < gate->matcher.baseline.count; i++) {
		const struct baseline_entry *entry = gate->matcher.baseline.entries[i];
		bool stale = matcher_is_stale(&gate->matcher, entry, run);

		if (!stale && !(entry->expired && entry->matched))
			continue;
		gate->stale_count += stale;
		gate->notices[gate->notice_count++] = (struct report_notice) {
			.kind = stale ? NOTICE_STALE : NOTICE_EXPIRED,
			.severity = stale && fatal ? SESSIONLINT_SEVERITY_ERROR
						   : SESSIONLINT_SEVERITY_WARNING,
			.file = gate->path,
			.entry = entry,
		};
	}
}

void gate_print(const struct gate *gate, bool fatal)
{
	if (gate->failed)
		out_of_memory();
	for (size_t i = 0; i < gate->notice_count; i++) {
		const struct report_notice *notice = &gate->notices[i];

		fputs("sessionlint: ", stderr);
		escape_plain(stderr, text_from(notice->file));
		fprintf(stderr, ":%u:%u: ", notice->entry->line, notice->entry->column);
		notice_write(stderr, notice, escape_plain);
		putc('\n', stderr);
	}
	if (gate->stale_count > 0 && fatal)
		fputs("sessionlint: stale entries fail the run: 'sessionlint baseline prune' "
		      "removes them, --allow-stale ignores them\n",
		      stderr);
	console_show(stderr);
}
