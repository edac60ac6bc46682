/* SPDX-License-Identifier: MIT */
#include "cli/completion/completion.h"

static const char head[] =
	"# Completion of sessionlint for PowerShell; made by 'sessionlint completion powershell'.\n"
	"Register-ArgumentCompleter -Native -CommandName 'sessionlint', 'sessionlint.exe' "
	"-ScriptBlock {\n"
	"\tparam($wordToComplete, $commandAst, $cursorPosition)\n"
	"\n"
	"\t# by command and option, with - for the options and '' for the operands: a word and "
	"what it means\n"
	"\t$table = @{\n";

/* Where nothing is offered, PowerShell completes files. */
static const char tail[] =
	"\t}\n"
	"\n"
	"\t$words = @($commandAst.CommandElements |\n"
	"\t\tWhere-Object { $_.Extent.EndOffset -lt $cursorPosition } |\n"
	"\t\tForEach-Object { $_.ToString() })\n"
	"\t$current = \"$wordToComplete\"\n"
	"\t$prefix = ''\n"
	"\tif ($words.Count -le 1) {\n"
	"\t\t$list = $table['']\n"
	"\t} elseif ($current -match '^(--[a-z-]+=)(.*)$') {\n"
	"\t\t$prefix = $Matches[1]\n"
	"\t\t$list = $table[$words[1] + ' ' + $prefix.TrimEnd('=')]\n"
	"\t} elseif ($current.StartsWith('-')) {\n"
	"\t\t$list = $table[$words[1] + ' -']\n"
	"\t} elseif ($words.Count -gt 2 -and $table.ContainsKey($words[1] + ' ' + $words[-1])) {\n"
	"\t\t$list = $table[$words[1] + ' ' + $words[-1]]\n"
	"\t} else {\n"
	"\t\t$list = $table[$words[1] + ' ']\n"
	"\t}\n"
	"\tforeach ($pair in $list) {\n"
	"\t\t$word, $says = $pair -split '\\|', 2\n"
	"\t\tif (($prefix + $word).StartsWith($current)) {\n"
	"\t\t\tif (-not $says) { $says = $word }\n"
	"\t\t\t[System.Management.Automation.CompletionResult]::new($prefix + $word, $word, "
	"'ParameterValue', $says)\n"
	"\t\t}\n"
	"\t}\n"
	"}\n";

/* Each word, or each pair of a word and one of those behind it. */
static void write_words(const struct option_words *words)
{
	const char *behind = words->behind ? words->behind : "";

	printf("@(");
	for (unsigned i = 0; words->word_at(i); i++) {
		printf("%s", i > 0 ? ", " : "");
		if (!words->rest_at)
			printf("'%s%s'", words->word_at(i), behind);
		for (unsigned j = 0; words->rest_at && words->rest_at(j); j++)
			printf("%s'%s%s%s'", j > 0 ? ", " : "", words->word_at(i), behind,
			       words->rest_at(j));
	}
	printf(")\n");
}

static void write_row(const char *word, const char *behind, const char *says)
{
	printf("\t\t\t'%s%s|", word, behind);
	completion_text(says, "'", "'");
	printf("'\n");
}

static void write_command(const struct command *command)
{
	const struct option_words *words = words_of(command, OPTION_OPERAND);

	if (words) {
		printf("\t\t'%s ' = ", command->name);
		write_words(words);
	}
	printf("\t\t'%s -' = @(\n", command->name);
	for (unsigned i = 0; option_at(command, i); i++) {
		char name[64];

		snprintf(name, sizeof name, "--%s", option_at(command, i)->name);
		write_row(name, option_at(command, i)->argument ? "=" : "",
			  option_at(command, i)->help);
	}
	printf("\t\t)\n");
	for (unsigned i = 0; option_at(command, i); i++) {
		const struct option *option = option_at(command, i);

		words = words_of(command, option->id);
		if (!words)
			continue;
		printf("\t\t'%s --%s' = ", command->name, option->name);
		write_words(words);
		if (!option->letter)
			continue;
		printf("\t\t'%s -%c' = ", command->name, option->letter);
		write_words(words);
	}
}

static void write_powershell(void)
{
	fputs(head, stdout);
	printf("\t\t'' = @(\n");
	for (unsigned i = 0; command_at(i); i++)
		write_row(command_at(i)->name, "", command_at(i)->summary);
	write_row("--help", "", "the commands");
	write_row("--version", "", "the version");
	printf("\t\t)\n");
	for (unsigned i = 0; command_at(i); i++)
		write_command(command_at(i));
	fputs(tail, stdout);
}

const struct completion_shell completion_powershell = { "powershell", write_powershell };
