/* SPDX-License-Identifier: MIT */
#include "cli/certificate_output.h"

#include <errno.h>
#include <string.h>

int certificate_output_allow(const struct certificate_output *output, const struct logs *logs)
{
	if (!output->path)
		return STATUS_CLEAN;
	if (logs->together != LOGS_APART)
		return usage_error(logs->command, "--certificate: accounts of machines, as "
						  "--together makes them, cannot be certified");
	if (logs->anonymize)
		return usage_error(logs->command, "--certificate: what is anonymous cannot be "
						  "compared with the trace");
	return STATUS_CLEAN;
}

int certificate_output_open(struct certificate_output *output)
{
	int r = output->path ? replace_begin(&output->replacement, output->path) : 0;

	return r < 0 ? path_error(output->path, strerror(-r)) : STATUS_CLEAN;
}

/* Why the order in which the logs are read is not certified, or NULL. */
static const char *reading(const struct logs *logs)
{
	if (logs->reverse)
		return "reverse";
	if (logs->recover)
		return "recover";
	return NULL;
}

int certificate_output_begin(struct certificate_output *output, const struct logs *logs)
{
	const struct certificate_premises premises = {
		.start = logs->start,
		.source = logs->source,
		.reorder = logs->reorder,
		.reading = reading(logs),
	};

	return output->path ? certificate_new(output->replacement.file, logs->run, &premises,
					      &output->certificate)
			    : 0;
}

void certificate_output_input(struct certificate_output *output, const struct run_input *input)
{
	if (output->certificate)
		certificate_input(output->certificate, input);
}

void certificate_output_log(struct certificate_output *output)
{
	if (output->certificate)
		certificate_log(output->certificate);
}

bool certificate_output_end(struct certificate_output *output, int error)
{
	int r;

	if (!output->certificate)
		return true;
	r = certificate_end(output->certificate);
	if (r == 0)
		r = error;
	if (r == 0)
		r = replace_end(&output->replacement);
	if (r < 0)
		path_error(output->path, strerror(-r));
	return r == 0;
}

void certificate_output_cancel(struct certificate_output *output)
{
	certificate_free(output->certificate);
	replace_cancel(&output->replacement);
}
