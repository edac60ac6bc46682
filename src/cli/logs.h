/* SPDX-License-Identifier: MIT */
/* What commands that read logs share: their options, and the walk over the files and folders. */
#ifndef CLI_LOGS_H
#define CLI_LOGS_H

#include "account/account.h"
#include "check/run_totals.h"
#include "cli/cli.h"
#include "cli/skipped_files.h"

/* Greater than the ids of a command's own options. */
enum {
	LOGS_OPTION_START = 1000,
	LOGS_OPTION_SOURCE,
	LOGS_OPTION_POINTER_SIZE,
	LOGS_OPTION_REVERSE,
	LOGS_OPTION_RECOVER,
	LOGS_OPTION_JOIN,
	LOGS_OPTION_REORDER,
	LOGS_OPTION_TOGETHER,
	LOGS_OPTION_WINDOW,
	LOGS_OPTION_ANONYMIZE,
	LOGS_OPTION_JOBS,
};

/* What is a machine. */
enum logs_together {
	LOGS_APART,   /* nothing: each log is judged by itself */
	LOGS_MACHINE, /* all logs together */
	LOGS_FOLDER,  /* the logs of each folder */
	LOGS_COMPUTER,
};

/* The rows of a command's table of options. */
/* clang-format off */
#define LOGS_OPTION_ROWS \
	{ "start", 0, "HOW", "state in which sessions begin: %s", \
	  LOGS_OPTION_START }, \
	{ "source", 0, "NAME", "source of text records without one: %s", \
	  LOGS_OPTION_SOURCE }, \
	{ "pointer-size", 0, "BYTES", "pointer size of the host of the recorded driver: %s", \
	  LOGS_OPTION_POINTER_SIZE }, \
	{ "reverse", 0, NULL, "read a text from its last record to its first (newest first)", \
	  LOGS_OPTION_REVERSE }, \
	{ "recover", 0, NULL, "also read the old records after the end of .evtx logs", \
	  LOGS_OPTION_RECOVER }, \
	{ "join", 0, NULL, "the files are parts of one log: text in the given order, .evtx by EventRecordID", \
	  LOGS_OPTION_JOIN }, \
	{ "reorder", 0, "DURATION", "sort text records without seq by time, if they are at most this late: 500ms, 10s, 2m", \
	  LOGS_OPTION_REORDER }, \
	{ "together", 0, "[HOW]", "make one account of the logs of a machine; what is one: %s", \
	  LOGS_OPTION_TOGETHER }, \
	{ "window", 0, "DURATION", "with --together: all records of a transition lie within it (10s)", \
	  LOGS_OPTION_WINDOW }, \
	{ "anonymize", 0, NULL, "replace users, hosts and addresses; names of files and drivers stay", \
	  LOGS_OPTION_ANONYMIZE }, \
	{ "jobs", 0, "N", "threads that read logs ahead of the check; 1: none (as many as there are processors)", \
	  LOGS_OPTION_JOBS }

/* The rows of its table of words. */
#define LOGS_WORDS_ROWS \
	{ LOGS_OPTION_START, logs_start_name_at, NULL, NULL }, \
	{ LOGS_OPTION_SOURCE, sessionlint_source_name, NULL, NULL }, \
	{ LOGS_OPTION_POINTER_SIZE, logs_pointer_size_at, NULL, NULL }, \
	{ LOGS_OPTION_TOGETHER, logs_together_name_at, NULL, NULL }
/* clang-format on */

const char *logs_start_name_at(unsigned index);
const char *logs_pointer_size_at(unsigned index);
const char *logs_together_name_at(unsigned index);

/* The help on the operands. */
#define LOGS_HELP                                                                                  \
	"FILE is an .evtx log, a text trace (key=value), NDJSON, CSV, or text with lines that "    \
	"are tagged\n"                                                                             \
	"'sessionlint:', as saved by DebugView; '-' is standard input. In a folder, every file "   \
	"that contains a\n"                                                                        \
	"log is read, whatever its name; skipped files are counted and named, hidden ones are "    \
	"ignored.\n"

struct logs {
	const struct command *command;
	enum sessionlint_start start;
	enum sessionlint_source source;
	bool source_is_given;
	bool reverse;
	unsigned pointer_size;
	bool recover;
	bool join;
	uint64_t reorder; /* in 100 ns; 0: do not reorder */
	enum logs_together together;
	uint64_t window; /* in 100 ns */
	bool anonymize;
	unsigned jobs; /* 0: as many as there are processors */
	struct sessionlint *run;
	/* called after each log and each folder, if not NULL */
	void (*on_read)(void *userdata);
	/* called for each file or folder that could not be read, if not NULL */
	void (*on_failed)(void *userdata, const char *path, const char *why);
	void *userdata;
	struct skipped skipped; /* files of a folder that are not logs */
	bool unread;            /* nobody reads the output: stop */
	bool no_memory;         /* less was read of a log than it contains */
	bool failed;            /* something could not be read; this has been reported */
	bool silent;            /* report nothing: the same logs are read once more */
	bool hints;             /* suggest --join if it applies */
	bool hinted;            /* already suggested */
	bool progress;          /* show progress: standard error is a terminal */
	bool shown;             /* a progress line is shown */
	double shown_at;
};

#define LOGS_INIT(for_command)                                                                     \
	{                                                                                          \
		.command = (for_command), .pointer_size = 8, .window = ACCOUNT_WINDOW              \
	}

/* ---- log_options.c ---- */

/* Whether @option is one of these; if so, it is set, and *ret_status is the status. */
bool logs_set_option(struct logs *logs, int option, const char *value, int *ret_status);

/* Begins logs->run with the user's options for logs. -ENOMEM. */
int logs_begin(struct logs *logs);

/* ---- log_progress.c ---- */

/* The progress callback of a run; @userdata is its logs. */
void logs_progress(void *userdata, const char *file, uint64_t done, uint64_t size);

/* Erases the progress line, so that findings can be written. */
void logs_progress_clear(struct logs *logs);

/* ---- log_overwrite.c ---- */

/* Whether the file at @path is a log that the operands name, standard input included, or is in a
 * folder that they name: then a report must not overwrite it. */
bool logs_contain(char *const *operands, int count, const char *path);

/* ---- logs.c ---- */

/* Checks what the @count operands name (files, folders or '-') with logs->run: each file as a log,
 * or all as one. */
void logs_check(struct logs *logs, char *const *operands, int count);

/* What a run calls; members can be NULL. */
struct logs_listener {
	/* once, before the first log: to set more */
	void (*begun)(void *userdata, struct sessionlint *run);
	sessionlint_report_callback *finding;
	sessionlint_observe_callback *step;
	sessionlint_annotate_callback *annotation;
	/* once, after the last log */
	void (*ended)(void *userdata, const struct sessionlint *run);
};

/* Checks what the @count arguments name, calls @listener, and reports how many records could not be
 * read. -ENOMEM. */
int logs_listen(struct logs *logs, char *const *arguments, int count,
		const struct logs_listener *listener, void *userdata,
		struct run_totals *ret_totals);

/*
 * Checks what the @count arguments name, calls @observe for each step, and reports how many records
 * could not be read. -ENOMEM.
 */
int logs_observe(struct logs *logs, char *const *arguments, int count,
		 sessionlint_observe_callback *observe, void *userdata,
		 struct run_totals *ret_totals);

/* The name of an operand in findings. */
const char *logs_name(const char *operand);

/* Reports an error with a file; the job has failed. */
void logs_complain(struct logs *logs, const char *path, const char *what);

#endif
