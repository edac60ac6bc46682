/* SPDX-License-Identifier: MIT */
#include "cli/provenance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/quote.h"

#define PROGRAM "sessionlint "

/* Replaces a value. */
#define HIDDEN "..."

/* Adds a text at *size of @to; if @to is NULL, only its size. */
static void add(char *to, size_t *size, const char *text)
{
	size_t added = strlen(text);

	if (to)
		memcpy(to + *size, text, added);
	*size += added;
}

static const char *name_of(const struct command *command, int id)
{
	const struct option *option;

	for (unsigned i = 0; (option = option_at(command, i)); i++)
		if (option->id == id)
			return option->name;
	return "";
}

/* Writes the names of the options, and that there are operands; returns the size. If @to is NULL,
 * it writes nothing. */
static size_t write_hidden(char *to, struct arguments line)
{
	size_t size = 0;
	int option;

	add(to, &size, PROGRAM);
	add(to, &size, line.command->name);
	while ((option = arguments_next(&line)) != OPTION_END) {
		add(to, &size, option == OPTION_OPERAND ? " " HIDDEN : " --");
		if (option == OPTION_OPERAND)
			continue;
		add(to, &size, name_of(line.command, option));
		if (line.value)
			add(to, &size, "=" HIDDEN);
	}
	return size;
}

static size_t max_size(struct arguments line)
{
	size_t size = sizeof PROGRAM + strlen(line.command->name);

	for (int i = 0; i < line.count; i++)
		size += 1 + QUOTED_SIZE(strlen(line.list[i]));
	return size;
}

static size_t write_shown(char *to, struct arguments line)
{
	size_t size = 0;
	char *end;

	add(to, &size, PROGRAM);
	add(to, &size, line.command->name);
	end = to + size;
	for (int i = 0; i < line.count; i++) {
		*end++ = ' ';
		end = quote_argument(end, line.list[i]);
	}
	return (size_t)(end - to);
}

int provenance_begin(struct provenance *provenance, struct arguments line, bool hide)
{
	size_t size = hide ? write_hidden(NULL, line) : max_size(line);

	provenance->command = malloc(size + 1);
	if (!provenance->command)
		return -ENOMEM;
	size = hide ? write_hidden(provenance->command, line)
		    : write_shown(provenance->command, line);
	provenance->command[size] = '\0';
	provenance->run.command = provenance->command;
	return 0;
}

void provenance_free(struct provenance *provenance)
{
	free(provenance->command);
	free(provenance->inputs);
	arena_free(&provenance->arena);
	*provenance = (struct provenance) { 0 };
}

void provenance_input(void *userdata, const struct run_input *input)
{
	struct provenance *provenance = userdata;
	struct report_run *run = &provenance->run;
	struct run_input *inputs = array_grow(provenance->inputs, run->input_count,
					      &provenance->capacity, sizeof *inputs);
	size_t size = strlen(input->name) + 1;
	char *name = inputs ? arena_allocate(&provenance->arena, size) : NULL;

	if (inputs)
		provenance->inputs = inputs;
	if (!name) {
		provenance->failed = true;
		return;
	}
	memcpy(name, input->name, size);
	inputs[run->input_count] = *input;
	inputs[run->input_count++].name = name;
	run->inputs = inputs;
}
