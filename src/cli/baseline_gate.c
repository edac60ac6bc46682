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

static int complain(const char *path, const struct baseline_error *error, const char *what)
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
	struct baseline_error error = { 0 };
	char *data = NULL;
	size_t size;
	int r = whole_read_path(gate->path, BASELINE_MAX, &data, &size);

	if (r == -ENOENT && create)
		return STATUS_CLEAN;
	gate->exists = true;
	if (r == 0)
		r = baseline_read(&gate->baseline, data, size, gate->now, &error);
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
	baseline_init(&gate->baseline);
	fingerprints_init(&gate->fingerprints);
	table_init(&gate->logs);
	return path ? read_file(gate, create) : STATUS_CLEAN;
}

void gate_free(struct gate *gate)
{
	baseline_free(&gate->baseline);
	fingerprints_free(&gate->fingerprints);
	table_free(&gate->logs);
	arena_free(&gate->arena);
	free(gate->notices);
	*gate = (struct gate) { 0 };
}

/* ---- the run ---- */

/* Finds the entry of a finding; equal findings are numbered in order. */
static void match(struct gate *gate, const struct sessionlint_finding *finding)
{
	gate->entry = NULL;
	if (fingerprint_next(&gate->fingerprints, finding, gate->fingerprint) < 0) {
		gate->failed = true;
		return;
	}
	gate->entry = baseline_find(&gate->baseline, text_from(gate->fingerprint));
	if (gate->entry)
		gate->entry->matched = true;
}

void gate_suppress(struct gate *gate, struct sessionlint_finding *finding)
{
	if (!gate->path)
		return;
	match(gate, finding);
	gate->seen = true;
	if (!gate->entry || gate->entry->expired ||
	    finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		return;
	finding->suppression = SESSIONLINT_SUPPRESSION_BASELINE;
	finding->reason = gate->entry->reason;
}

void gate_report(struct gate *gate, const struct sessionlint_finding *finding)
{
	if (gate->path && !gate->seen)
		match(gate, finding);
	gate->seen = false;
}

/* Logs of the same name; they share their entries. */
struct gate_name {
	struct table_entry entry;
	bool whole; /* whether all were read in full */
};

static struct gate_name *add_name(struct gate *gate, struct sessionlint_text name)
{
	struct gate_name *known = arena_allocate(&gate->arena, sizeof *known);
	char *key = arena_allocate(&gate->arena, name.size + 1);

	if (!known || !key)
		return NULL;
	*known = (struct gate_name) { .whole = true };
	memcpy(key, name.data, name.size);
	return table_add(&gate->logs, &known->entry, text_of(key, name.size)) < 0 ? NULL : known;
}

void gate_log(struct gate *gate, const char *path, bool whole)
{
	struct sessionlint_text name = fingerprint_log(path);
	struct gate_name *known;

	if (!gate->path)
		return;
	known = (void *)table_find(&gate->logs, name);
	if (!known)
		known = add_name(gate, name);
	if (known)
		known->whole &= whole;
	else
		gate->failed = true;
}

static bool is_whole(const struct gate *gate, struct sessionlint_text name)
{
	const struct gate_name *known = (void *)table_find(&gate->logs, name);

	return known && known->whole;
}

static bool is_off(const struct baseline_entry *entry, const struct sessionlint *run)
{
	enum sessionlint_rule rule;

	return sessionlint_rule_parse(entry->rule.data, entry->rule.size, &rule) == 0 &&
	       sessionlint_rule_severity(run, rule) == SESSIONLINT_SEVERITY_OFF;
}

static bool is_stale(const struct gate *gate, const struct baseline_entry *entry,
		     const struct sessionlint *run)
{
	return !entry->matched && is_whole(gate, entry->log) && !is_off(entry, run);
}

void gate_end(struct gate *gate, const struct sessionlint *run, bool fatal)
{
	if (gate->baseline.count == 0)
		return;
	gate->notices = calloc(gate->baseline.count, sizeof *gate->notices);
	if (!gate->notices) {
		gate->failed = true;
		return;
	}
	for (size_t i = 0; i < gate->baseline.count; i++) {
		const struct baseline_entry *entry = gate->baseline.entries[i];
		bool stale = is_stale(gate, entry, run);

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
