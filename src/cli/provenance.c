/* SPDX-License-Identifier: MIT */
#include "cli/provenance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/quote.h"

#define PROGRAM "sessionlint "

/* What stands for a value. */
#define HIDDEN "..."

/* Writes the name of an option; what can be a value is hidden. */
static char *write_hidden(char *to, const char *argument)
{
	size_t name = 0;

	if (strncmp(argument, "--", 2) == 0 && argument[2])
		name = strcspn(argument, "=");
	else if (argument[0] == '-' && argument[1])
		name = 2;
	memcpy(to, argument, name);
	to += name;
	if (name > 0 && !argument[name])
		return to;
	if (argument[name] == '=')
		*to++ = '=';
	memcpy(to, HIDDEN, sizeof HIDDEN - 1);
	return to + sizeof HIDDEN - 1;
}

int provenance_begin(struct provenance *provenance, const char *command, int count,
		     char *const *arguments, bool hide)
{
	size_t size = sizeof PROGRAM + strlen(command);
	char *to;

	for (int i = 0; i < count; i++)
		size += QUOTED_SIZE(strlen(arguments[i])) + sizeof HIDDEN + 1;
	provenance->command = malloc(size);
	if (!provenance->command)
		return -ENOMEM;
	strcpy(provenance->command, PROGRAM);
	strcat(provenance->command, command);
	to = provenance->command + strlen(provenance->command);
	for (int i = 0; i < count; i++) {
		*to++ = ' ';
		to = hide ? write_hidden(to, arguments[i]) : quote_argument(to, arguments[i]);
	}
	*to = '\0';
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
