/* SPDX-License-Identifier: MIT */
#include "cli/outputs.h"

#include <errno.h>
#include <string.h>

#include "base/console.h"
#include "base/stream.h"
#include "cli/cli.h"

int outputs_add(struct outputs *outputs, const struct reporter *reporter, const char *path)
{
	if (outputs->count == OUTPUTS_MAX)
		return -E2BIG;
	outputs->list[outputs->count++] = (struct output) { .reporter = reporter, .path = path };
	return 0;
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
	path_error(output->path ? output->path : "standard output", strerror(error));
}

bool outputs_begin(struct outputs *outputs, bool color, const struct report_anchor *anchor,
		   enum junit_flavor junit_flavor)
{
	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];

		output->to.file = output->path ? stream_create(output->path) : stdout;
		output->to.color = !output->path && color;
		output->to.anchor = anchor;
		output->to.junit_flavor = junit_flavor;
		output->to.show_suppressed = outputs->show_suppressed;
		output->to.hide_suppressed = outputs->hide_suppressed;
		if (!output->to.file) {
			complain(output, errno);
			return false;
		}
	}
	/* now that they are there, two names can turn out to be one file */
	if (outputs_clash(outputs)) {
		path_error(outputs_clash(outputs), "two reports cannot be in one file");
		return false;
	}
	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];

		if (output->reporter->begin && output->reporter->begin(&output->to) < 0) {
			complain(output, ENOMEM);
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
		/* a full disk is complained of at the end; without a reader the rest would be work
		 * for nothing */
		if (!output->path && ferror(output->to.file) && outputs->count == 1)
			r = -EPIPE;
	}
	return r;
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

void outputs_notices(struct outputs *outputs, const struct report_notice *notices, size_t count)
{
	for (unsigned i = 0; i < outputs->count; i++) {
		outputs->list[i].to.notices = notices;
		outputs->list[i].to.notice_count = count;
	}
}

bool outputs_end(struct outputs *outputs, const struct sessionlint_totals *totals, int status)
{
	bool good = true;

	for (unsigned i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];
		bool written;

		if (!output->to.file)
			continue;
		output->to.status = status;
		/* a report may be written as a whole now, and its first part fail */
		errno = 0;
		if (output->reporter->end)
			output->reporter->end(&output->to, totals);
		written = fflush(output->to.file) == 0 && !ferror(output->to.file);
		if (output->path && fclose(output->to.file) != 0)
			written = false;
		/* that nobody reads standard output on is no failure of the job */
		if (!written && output->path)
			complain(output, errno ? errno : EIO);
		good &= written || !output->path;
		if (output->to.error < 0) {
			complain(output, -output->to.error);
			good = false;
		}
	}
	return good;
}
