/* SPDX-License-Identifier: MIT */
/* The command line: a table of commands, each with a table of options, from which help is made. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

enum exit_status {
	STATUS_CLEAN = 0,
	STATUS_FINDINGS = 1,
	STATUS_FAILED = 2, /* the job could not be done */
};

/* An option. The table of a command ends with one without a name. */
struct option {
	const char *name; /* without the dashes */
	char letter;      /* or 0 */
	/* name of its value, as help shows it; NULL: it takes none; beginning with "[": it can be
	 * given without one, and takes one only after "=" */
	const char *argument;
	/* "%s" in it stands for the words that it accepts, of which the first is the default; "%w",
	 * if none is: see option_help() */
	const char *help;
	int id;
};

/* The words that an option accepts, or with OPTION_OPERAND the operands. A table ends with a row
 * without word_at. */
struct option_words {
	int id;
	const char *(*word_at)(unsigned index);
	const char *suffix; /* separates the word from what follows, as in NAME=SEVERITY */
	const char *(*rest_at)(unsigned index); /* the words that can follow; NULL: any */
};

struct command {
	const char *name;
	const char *operands; /* as help shows them */
	const char *summary;
	const char *details; /* paragraphs of its help */
	const struct option *options;
	const struct option_words *words; /* NULL: no fixed words */
	void (*more_help)(void); /* prints the part of the help after the options; NULL: nothing */
	int (*run)(const struct command *command, int count, char **arguments);
};

extern const struct command command_check, command_baseline, command_coverage, command_rules,
	command_explain, command_model, command_diagram, command_diff, command_timeline,
	command_completion, command_man;

/* The commands; NULL after the last. */
const struct command *command_at(unsigned index);

#define OPTION_HELP    (-2)
#define OPTION_OPERAND (-3)
#define OPTION_END     (-1)

/* A walk over the arguments of a command. */
struct arguments {
	const struct command *command;
	int count, at;
	char **list;
	const char *value; /* of the last option, or the last operand; NULL: it has none */
	const char *rest;  /* remaining letters in one argument */
	bool operands_only;
};

/*
 * Reads the next argument. Returns the id of an option, OPTION_OPERAND, OPTION_HELP or OPTION_END.
 * An unknown option is reported, with a suggestion: then the result is below OPTION_OPERAND.
 */
int arguments_next(struct arguments *arguments);

/*
 * Reads all arguments. Options are passed to @set, which returns STATUS_CLEAN or the status to exit
 * with. Operands are stored in @operands, which has room for all, and counted in *ret_count; if
 * @operands is NULL they are passed to @set too. Returns -1 to continue, or a status to exit with.
 */
int arguments_read(struct arguments arguments,
		   int (*set)(void *userdata, int option, const char *value), void *userdata,
		   char **operands, int *ret_count);

/* Prints an error, with a pointer to the help of @command, and returns STATUS_FAILED. */
__attribute__((format(printf, 2, 3))) int usage_error(const struct command *command,
						      const char *format, ...);

/* Makes such errors begin with the place in a file that the words come from; NULL: no longer. */
void usage_place(const char *path, unsigned line);

/* Prints an error about @path: "sessionlint: PATH: WHAT". STATUS_FAILED. */
int path_error(const char *path, const char *what);

/* Writes the file @path as a whole, or leaves the old one; NULL or "-": standard output. @write
 * returns 0 or a negative errno. Prints an error if that fails. Returns a status. */
int write_path(const char *path, int (*write)(FILE *file, const void *data), const void *data);

/* Prints that memory ran out. STATUS_FAILED. */
int out_of_memory(void);

/* Prints that @word is not among the words that @name_at lists, and suggests a similar one, or all
 * if they are few. STATUS_FAILED. */
int unknown_word(const struct command *command, const char *what, const char *word,
		 const char *(*name_at)(unsigned index));

/* The index of @word among those that @name_at lists, or -1 after such an error. */
int word_find(const struct command *command, const char *what, const char *word,
	      const char *(*name_at)(unsigned index));

/* The names of the rules, followed by the short names: the part after the slash. */
const char *rule_word_at(unsigned index);

/* The options of @command, followed by --help; NULL after that. */
const struct option *option_at(const struct command *command, unsigned index);

/* Whether an option needs a value. */
static inline bool option_needs_value(const struct option *option)
{
	return option->argument && option->argument[0] != '[';
}

/* Writes an option and its value as help shows them: "--name=VALUE" or "--name[=VALUE]". */
void option_name(const struct option *option, char *name, size_t size);

#define OPTION_HELP_SIZE 256

/* The help of @option, in which "%s" is replaced by the words that it accepts: "a (default), b or
 * c"; "%w": "a, b or c". Uses @room if it has to. */
const char *option_help(const struct command *command, const struct option *option,
			char room[OPTION_HELP_SIZE]);

/* The note on options that are given more than once; NULL if no option takes a value. */
const char *options_note(const struct command *command);

/* The words for an option or for the operands of @command; NULL if they are not fixed. */
const struct option_words *words_of(const struct command *command, int id);

/* The names of the commands; NULL after the last. */
const char *command_name_at(unsigned index);

/*
 * Reads the command line of a command without options of its own and with at most one operand, a
 * @what among those that @name_at lists: *ret_found is its index, or -1. If there are two, the
 * error says that only one @noun can be given. Returns -1 to continue, or a status to exit with.
 */
int read_word(const struct command *command, int count, char **arguments, const char *noun,
	      const char *what, const char *(*name_at)(unsigned index), int *ret_found);

int command_help(const struct command *command);

/* Whether to use colours on @file, by --color=@when or by the terminal and NO_COLOR. */
bool color_wanted(const char *when, FILE *file);

#endif
