/* SPDX-License-Identifier: MIT */
#include "cli/completion/completion.h"

/*
 * bash breaks words at = and :, so the script takes the line apart by itself, and gives back only
 * what stands behind the last of them. Where it has nothing to offer, bash completes files.
 */
static const char head[] =
	"# Completion of sessionlint for bash; made by 'sessionlint completion bash'.\n"
	"_sessionlint()\n"
	"{\n"
	"\tlocal IFS=$' \\t\\n' line=${COMP_LINE:0:COMP_POINT}\n"
	"\tlocal current value option='' prefix='' list='' behind='' rest='' mark broken=''\n"
	"\tlocal -a words\n"
	"\n"
	"\tCOMPREPLY=()\n"
	"\tbuiltin read -ra words <<<\"$line\"\n"
	"\t[[ $line == *[[:space:]] ]] && words+=('')\n"
	"\tcurrent=${words[${#words[@]} - 1]} value=$current\n"
	"\tif ((${#words[@]} > 2)); then\n"
	"\t\toption=${words[${#words[@]} - 2]}\n"
	"\tfi\n"
	"\tif [[ $current == --*=* ]]; then\n"
	"\t\toption=${current%%=*} prefix=${current%%=*}= value=${current#*=}\n"
	"\telif [[ $current == -* ]]; then\n"
	"\t\toption=-\n"
	"\tfi\n"
	"\tif ((${#words[@]} <= 2)); then\n"
	"\t\tlist='";

static const char tail[] =
	"\t\tesac\n"
	"\tfi\n"
	"\tif [[ $behind && $value == *\"$behind\"* ]]; then\n"
	"\t\tprefix+=${value%%\"$behind\"*}$behind value=${value#*\"$behind\"} list=$rest\n"
	"\telif [[ $behind ]]; then\n"
	"\t\tlist=\"${list// /$behind }$behind\"\n"
	"\tfi\n"
	"\tfor mark in = :; do\n"
	"\t\tif [[ $COMP_WORDBREAKS == *\"$mark\"* && $prefix == *\"$mark\"* ]]; then\n"
	"\t\t\tmark=${prefix%\"${prefix##*\"$mark\"}\"}\n"
	"\t\t\t((${#mark} > ${#broken})) && broken=$mark\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tCOMPREPLY=($(compgen -P \"${prefix#\"$broken\"}\" -W \"$list\" -- \"$value\"))\n"
	"\tif [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=:] ]]; then\n"
	"\t\tcompopt -o nospace 2>/dev/null\n"
	"\tfi\n"
	"\treturn 0\n"
	"}\n"
	"complete -o default -F _sessionlint sessionlint\n";

static void write_pattern(const struct command *command, const struct option *option)
{
	printf("\t\t\"%s --%s\"", command->name, option->name);
	if (option->letter)
		printf(" | \"%s -%c\"", command->name, option->letter);
	printf(") ");
}

static void write_list(const struct option_words *words)
{
	printf("list='");
	completion_list(words->word_at, "");
	putchar('\'');
	if (words->behind)
		printf(" behind='%s'", words->behind);
	if (words->rest_at) {
		printf(" rest='");
		completion_list(words->rest_at, "");
		putchar('\'');
	}
	printf(" ;;\n");
}

static void write_command(const struct command *command)
{
	const struct option_words *words;

	for (unsigned i = 0; option_at(command, i); i++) {
		const struct option *option = option_at(command, i);

		if (!option->argument)
			continue;
		write_pattern(command, option);
		words = words_of(command, option->id);
		if (words)
			write_list(words);
		else
			printf(";;\n");
	}
	printf("\t\t\"%s -\") list='", command->name);
	for (unsigned i = 0; option_at(command, i); i++)
		printf("%s--%s%s", i > 0 ? " " : "", option_at(command, i)->name,
		       option_at(command, i)->argument ? "=" : "");
	printf("' ;;\n");
	words = words_of(command, OPTION_OPERAND);
	if (words) {
		printf("\t\t\"%s \"*) ", command->name);
		write_list(words);
	}
}

static void write_bash(void)
{
	fputs(head, stdout);
	completion_list(command_name_at, "");
	printf(" --help --version'\n"
	       "\telse\n"
	       "\t\tcase \"${words[1]} $option\" in\n");
	for (unsigned i = 0; command_at(i); i++)
		write_command(command_at(i));
	fputs(tail, stdout);
}

const struct completion_shell completion_bash = { "bash", write_bash };
