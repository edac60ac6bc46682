/* SPDX-License-Identifier: MIT */
#include "cli/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/folder.h"
#include "base/number.h"
#include "base/stream.h"

int outputs_add(struct outputs *outputs, const struct reporter *reporter, const char *path)
{
	if (outputs->count == OUTPUTS_MAX)
		return -E2BIG;
	outputs->list[outputs->count++] = (struct output) { .reporter = reporter, .path = path };
	return 0;
}

const char *outputs_format_at(unsigned index)
{
	const struct reporter *reporter = reporter_at(index);

	return reporter ? reporter->name : NULL;
}

int outputs_set(struct outputs *outputs, const struct command *command, const char *value)
{
	const char *colon = strchr(value, ':');
	const char *path = colon ? colon + 1 : NULL;
	char name[80];
	int found;

	if (!colon || !*path)
		return usage_error(command, "--output needs FORMAT:PATH, not '%s'", value);
	snprintf(name, sizeof name, "%.*s", (int)(colon - value), value);
	found = word_find(command, "format", name, outputs_format_at);
	if (found < 0)
		return STATUS_FAILED;
	if (outputs_add(outputs, reporter_at((unsigned)found),
			strcmp(path, "-") == 0 ? NULL : path) < 0)
		return usage_error(command, "too many --output options");
	return STATUS_CLEAN;
}

/* The last colon is the one before the line number: C:\\x.c:7. */
int outputs_set_anchor(struct outputs *outputs, const struct command *command, const char *value)
{
	const char *colon = strrchr(value, ':');
	uint64_t line = 0;

	if (!colon || colon == value || path_is_separator(colon[-1]) ||
	    decimal_parse(text_from(colon + 1), INT32_MAX, &line) < 0 || line == 0)
		return usage_error(command, "--anchor needs FILE:LINE, not '%s'", value);
	free(outputs->anchor_file);
	outputs->anchor_file = strdup(value);
	if (!outputs->anchor_file)
		return path_error(value, strerror(ENOMEM));
	outputs->anchor_file[colon - value] = '\0';
	outputs->anchor = (struct report_anchor) { .file = outputs->anchor_file, .line = line };
	return STATUS_CLEAN;
}

const char *outputs_clash(const struct outputs *outputs)
{
	for (unsigned i = 0; i < outputs->count; i++) {
		const char *path = outputs->list[i].path;

		for (unsigned j = 0; path && j < i; j++)
			if (outputs->list[j].path && (strcmp(path, outputs->list[j].path) == 0 ||
						      stream_is_same(path, outputs->list[j].path)))
				return path;
	}
	return NULL;
}

bool outputs_use_stdout(const struct outputs *outputs)
{
	for (unsigned i = 0; i < outputs->count; i++)
		if (!outputs->list[i].path)
			return true;
	return false;
}

static void complain(const struct output *output, int error)
{
	path_error(output->path ? output->path : "standard output", strerror(-error));
}

/* Opens the file, or uses standard output. */
static int open_file(struct output *output)
{
	int r = 0;

	output->to.file = stdout;
	if (output->path) {
		r = replace_begin(&output->replacement, output->path);
		output->to.file = output->replacement.file;
	}
	if (r == 0)
		stream_claim(output->to.file);
	return r;
}

/* The path of a report that would go to the same file as another under a different name; or NULL.
 */
static const char *find_shared(const struct outputs *outputs)
{
	for (unsigned i = 0; i < outputs->count; i++) {
		const struct output *output = &outputs->list[i];

		if (!output->path)
			continue;
		if (stream_is_open(STREAM_OUTPUT, output->path))
			return output->path;
		for (unsigned j = 0; j < i; j++)
			if (outputs->list[j].path &&
			    stream_is_same_place(output->replacement.path,
						 outputs->list[j].replacement.path))
				return output->path;
	}
	return NULL;
}

