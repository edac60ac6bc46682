/* SPDX-License-Identifier: MIT */
#include "cli/completion/completion.h"

#include <string.h>

static const char head[] =
	"# Completion of sessionlint for fish; made by 'sessionlint completion fish'.\n"
	"\n"
	"# Whether the command is that one; without one: whether there is none yet.\n"
	"function __sessionlint_at\n"
	"\tset -l words (commandline -opc)\n"
	"\tif set -q argv[1]\n"
	"\t\ttest \"$words[2]\" = $argv[1]\n"
	"\telse\n"
	"\t\ttest (count $words) -le 1\n"
	"\tend\n"
	"end\n"
	"\n"
	"complete -c sessionlint -n __sessionlint_at -f\n"
	"complete -c sessionlint -n __sessionlint_at -s h -l help -d 'the commands'\n"
	"complete -c sessionlint -n __sessionlint_at -s V -l version -d 'the version'\n";

/* In braces, fish makes each pair of a word and one of those behind it. */
static void write_words(const struct option_words *words)
{
	printf(" -a '");
	if (words->rest_at) {
		putchar('{');
		for (unsigned i = 0; words->word_at(i); i++)
			printf("%s%s", i > 0 ? "," : "", words->word_at(i));
		printf("}%s{", words->behind);
		for (unsigned i = 0; words->rest_at(i); i++)
			printf("%s%s", i > 0 ? "," : "", words->rest_at(i));
		putchar('}');
	} else {
		completion_list(words->word_at, words->behind ? words->behind : "");
	}
	putchar('\'');
}

static void write_option(const struct command *command, const struct option *option)
{
	const struct option_words *words = words_of(command, option->id);

	printf("complete -c sessionlint -n '__sessionlint_at %s'", command->name);
	if (option->letter)
		printf(" -s %c", option->letter);
	printf(" -l %s", option->name);
	if (option->argument) {
		/* a file may follow the word */
		bool file = strstr(option->argument, "FILE") || strstr(option->argument, "PATH");

		printf(" %s", file ? "-r -F" : "-x");
	}
	if (words)
		write_words(words);
	printf(" -d '");
	completion_text(option->help, "\\'", "\\");
	printf("'\n");
}

static void write_command(const struct command *command)
{
	const struct option_words *words = words_of(command, OPTION_OPERAND);

	printf("\ncomplete -c sessionlint -n __sessionlint_at -a %s -d '", command->name);
	completion_text(command->summary, "\\'", "\\");
	printf("'\n");
	if (words) {
		printf("complete -c sessionlint -n '__sessionlint_at %s' -f", command->name);
		write_words(words);
		putchar('\n');
	}
	for (unsigned i = 0; option_at(command, i); i++)
		write_option(command, option_at(command, i));
}

static void write_fish(void)
{
	fputs(head, stdout);
	for (unsigned i = 0; command_at(i); i++)
		write_command(command_at(i));
}

const struct completion_shell completion_fish = { "fish", write_fish };
