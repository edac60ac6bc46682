/* SPDX-License-Identifier: MIT */
#include "cli/completion/completion.h"

#include <string.h>

static const char head[] =
	"#compdef sessionlint\n"
	"# Completion of sessionlint for zsh; made by 'sessionlint completion zsh'.\n"
	"\n"
	"# What stands before the mark, or behind it: mark, words, words behind it (none: a file)\n"
	"_sessionlint_pair()\n"
	"{\n"
	"\tif compset -P \"*$1\"; then\n"
	"\t\tif [[ -n $3 ]]; then compadd -- ${=3}; else _files; fi\n"
	"\telse\n"
	"\t\tcompadd -S \"$1\" -- ${=2}\n"
	"\tfi\n"
	"}\n"
	"\n"
	"_sessionlint()\n"
	"{\n"
	"\tlocal curcontext=$curcontext state line\n"
	"\tlocal -a commands\n"
	"\ttypeset -A opt_args\n"
	"\n"
	"\tcommands=(\n";

static const char middle[] = "\t)\n"
			     "\t_arguments -C \\\n"
			     "\t\t'(- *)'{-h,--help}'[the commands]' \\\n"
			     "\t\t'(- *)'{-V,--version}'[the version]' \\\n"
			     "\t\t'1:command:->command' \\\n"
			     "\t\t'*::argument:->argument' && return\n"
			     "\tcase $state in\n"
			     "\tcommand)\n"
			     "\t\t_describe -t commands command commands\n"
			     "\t\t;;\n"
			     "\targument)\n"
			     "\t\tcase $line[1] in\n";

static const char tail[] = "\t\tesac\n"
			   "\t\t;;\n"
			   "\tesac\n"
			   "}\n"
			   "\n"
			   "# read by eval it is to be told what it is for, from $fpath it is run\n"
			   "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
			   "\t_sessionlint \"$@\"\n"
			   "else\n"
			   "\tcompdef _sessionlint sessionlint\n"
			   "fi\n";

/* What a description in single quotes and brackets, or a message between colons, cannot hold. */
static void write_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			printf("'\\''");
		else
			printf("%s%c", strchr("[]:\\", *text) ? "\\" : "", *text);
	}
}

/* ":what it is:how it is completed" */
static void write_action(const char *what, const struct option_words *words)
{
	putchar(':');
	write_text(what);
	putchar(':');
	if (!words) {
		printf("%s", strstr(what, "FILE") || strstr(what, "PATH") ? "_files" : " ");
		return;
	}
	if (words->behind) {
		printf(" _sessionlint_pair \\%s \"", words->behind);
		completion_list(words->word_at, "");
		printf("\" \"");
		if (words->rest_at)
			completion_list(words->rest_at, "");
		putchar('"');
		return;
	}
	putchar('(');
	completion_list(words->word_at, "");
	putchar(')');
}

static void write_option(const struct command *command, const struct option *option)
{
	const char *value = option->argument ? "=" : "";

	printf(" \\\n\t\t\t\t");
	if (option->letter)
		printf("'*'{-%c%s,--%s%s}'[", option->letter, option->argument ? "+" : "",
		       option->name, value);
	else
		printf("'*--%s%s[", option->name, value);
	write_text(option->help);
	putchar(']');
	if (option->argument)
		write_action(option->argument, words_of(command, option->id));
	putchar('\'');
}

static void write_command(const struct command *command)
{
	printf("\t\t%s)\n\t\t\t_arguments -s -S", command->name);
	for (unsigned i = 0; option_at(command, i); i++)
		write_option(command, option_at(command, i));
	printf(" \\\n\t\t\t\t'*");
	write_action(command->operands, words_of(command, OPTION_OPERAND));
	printf("'\n\t\t\t;;\n");
}

static void write_zsh(void)
{
	fputs(head, stdout);
	for (unsigned i = 0; command_at(i); i++) {
		printf("\t\t'%s:", command_at(i)->name);
		completion_text(command_at(i)->summary, "'", "'\\'");
		printf("'\n");
	}
	fputs(middle, stdout);
	for (unsigned i = 0; command_at(i); i++)
		write_command(command_at(i));
	fputs(tail, stdout);
}

const struct completion_shell completion_zsh = { "zsh", write_zsh };
