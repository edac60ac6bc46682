/* SPDX-License-Identifier: MIT */
/*
 * Scripts that let a shell complete the words of a command line, one writer a shell. All they know
 * comes from the tables of commands, options and words; words are letters, digits, '-' and '/'.
 */
#ifndef CLI_COMPLETION_COMPLETION_H
#define CLI_COMPLETION_COMPLETION_H

#include "cli/cli.h"

struct completion_shell {
	const char *name;
	void (*write)(void); /* to standard output */
};

extern const struct completion_shell completion_bash, completion_zsh, completion_fish,
	completion_powershell;

/* Prints the words, each with @behind, and a blank between them. */
void completion_list(const char *(*word_at)(unsigned index), const char *behind);

/* Prints @text with @escape before each of the characters in @special. */
void completion_text(const char *text, const char *special, const char *escape);

#endif
