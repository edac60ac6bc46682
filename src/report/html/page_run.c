/* SPDX-License-Identifier: MIT */
/* The run: its command line, its date, and what it read. */
#include "base/escape.h"
#include "base/now.h"
#include "report/html/columns.h"

static const char *digest_name(const struct run_input *input)
{
	switch (input->digest) {
	case DIGEST_UNKNOWN:
		return "unknown";
	case DIGEST_CHANGED:
		return "changed";
	case DIGEST_WHOLE:
		break;
	}
	return input->sha256;
}

static void write_input(struct html_writer *writer, const struct run_input *input)
{
	struct sessionlint_text file = path_shown(input->name);
	int r = texts_hold(writer->texts, &file, SIZE_MAX);

	json_line(writer->json, "\n");
	json_open(writer->json, '[');
	if (r < 0)
		writer->error = r;
	else
		write_text(writer, file);
	write_count(writer, input->size);
	write_count(writer, input->records);
	json_string(writer->json, digest_name(input));
	json_close(writer->json);
}

void html_write_run(struct html_writer *writer, const struct report_run *run)
{
	size_t shown = run->input_count < HTML_INPUTS_MAX ? run->input_count : HTML_INPUTS_MAX;
	int64_t now = now_seconds();

	json_line(writer->json, "\n");
	json_member_open(writer->json, "run", '{');
	json_member_text(writer->json, "command", text_from(run->command));
	json_key(writer->json, "configuration");
	if (run->configuration)
		json_text(writer->json, path_shown(run->configuration));
	else
		json_null(writer->json);
	json_key(writer->json, "seconds");
	json_signed(writer->json, now);
	json_member_open(writer->json, "inputs", '[');
	for (size_t i = 0; i < shown; i++)
		write_input(writer, &run->inputs[i]);
	json_close(writer->json);
	json_member_number(writer->json, "inputsOmitted", run->input_count - shown);
	json_close(writer->json);
}
