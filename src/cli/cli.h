/* SPDX-License-Identifier: MIT */
/* The command line: a table of commands, each with a table of options, from which help is made. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

enum exit_status {
	STATUS_CLEAN = 0,
	STATUS_FINDINGS = 1,
	STATUS_FAILED = 2, /* could not do the job */
};

/* One option. The table of a command ends with one that has no name. */
struct option {
	const char *name;     /* without the dashes */
	char letter;          /* or 0 */
	const char *argument; /* what it takes, as help shows it; NULL: nothing */
	const char *help;
	int id;
};

/* The words that an option takes, or with OPTION_OPERAND the operands. A table of them ends with
 * one that has no word_at. */
struct option_words {
	int id;
	const char *(*word_at)(unsigned index);
	const char *behind; /* stands behind the word if more follows it, as in NAME=SEVERITY */
	const char *(*rest_at)(unsigned index); /* the words of that; NULL: any */
};

struct command {
	const char *name;
	const char *operands; /* as help shows them */
	const char *summary;
	const char *details; /* paragraphs of its help */
	const struct option *options;
	const struct option_words *words; /* NULL: none that are fixed */
	void (*more_help)(void); /* prints what help says behind the options; NULL: nothing */
	int (*run)(const struct command *command, int count, char **arguments);
};

extern const struct command command_check, command_baseline, command_coverage, command_rules,
	command_explain, command_model, command_diagram, command_diff, command_completion,
	command_man;

/* The commands; NULL behind the last. */
const struct command *command_at(unsigned index);

#define OPTION_HELP    (-2)
#define OPTION_OPERAND (-3)
#define OPTION_END     (-1)

/* A walk over the arguments of a command. */
struct arguments {
	const struct command *command;
	int count, at;
	char **list;
	const char
		*value;   /* of the option, or the operand, that was read last; NULL: it has none */
	const char *rest; /* of letters in one argument */
	bool operands_only;
};

/*
 * Reads the next argument: the id of an option, OPTION_OPERAND, OPTION_HELP, or OPTION_END. A wrong
 * one is complained of, with a near one: then the result is below OPTION_OPERAND.
 */
int arguments_next(struct arguments *arguments);

/*
 * Reads all of them: options are given to @set, which returns STATUS_CLEAN or what to end with.
 * Operands go to @operands, which has room for all, and are counted in *ret_count; without it they
 * are given to @set too. Returns -1 to go on, or a status to end with.
 */
int arguments_read(struct arguments arguments,
		   int (*set)(void *userdata, int option, const char *value), void *userdata,
		   char **operands, int *ret_count);

/* Complains on standard error, names the help of @command, and returns STATUS_FAILED. */
__attribute__((format(printf, 2, 3))) int usage_error(const struct command *command,
						      const char *format, ...);

/* Lets such complaints begin with a place in a file, from which their words come; NULL: no more. */
void usage_place(const char *path, unsigned line);

/* Complains of what is at @path: "sessionlint: PATH: WHAT". STATUS_FAILED. */
int path_error(const char *path, const char *what);

/* Complains that memory is short. STATUS_FAILED. */
int out_of_memory(void);

/* Complains that @word is none of the words that @name_at lists, and names a near one, or all if
 * they are few. STATUS_FAILED. */
int unknown_word(const struct command *command, const char *what, const char *word,
		 const char *(*name_at)(unsigned index));

/* The index of @word among those that @name_at lists, or -1 after such a complaint. */
int word_find(const struct command *command, const char *what, const char *word,
	      const char *(*name_at)(unsigned index));

/* The names of the rules, and behind them what stands behind the slash in each. */
const char *rule_word_at(unsigned index);

/* The options of @command and behind them --help; NULL behind that. */
const struct option *option_at(const struct command *command, unsigned index);

/* What is to be said of options that are given more than once; NULL where none takes a value. */
const char *options_note(const struct command *command);

/* The words for an option or for the operands of @command; NULL: they are not fixed. */
const struct option_words *words_of(const struct command *command, int id);

/* The names of the commands; NULL behind the last. */
const char *command_name_at(unsigned index);

/*
 * Reads the command line of a command that has no options of its own and at most one operand, a
 * @what of those that @name_at lists: *ret_found is its index, or -1. Of two it says that it takes
 * one @noun. Returns -1 to go on, or a status to end with.
 */
int read_word(const struct command *command, int count, char **arguments, const char *noun,
	      const char *what, const char *(*name_at)(unsigned index), int *ret_found);

int command_help(const struct command *command);

/* Whether colours are wanted on @file: --color=@when, or what the terminal and NO_COLOR say. */
bool color_wanted(const char *when, FILE *file);

#endif
