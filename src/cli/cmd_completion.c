/* SPDX-License-Identifier: MIT */
/* sessionlint completion: scripts for shells, made from the same tables as --help. */
#include <string.h>

#include "cli/completion/completion.h"

static const struct option options[] = { { 0 } };

static const struct completion_shell *const shells[] = {
	&completion_bash,
	&completion_zsh,
	&completion_fish,
	&completion_powershell,
};

static const char *shell_name_at(unsigned index)
{
	return index < sizeof shells / sizeof shells[0] ? shells[index]->name : NULL;
}

static const struct option_words words[] = {
	{ OPTION_OPERAND, shell_name_at, NULL, NULL },
	{ 0 },
};

void completion_list(const char *(*word_at)(unsigned index), const char *suffix)
{
	for (unsigned i = 0; word_at(i); i++)
		printf("%s%s%s", i > 0 ? " " : "", word_at(i), suffix);
}

void completion_text(const char *text, const char *special, const char *escape)
{
	for (; *text; text++)
		printf("%s%c", strchr(special, *text) ? escape : "", *text);
}

static int run_completion(const struct command *command, int count, char **arguments)
{
	int found, status = read_word(command, count, arguments, "shell", "shell", shell_name_at,
				      &found);

	if (status >= 0)
		return status;
	if (found < 0)
		return usage_error(command, "missing shell: bash, zsh, fish or powershell");
	shells[found]->write();
	return STATUS_CLEAN;
}

const struct command command_completion = {
	.name = "completion",
	.operands = "bash|zsh|fish|powershell",
	.summary = "print a script that completes commands, options and their words",
	.details = "Installed scripts are where bash, zsh and fish look for them. Without "
		   "one:\n"
		   "\n"
		   "  bash        eval \"$(sessionlint completion bash)\" in ~/.bashrc\n"
		   "  zsh         sessionlint completion zsh >_sessionlint in a folder of $fpath\n"
		   "  fish        sessionlint completion fish | source in config.fish\n"
		   "  PowerShell  sessionlint completion powershell | Out-String | "
		   "Invoke-Expression in $PROFILE\n",
	.options = options,
	.words = words,
	.run = run_completion,
};
