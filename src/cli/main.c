/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "sessionlint.h"

static const struct command *const commands[] = {
	&command_check,
	&command_rules,
	&command_explain,
	&command_model,
};

const struct command *command_at(unsigned index)
{
	return index < sizeof commands / sizeof commands[0] ? commands[index] : NULL;
}

static const char *command_name_at(unsigned index)
{
	const struct command *command = command_at(index);

	return command ? command->name : NULL;
}

static int help(FILE *file)
{
	fprintf(file, "Usage: sessionlint COMMAND [OPTIONS] ...\n\n"
		      "Holds recorded traces of Windows user sessions to the published session "
		      "state machine\n"
		      "(IO_SESSION_STATE, IO_SESSION_EVENT).\n\nCommands:\n");
	for (unsigned i = 0; command_at(i); i++)
		fprintf(file, "  %-10s %s\n", command_at(i)->name, command_at(i)->summary);
	fprintf(file, "\n'sessionlint COMMAND --help' tells more of one; 'sessionlint --version' "
		      "the version.\n"
		      "Exit status: 0 nothing found, 1 findings, 2 the job could not be done.\n");
	return file == stdout ? STATUS_CLEAN : STATUS_FAILED;
}

static const struct command *command_find(const char *name)
{
	for (unsigned i = 0; command_at(i); i++)
		if (strcmp(command_at(i)->name, name) == 0)
			return command_at(i);
	return NULL;
}

int main(int count, char **arguments)
{
	const struct command *command;
	const char *name = count > 1 ? arguments[1] : NULL;
	int status;

	if (!name)
		return help(stderr);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		printf("sessionlint %s\n", sessionlint_version());
		return STATUS_CLEAN;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return help(stdout);
	if (strcmp(name, "help") == 0) {
		if (count == 2)
			return help(stdout);
		command = command_find(arguments[2]);
		return command ? command_help(command)
			       : unknown_word(NULL, "command", arguments[2], command_name_at);
	}
	command = command_find(name);
	if (!command)
		return unknown_word(NULL, name[0] == '-' ? "option" : "command", name,
				    command_name_at);
	status = command->run(command, count - 2, arguments + 2);
	/* a report that could not be written is no report */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("sessionlint: standard output");
		return STATUS_FAILED;
	}
	return status;
}