bool outputs_begin(struct outputs *outputs, bool color, enum junit_flavor junit_flavor)
{
	located_init(&outputs->located);
	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];
		int r = open_file(output);

		if (r < 0) {
			complain(output, r);
			return false;
		}
		output->to.color = !output->path && color;
		output->to.anchor = outputs->anchor.line ? &outputs->anchor : NULL;
		output->to.junit_flavor = junit_flavor;
		output->to.located = &outputs->located;
		output->to.all_notes = outputs->all_notes;
		output->to.show_suppressed = outputs->show_suppressed;
		output->to.hide_suppressed = outputs->hide_suppressed;
	}
	if (find_shared(outputs)) {
		path_error(find_shared(outputs), "two reports cannot be written to the same file");
		return false;
	}
	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];

		if (output->reporter->begin && output->reporter->begin(&output->to) < 0) {
			complain(output, -ENOMEM);
			return false;
		}
	}
	return true;
}

int outputs_finding(struct outputs *outputs, const struct sessionlint_finding *finding)
{
	int r = 0;

	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];

		output->reporter->finding(&output->to, finding);
		if (!output->path)
			console_show(output->to.file);
		/* a full disk is reported at the end; without a reader the rest would be wasted
		 * work */
		if (!output->path && ferror(output->to.file) && outputs->count == 1)
			r = -EPIPE;
	}
	return r;
}

void outputs_hidden(struct outputs *outputs, const struct sessionlint_finding *finding)
{
	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];

		if (output->reporter->hidden)
			output->reporter->hidden(&output->to, finding);
	}
}

void outputs_log(struct outputs *outputs)
{
	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];

		if (output->reporter->log)
			output->reporter->log(&output->to);
		if (!output->path)
			console_show(output->to.file);
	}
}

bool outputs_want_steps(const struct outputs *outputs)
{
	for (unsigned i = 0; i < outputs->count; i++)
		if (outputs->list[i].reporter->step)
			return true;
	return false;
}

void outputs_step(struct outputs *outputs, const struct sessionlint_step *step)
{
	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];

		if (output->reporter->step)
			output->reporter->step(&output->to, step);
	}
}

bool outputs_want_annotations(const struct outputs *outputs)
{
	for (unsigned i = 0; i < outputs->count; i++)
		if (outputs->list[i].reporter->annotation)
			return true;
	return false;
}

void outputs_annotation(struct outputs *outputs, const struct sessionlint_annotation *annotation)
{
	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];

		if (output->reporter->annotation)
			output->reporter->annotation(&output->to, annotation);
	}
}

bool outputs_want_inputs(const struct outputs *outputs)
{
	for (unsigned i = 0; i < outputs->count; i++)
		if (outputs->list[i].reporter->wants_inputs)
			return true;
	return false;
}

void outputs_run(struct outputs *outputs, const struct report_run *run)
{
	for (unsigned i = 0; i < outputs->count; i++)
		outputs->list[i].to.run = run;
}

void outputs_notices(struct outputs *outputs, const struct report_notice *notices, size_t count)
{
	for (unsigned i = 0; i < outputs->count; i++) {
		outputs->list[i].to.notices = notices;
		outputs->list[i].to.notice_count = count;
	}
}

void outputs_discard_files(struct outputs *outputs)
{
	for (unsigned i = 0; i < outputs->count; i++)
		if (outputs->list[i].path)
			outputs->list[i].to.error = -ENOMEM;
}

void outputs_cancel(struct outputs *outputs)
{
	for (unsigned i = 0; i < outputs->count; i++)
		replace_cancel(&outputs->list[i].replacement);
	located_free(&outputs->located);
	free(outputs->anchor_file);
}

/* Moves a report into place if it is complete. */
static int put_report(struct output *output)
{
	/* some paths could not be shown */
	if (output->to.located && output->to.located->failed)
		output->to.error = -ENOMEM;
	if (output->to.error < 0) {
		replace_cancel(&output->replacement);
		return output->to.error;
	}
	/* main() checks standard output */
	return output->path ? replace_end(&output->replacement) : 0;
}

bool outputs_end(struct outputs *outputs, const struct run_totals *totals, int status)
{
	bool good = true;

	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];
		int r;

		output->to.status = status;
		if (output->reporter->end)
			output->reporter->end(&output->to, totals);
		r = put_report(output);
		if (r < 0) {
			complain(output, r);
			good = false;
		}
	}
	return good;
}
