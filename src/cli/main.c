/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/console.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "sessionlint.h"

static const struct command *const commands[] = {
	&command_check,    &command_baseline,   &command_coverage, &command_rules,
	&command_explain,  &command_model,      &command_diagram,  &command_diff,
	&command_timeline, &command_completion, &command_man,
};

const struct command *command_at(unsigned index)
{
	return index < sizeof commands / sizeof commands[0] ? commands[index] : NULL;
}

const char *command_name_at(unsigned index)
{
	return command_at(index) ? command_at(index)->name : NULL;
}

static int help(FILE *file)
{
	fprintf(file, "Usage: sessionlint COMMAND [OPTIONS] ...\n\n"
		      "Checks recorded traces of Windows user sessions against the published "
		      "session state machine\n"
		      "(IO_SESSION_STATE, IO_SESSION_EVENT).\n\nCommands:\n");
	for (unsigned i = 0; command_at(i); i++)
		fprintf(file, "  %-10s %s\n", command_at(i)->name, command_at(i)->summary);
	fprintf(file, "\n'sessionlint COMMAND --help' describes a command; 'sessionlint --version' "
		      "prints the version.\n"
		      "Exit status: 0 success; 1 findings (check), or less coverage than --require "
		      "asks for (coverage);\n2 the job could not be done, or not in full.\n");
	return file == stdout ? STATUS_CLEAN : STATUS_FAILED;
}

static const struct command *command_find(const char *name)
{
	for (unsigned i = 0; command_at(i); i++)
		if (strcmp(command_at(i)->name, name) == 0)
			return command_at(i);
	return NULL;
}

/* What can be in the place of a command: the commands, and the two options that need none. */
static const char *first_word_at(unsigned index)
{
	unsigned count = sizeof commands / sizeof commands[0];

	if (index < count)
		return commands[index]->name;
	return index == count ? "--help" : index == count + 1 ? "--version" : NULL;
}

static int run_help(int count, char **arguments)
{
	const struct command *command;

	if (count == 0)
		return help(stdout);
	command = command_find(arguments[0]);
	if (!command)
		return unknown_word(NULL, "command", arguments[0], first_word_at);
	return command_help(command);
}

static int run(int count, char **arguments)
{
	const struct command *command;
	const char *name = count > 1 ? arguments[1] : NULL;

	if (!name)
		return help(stderr);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		printf("sessionlint %s\n", sessionlint_version());
		return STATUS_CLEAN;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return help(stdout);
	if (strcmp(name, "help") == 0)
		return run_help(count - 2, arguments + 2);
	command = command_find(name);
	if (!command)
		return unknown_word(NULL, name[0] == '-' ? "option" : "command", name,
				    first_word_at);
	return command->run(command, count - 2, arguments + 2);
}

/* Reports why standard output could not be written. */
static int output_error(void)
{
	/* it failed earlier: another write shows why */
	if (errno == 0) {
		clearerr(stdout);
		if (putc('\n', stdout) != EOF)
			fflush(stdout);
	}
	return errno ? errno : EIO;
}

/* The exit status of the process after a command returned @status. */
static int end(int status)
{
	int error;

	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	error = output_error();
	if (console_is_unread()) {
		/* the reader has closed the pipe: that is not a failure */
		if (status != STATUS_FAILED)
			return status;
		console_end_unread();
		error = EPIPE;
	}
	/* a report that could not be written is a failure */
	return path_error("standard output", strerror(error));
}

int main(int count, char **arguments)
{
	memory_grow_in_place();
	if (console_begin(&count, &arguments) < 0) {
		return out_of_memory();
	}
	return end(run(count, arguments));
}
