/* SPDX-License-Identifier: MIT */
/* All that a run reports, as text, so that two runs can be compared. */
#ifndef CONFORMANCE_LIBRARY_SEEN_H
#define CONFORMANCE_LIBRARY_SEEN_H

#include <sessionlint.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct seen {
	char *text;
	size_t size, room;
	unsigned findings;
	bool no_offsets; /* leave out where in the file things are */
};

__attribute__((format(printf, 2, 3))) static inline void seen_add(struct seen *seen,
								  const char *format, ...)
{
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (seen->size + (size_t)size + 1 > seen->room) {
		seen->room = 2 * seen->room + (size_t)size + 1;
		seen->text = realloc(seen->text, seen->room);
	}
	if (size < 0 || !seen->text)
		abort();
	va_start(arguments, format);
	vsnprintf(seen->text + seen->size, (size_t)size + 1, format, arguments);
	va_end(arguments);
	seen->size += (size_t)size;
}

static inline void seen_add_text(struct seen *seen, const char *name, struct sessionlint_text text)
{
	seen_add(seen, " %s%s", name, text.data ? "=" : "");
	for (size_t i = 0; i < text.size; i++)
		seen_add(seen, text.data[i] >= ' ' && text.data[i] <= '~' ? "%c" : "\\%02x",
			 (unsigned char)text.data[i]);
}

static inline int seen_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct seen *seen = userdata;

	seen->findings++;
	seen_add(seen, "%s %d%s %" PRIu64 ",%" PRIu64, sessionlint_rule_info(finding->rule)->name,
		 (int)finding->severity, finding->cascade ? " cascade" : "", finding->line,
		 finding->log_line);
	if (!seen->no_offsets)
		seen_add(seen, " at %" PRIu64, finding->offset);
	seen_add(seen, " %" PRIu64 " %d,%d,%" PRIu32 ",%" PRIu32 ",%" PRIu64, finding->time,
		 finding->has_session, (int)finding->source, finding->session, finding->incarnation,
		 finding->boot_ordinal);
	seen_add(seen, " %" PRIx32 " %" PRIx32 " %x %x", finding->event, finding->observed,
		 finding->belief, finding->allowed);
	seen_add(seen, " +%" PRIu64 " %d %d %d", finding->history_omitted,
		 (int)finding->repair.kind, finding->swapped, (int)finding->suppression);
	for (unsigned i = 0; i < finding->history_count; i++)
		seen_add(seen, " %d:%" PRIu64, finding->history[i].event, finding->history[i].line);
	for (unsigned i = 0; i < finding->repair.count; i++)
		seen_add(seen, " >%d", finding->repair.events[i]);
	seen_add_text(seen, "host", finding->host);
	seen_add_text(seen, "boot", finding->boot);
	seen_add_text(seen, "user", finding->user);
	seen_add_text(seen, "address", finding->address);
	seen_add_text(seen, "driver", finding->driver);
	seen_add_text(seen, "io", finding->io);
	seen_add_text(seen, "reason", finding->reason);
	seen_add_text(seen, "message", finding->message);
	seen_add(seen, "\n");
	return 0;
}

static inline void seen_step(void *userdata, const struct sessionlint_step *step)
{
	struct seen *seen = userdata;

	seen_add(seen, "step %d %d %" PRIu64 ",%" PRIu64, (int)step->kind, (int)step->verdict,
		 step->line, step->log_line);
	if (!seen->no_offsets)
		seen_add(seen, " at %" PRIu64, step->offset);
	seen_add(seen, " %" PRIu64 " %d,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu64, step->time,
		 (int)step->source, step->host_number, step->session, step->incarnation,
		 step->boot_ordinal);
	seen_add(seen, " %" PRIx32 " %x %x %d%d%d", step->event, step->before, step->after,
		 step->midway, step->unseen, step->renewed);
	seen_add_text(seen, "host", step->host);
	seen_add_text(seen, "boot", step->boot);
	seen_add(seen, "\n");
}

/* What a check returned, and all totals if @totals. */
static inline void seen_end(struct seen *seen, const struct sessionlint *run, int result,
			    bool totals)
{
	seen_add(seen, "result %d\n", result);
	for (unsigned total = 0; totals && sessionlint_total_name(total); total++)
		seen_add(seen, "%s %" PRIu64 "\n", sessionlint_total_name(total),
			 sessionlint_total(run, total));
}

/* Begins a run that reports to @seen. */
static inline struct sessionlint *seen_run(struct seen *seen)
{
	struct sessionlint *run;

	if (sessionlint_new(&run) < 0)
		abort();
	sessionlint_set_report(run, seen_finding, seen);
	sessionlint_set_observe(run, seen_step, seen);
	return run;
}

/* Prints where two texts begin to differ. */
static inline void seen_differ(const struct seen *want, const struct seen *have)
{
	size_t at = 0, line = 0;

	for (; at < want->size && at < have->size && want->text[at] == have->text[at]; at++)
		if (want->text[at] == '\n')
			line = at + 1;
	printf("# want %.*s\n", (int)strcspn(want->text + line, "\n"), want->text + line);
	printf("# have %.*s\n", (int)strcspn(have->text + line, "\n"), have->text + line);
}

static inline bool seen_same(const struct seen *want, const struct seen *have)
{
	return want->size == have->size && memcmp(want->text, have->text, want->size) == 0;
}

/* The whole file at @path; free() it. */
static inline char *seen_load(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rb");
	size_t room = 1 << 16, size = 0, got;
	char *bytes = malloc(room);

	while (file && bytes && (got = fread(bytes + size, 1, room - size, file)) > 0) {
		size += got;
		if (size == room)
			bytes = realloc(bytes, room *= 2);
	}
	if (!file || !bytes)
		abort();
	fclose(file);
	*ret_size = size;
	return bytes;
}

#endif
