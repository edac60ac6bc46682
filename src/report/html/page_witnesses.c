/* SPDX-License-Identifier: MIT */
/* Which records show a step of an account, and which steps no record shows. */
#include <errno.h>
#include <stdlib.h>

#include "base/escape.h"
#include "report/html/columns.h"

int witnesses_keep(struct html_texts *texts, const struct sessionlint_step *step, uint64_t *left,
		   struct html_slice *slice)
{
	unsigned count = step->witness_count;

	slice->inferred = step->inferred;
	if (count > *left)
		slice->unlisted = true;
	if (count == 0 || count > *left)
		return 0;
	slice->witnesses = malloc(count * sizeof *slice->witnesses);
	if (!slice->witnesses)
		return -ENOMEM;
	for (unsigned i = 0; i < count; i++) {
		struct html_witness *witness = &slice->witnesses[i];
		int r;

		witness->file = path_shown(step->witnesses[i].file);
		witness->line = step->witnesses[i].line;
		witness->source = step->witnesses[i].source;
		/* there are as many names as files; they stay to the end */
		r = texts_hold(texts, &witness->file, SIZE_MAX);
		if (r < 0) {
			free(slice->witnesses);
			slice->witnesses = NULL;
			return r;
		}
	}
	slice->witness_count = count;
	*left -= count;
	return 0;
}

/* [step, file, line, source, file, line, source, ...] for each step that has some. */
static void write_witnesses(struct html_writer *writer, const struct html_slice *slice,
			    uint64_t number)
{
	if (slice->witness_count == 0)
		return;
	json_open(writer->json, '[');
	json_number(writer->json, number);
	for (uint32_t i = 0; i < slice->witness_count; i++) {
		write_text(writer, slice->witnesses[i].file);
		write_count(writer, slice->witnesses[i].line);
		json_number(writer->json, slice->witnesses[i].source);
	}
	json_close(writer->json);
}

static void write_inferred(struct html_writer *writer, const struct html_slice *slice,
			   uint64_t number)
{
	if (slice->inferred)
		json_number(writer->json, number);
}

static void write_unlisted(struct html_writer *writer, const struct html_slice *slice,
			   uint64_t number)
{
	if (slice->unlisted)
		json_number(writer->json, number);
}

void html_write_witnesses(struct html_writer *writer, struct html_incarnation *const *list,
			  uint32_t count)
{
	static const struct {
		const char *name;
		void (*write)(struct html_writer *writer, const struct html_slice *slice,
			      uint64_t number);
	} members[] = {
		{ "witnesses", write_witnesses },
		{ "inferred", write_inferred },
		{ "unlisted", write_unlisted },
	};

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		uint64_t number = 0;

		json_line(writer->json, "\n");
		json_member_open(writer->json, members[i].name, '[');
		for (uint32_t row = 0; row < count; row++)
			for (uint32_t slice = 0; slice < list[row]->count; slice++)
				members[i].write(writer, &list[row]->slices[slice], number++);
		json_close(writer->json);
	}
}
