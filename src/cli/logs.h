/* SPDX-License-Identifier: MIT */
/* Commands that read logs: the options that say how, and the walk over what the user names. */
#ifndef CLI_LOGS_H
#define CLI_LOGS_H

#include "cli/cli.h"
#include "cli/passed.h"
#include "sessionlint.h"

/* Above the ids of a command's own options. */
enum {
	LOGS_OPTION_START = 1000,
	LOGS_OPTION_SOURCE,
	LOGS_OPTION_POINTER_SIZE,
	LOGS_OPTION_REVERSE,
	LOGS_OPTION_RECOVER,
	LOGS_OPTION_JOIN,
	LOGS_OPTION_REORDER,
};

/* The rows of a command's table of options. */
/* clang-format off */
#define LOGS_OPTION_ROWS \
	{ "start", 0, "HOW", "sessions begin: auto (default), initialized, unknown", \
	  LOGS_OPTION_START }, \
	{ "source", 0, "NAME", "of text records without one: wdm (default), wts, sens, lsm, winlogon", \
	  LOGS_OPTION_SOURCE }, \
	{ "pointer-size", 0, "BYTES", "of the host whose driver was recorded: 8 (default) or 4", \
	  LOGS_OPTION_POINTER_SIZE }, \
	{ "reverse", 0, NULL, "read text from its last record to its first: a log that is newest first", \
	  LOGS_OPTION_REVERSE }, \
	{ "recover", 0, NULL, "read also the old records after the end of .evtx logs", \
	  LOGS_OPTION_RECOVER }, \
	{ "join", 0, NULL, "the files are parts of one log: text in the order given, .evtx by EventRecordID", \
	  LOGS_OPTION_JOIN }, \
	{ "reorder", 0, "DURATION", "put text records without seq in order by time, if they are so late: 500ms, 10s, 2m", \
	  LOGS_OPTION_REORDER }

/* The rows of its table of words. */
#define LOGS_WORDS_ROWS \
	{ LOGS_OPTION_START, logs_start_name_at, NULL, NULL }, \
	{ LOGS_OPTION_SOURCE, sessionlint_source_name, NULL, NULL }, \
	{ LOGS_OPTION_POINTER_SIZE, logs_pointer_size_at, NULL, NULL }
/* clang-format on */

const char *logs_start_name_at(unsigned index);
const char *logs_pointer_size_at(unsigned index);

/* What help says of the operands. */
#define LOGS_HELP                                                                                  \
	"FILE is an .evtx log, a text trace (key=value), NDJSON, CSV, or text with lines that "    \
	"are tagged\n"                                                                             \
	"'sessionlint:', as in what DebugView saves; '-' is standard input. In a folder, each "    \
	"file that holds\n"                                                                        \
	"a log is read, whatever its name; files that are passed over are counted and named, "     \
	"hidden ones\n"                                                                            \
	"are left out.\n"

struct logs {
	const struct command *command;
	enum sessionlint_start start;
	enum sessionlint_source source;
	bool source_is_given;
	bool reverse;
	unsigned pointer_size;
	bool recover;
	bool join;
	uint64_t reorder; /* in 100 ns; 0: not */
	struct sessionlint *run;
	/* called behind each log, if not NULL: whether it was read in full; with the run's userdata
	 */
	void (*on_read)(void *userdata, const char *path, bool whole);
	/* called for each file or folder that is complained of, if not NULL */
	void (*on_failed)(void *userdata, const char *path, const char *why);
	void *userdata;
	struct passed passed; /* files of a folder that are no logs */
	bool unread;          /* nobody reads what is written: there is nothing to go on for */
	bool no_memory;       /* what was read of a log is not what it holds */
	bool failed;          /* something could not be read, and that has been said */
	bool hints;           /* the user may like to know of --join */
	bool hinted;          /* and has been told */
	bool progress; /* standard error is a terminal, and the user may like to see how it goes */
	bool shown;    /* a line of progress stands there */
	double shown_at;
};

#define LOGS_INIT(for_command)                                                                     \
	{                                                                                          \
		.command = (for_command), .pointer_size = 8                                        \
	}

/* Whether @option is one of these; if so, *ret_status is what setting it came to. */
bool logs_set_option(struct logs *logs, int option, const char *value, int *ret_status);

/* The library's options: its defaults, and what the user said of logs. */
void logs_options(const struct logs *logs, bool strict, struct sessionlint_options *ret_options);

/* Checks what the @count operands name, files, folders or '-', with logs->run: each file as a log,
 * or all as one. */
void logs_check(struct logs *logs, char *const *operands, int count);

/*
 * Checks all that the @count arguments name, tells @observe of each step, and says how many records
 * could not be read. -ENOMEM.
 */
int logs_observe(struct logs *logs, char *const *arguments, int count,
		 void (*observe)(void *userdata, const struct sessionlint_step *step),
		 void *userdata, struct sessionlint_totals *ret_totals);

/* Whether the file at @path is a log that the operands name, standard input included, or lies in a
 * folder that they name: then a report there would overwrite it. */
bool logs_read(char *const *operands, int count, const char *path);

/* How findings call what an operand names. */
const char *logs_name(const char *operand);

/* Complains of a file; the job has failed. */
void logs_complain(struct logs *logs, const char *path, const char *what);

/* What options.progress is told. */
void logs_progress(struct logs *logs, const char *file, uint64_t done, uint64_t size);

/* Findings and progress share a terminal line: makes room. */
void logs_progress_clear(struct logs *logs);

#endif
