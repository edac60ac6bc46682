/* SPDX-License-Identifier: MIT */
/*
 * Scripts with which a shell completes command lines; one writer per shell. They are made from the
 * tables of commands, options and words; words consist of letters, digits, '-' and '/'.
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

/* Prints the words, each followed by @suffix, separated by spaces. */
void completion_list(const char *(*word_at)(unsigned index), const char *suffix);

/* Prints @text with @escape before each of the characters in @special. */
void completion_text(const char *text, const char *special, const char *escape);

#endif
