/* SPDX-License-Identifier: MIT */
/*
 * sessionlint man: pages for man(1), in the macros of man(7). They are made from the same tables as
 * --help and written by the command itself, so that the build needs no converter.
 */
#include <ctype.h>
#include <string.h>

#include "cli/cli.h"
#include "sessionlint.h"

static const struct option options[] = { { 0 } };

static const struct option_words words[] = {
	{ OPTION_OPERAND, command_name_at, NULL, NULL },
	{ 0 },
};

/* Escapes what roff would interpret, or replace by typographic characters. */
static void write_character(char c)
{
	static const struct {
		char character;
		const char *roff;
	} special[] = {
		{ '\\', "\\e" },  { '-', "\\-" },   { '\'', "\\(aq" },
		{ '`', "\\(ga" }, { '^', "\\(ha" }, { '~', "\\(ti" },
	};

	for (unsigned i = 0; i < sizeof special / sizeof special[0]; i++) {
		if (special[i].character == c) {
			fputs(special[i].roff, stdout);
			return;
		}
	}
	putchar(c);
}

static void write_text(const char *text)
{
	for (; *text; text++)
		write_character(*text);
}

/* Writes paragraphs, separated by blank lines. Indented lines keep their line breaks: roff breaks
 * before them. */
static void write_paragraphs(const char *text)
{
	while (*text) {
		size_t line = strcspn(text, "\n");

		if (line == 0)
			printf(".PP\n");
		if (*text == '.' || *text == '\'')
			printf("\\&");
		for (size_t i = 0; i < line; i++)
			write_character(text[i]);
		if (line > 0)
			putchar('\n');
		text += line + (text[line] == '\n');
	}
}

static void write_head(const char *command, const char *summary)
{
	printf(".\\\" Made by 'sessionlint man'.\n"
	       ".TH SESSIONLINT%s",
	       command ? "\\-" : "");
	for (const char *c = command; c && *c; c++)
		putchar(toupper((unsigned char)*c));
	/* no hyphenation: words are meant to be typed */
	printf(" 1 \"\" \"sessionlint %s\" \"User Commands\"\n.nh\n.ad l\n.SH "
	       "NAME\nsessionlint%s%s \\- ",
	       sessionlint_version(), command ? "\\-" : "", command ? command : "");
	write_text(summary);
	printf("\n.SH SYNOPSIS\n");
}

static void write_words(const struct option_words *list)
{
	if (!list)
		return;
	printf("\n.br\n");
	for (unsigned i = 0; list->word_at(i); i++) {
		printf("%s", i > 0 ? ", " : "");
		write_text(list->word_at(i));
	}
}

static void write_option(const struct command *command, const struct option *option)
{
	char room[OPTION_HELP_SIZE];

	printf(".TP\n");
	if (option->letter)
		printf("\\fB\\-%c\\fR, ", option->letter);
	printf("\\fB\\-\\-");
	write_text(option->name);
	printf("\\fR");
	if (option_needs_value(option)) {
		printf("=\\fI");
		write_text(option->argument);
		printf("\\fR");
	} else if (option->argument) {
		/* without its brackets */
		const char *name = option->argument + 1;

		printf("[=\\fI%.*s\\fR]", (int)strlen(name) - 1, name);
	}
	putchar('\n');
	write_text(option_help(command, option, room));
	/* the help text lists the words itself unless they are many */
	if (option->argument && words_of(command, option->id) &&
	    words_of(command, option->id)->suffix)
		write_words(words_of(command, option->id));
	putchar('\n');
}

static void write_command(const struct command *command)
{
	write_head(command->name, command->summary);
	printf("\\fBsessionlint %s\\fR%s ", command->name,
	       command->options[0].name ? " [\\fIOPTIONS\\fR]" : "");
	write_text(command->operands);
	printf("\n.SH DESCRIPTION\n%c", toupper((unsigned char)command->summary[0]));
	write_text(command->summary + 1);
	printf(".\n");
	if (command->details) {
		printf(".PP\n");
		write_paragraphs(command->details);
	}
	/* where logs follow the word, the description explains it */
	if (words_of(command, OPTION_OPERAND) && !strchr(command->operands, ' ')) {
		printf(".PP\n");
		write_text(command->operands);
		printf(" is one of:");
		write_words(words_of(command, OPTION_OPERAND));
		putchar('\n');
	}
	printf(".SH OPTIONS\n");
	for (unsigned i = 0; option_at(command, i); i++)
		write_option(command, option_at(command, i));
	if (options_note(command)) {
		printf(".PP\n");
		write_text(options_note(command));
		putchar('\n');
	}
	if (command->more_help) {
		printf(".PP\n.nf\n");
		command->more_help();
		printf(".fi\n");
	}
	printf(".SH SEE ALSO\n.BR sessionlint (1)\n");
}

static void write_all(void)
{
	write_head(NULL, "check traces of Windows user sessions against the session state machine");
	printf("\\fBsessionlint\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR] ...\n"
	       ".br\n\\fBsessionlint\\fR \\fB\\-\\-help\\fR\n"
	       ".br\n\\fBsessionlint\\fR \\fB\\-\\-version\\fR\n"
	       ".SH DESCRIPTION\n"
	       "Checks recorded traces of Windows user sessions against the published session "
	       "state "
	       "machine\n"
	       "(IO_SESSION_STATE, IO_SESSION_EVENT).\n"
	       ".SH COMMANDS\n");
	for (unsigned i = 0; command_at(i); i++) {
		printf(".TP\n\\fB%s\\fR\n", command_at(i)->name);
		write_text(command_at(i)->summary);
		putchar('\n');
	}
	printf(".SH EXIT STATUS\n0 no findings; 1 findings; 2 the job could not be done.\n"
	       ".SH SEE ALSO\n");
	for (unsigned i = 0; command_at(i); i++)
		printf(".BR sessionlint\\-%s (1)%s\n", command_at(i)->name,
		       command_at(i + 1) ? "," : "");
}

static int run_man(const struct command *command, int count, char **arguments)
{
	int found, status = read_word(command, count, arguments, "page", "command", command_name_at,
				      &found);

	if (status >= 0)
		return status;
	if (found >= 0)
		write_command(command_at((unsigned)found));
	else
		write_all();
	return STATUS_CLEAN;
}

const struct command command_man = {
	.name = "man",
	.operands = "[COMMAND]",
	.summary = "print the manual page of sessionlint or of a command",
	.details = "Installed pages are where man looks for them. Without installation:\n"
		   "\n"
		   "  sessionlint man check | man -l -\n",
	.options = options,
	.words = words,
	.run = run_man,
};
