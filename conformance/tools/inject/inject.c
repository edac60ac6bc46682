/* SPDX-License-Identifier: MIT */
/*
 * Runs the command again and again, and lets one more call of a kind fail each time, kind by kind.
 * Each run must end as the untouched one does, with the same output, or with 2, a message, and the
 * older file in its place.
 *
 *	inject MOST FILE OLD INPUT ARGUMENTS...
 *
 * FILE is what the arguments write, or -; OLD holds what is there before; INPUT is standard input.
 * Of more than MOST calls of a kind, as many are tried, from the first to the last; 0: all. A line
 * for each failure, and one for each kind: "KIND CALLS RUNS FAILURES".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"

#define FAILED     2
#define TEXT_MAX   ((size_t)32 << 20)
#define SECONDS    30
#define COMPLAINTS 8
#define SHOWN      160

/* Tests of the command's own memory are tests of their own. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:exitcode=99:allocator_may_return_null=1";
}

static const struct {
	const char *name;
	enum fault_kind kind;
	int error;
	bool for_good;
} kinds[] = {
	{ "memory", FAULT_MEMORY, ENOMEM, false },    { "no-memory", FAULT_MEMORY, ENOMEM, true },
	{ "read", FAULT_READ, EIO, false },           { "bad-read", FAULT_READ, EBADMSG, false },
	{ "empty-read", FAULT_READ, ENODATA, false }, { "write", FAULT_WRITE, ENOSPC, false },
	{ "no-room", FAULT_WRITE, ENOSPC, true },     { "open", FAULT_OPEN, EMFILE, false },
	{ "close", FAULT_CLOSE, EIO, false },         { "rename", FAULT_RENAME, EIO, false },
	{ "status", FAULT_STATUS, EIO, false },
};

struct text {
	char *bytes;
	size_t size;
};

struct outcome {
	int status; /* as wait() has it */
	struct text out, err, file;
	bool beside; /* something lies beside the file */
};

struct job {
	const char *file, *folder; /* NULL: nothing is written */
	struct text old;
	const char *input;
	int count;
	char **arguments;
	int out, err;
};

int __real_main(int count, char **arguments);
int __wrap_main(int count, char **arguments);

static void die(const char *what)
{
	perror(what);
	exit(3);
}

/* ---- files ---- */

static struct text text_read(int descriptor)
{
	struct stat status;
	struct text text = { 0 };

	if (fstat(descriptor, &status) < 0 || (size_t)status.st_size > TEXT_MAX)
		die("a file that is read");
	text.bytes = malloc((size_t)status.st_size + 1);
	if (!text.bytes)
		die("memory");
	while (text.size < (size_t)status.st_size) {
		ssize_t got = pread(descriptor, text.bytes + text.size,
				    (size_t)status.st_size - text.size, (off_t)text.size);

		if (got <= 0)
			break;
		text.size += (size_t)got;
	}
	text.bytes[text.size] = '\0';
	return text;
}

static struct text text_load(const char *path)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	struct text text = { 0 };

	if (descriptor < 0)
		return text;
	text = text_read(descriptor);
	close(descriptor);
	return text;
}

static bool text_equal(struct text a, struct text b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

/* Puts the older file back, or takes away what a run has made. */
static void restore(const struct job *job)
{
	int descriptor;

	if (!job->file)
		return;
	unlink(job->file);
	if (!job->old.bytes)
		return;
	descriptor = open(job->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (descriptor < 0 ||
	    write(descriptor, job->old.bytes, job->old.size) != (ssize_t)job->old.size)
		die(job->file);
	close(descriptor);
}

/* How many files the folder of the file has, which is one of its own. */
static unsigned count_files(const char *folder)
{
	DIR *list = opendir(folder);
	const struct dirent *entry;
	unsigned count = 0;

	if (!list)
		die(folder);
	while ((entry = readdir(list)))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(list);
	return count;
}

/* ---- runs ---- */

static void run_child(const struct job *job)
{
	int input = open(job->input, O_RDONLY);

	if (input < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(job->out, STDOUT_FILENO) < 0 ||
	    dup2(job->err, STDERR_FILENO) < 0)
		_exit(98);
	close(input);
	alarm(SECONDS);
	fault_begin();
	exit(__real_main(job->count, job->arguments));
}

static void run(const struct job *job, struct outcome *ret_outcome)
{
	pid_t child;

	if (ftruncate(job->out, 0) < 0 || ftruncate(job->err, 0) < 0 ||
	    lseek(job->out, 0, SEEK_SET) < 0 || lseek(job->err, 0, SEEK_SET) < 0)
		die("output");
	restore(job);
	memset(fault->calls, 0, sizeof fault->calls);
	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0)
		run_child(job);
	if (waitpid(child, &ret_outcome->status, 0) != child)
		die("wait");
	ret_outcome->out = text_read(job->out);
	ret_outcome->err = text_read(job->err);
	ret_outcome->file = job->file ? text_load(job->file) : (struct text) { 0 };
}

static void outcome_free(struct outcome *outcome)
{
	free(outcome->out.bytes);
	free(outcome->err.bytes);
	free(outcome->file.bytes);
}

/* Whether the file is a report of a run that could not read everything: it ends as all of them do.
 */
static bool is_whole(const struct outcome *outcome)
{
	struct text text = outcome->file;

	return fault->kind != FAULT_MEMORY && WEXITSTATUS(outcome->status) == FAILED &&
	       (text.size == 0 || text.bytes[text.size - 1] == '\n');
}

/* What is wrong with a run in which a call failed; NULL: nothing. */
static const char *judge(const struct job *job, const struct outcome *untouched,
			 const struct outcome *outcome)
{
	bool same = outcome->status == untouched->status &&
		    text_equal(outcome->out, untouched->out);

	if (!WIFEXITED(outcome->status))
		return "it ends by a signal";
	if (job->file && !text_equal(outcome->file, untouched->file) &&
	    !text_equal(outcome->file, job->old) && !is_whole(outcome))
		return "the file is neither the older one nor the new one";
	if (same && text_equal(outcome->file, untouched->file))
		return NULL;
	if (WEXITSTATUS(outcome->status) != FAILED)
		return "it is neither as it would be without the failure nor ends with 2";
	return strstr(outcome->err.bytes, "sessionlint: ") ? NULL : "it ends with 2 and no message";
}

/* The calls that fail: all, or as many as there may be, spread over them. */
static unsigned next_call(unsigned call, unsigned calls, unsigned most)
{
	unsigned step = most > 0 && calls > most ? (calls + most - 1) / most : 1;

	return call + step;
}

/* Lets calls of a kind fail, one after the other. */
static unsigned try_kind(const struct job *job, unsigned kind, unsigned most,
			 const struct outcome *untouched, unsigned calls)
{
	unsigned failures = 0, runs = 0;

	fault->kind = kinds[kind].kind;
	fault->error = kinds[kind].error;
	fault->for_good = kinds[kind].for_good;
	for (unsigned call = 1; call <= calls; call = next_call(call, calls, most)) {
		struct outcome outcome;
		const char *wrong;

		fault->from = call;
		run(job, &outcome);
		runs++;
		wrong = judge(job, untouched, &outcome);
		if (wrong && failures++ < COMPLAINTS)
			printf("%s: call %u of %u: %s (status 0x%x): %.*s\n", kinds[kind].name,
			       call, calls, wrong, (unsigned)outcome.status, SHOWN,
			       outcome.err.bytes);
		outcome_free(&outcome);
	}
	if (job->folder && count_files(job->folder) > 1) {
		printf("%s: files lie beside the one that is written\n", kinds[kind].name);
		failures++;
	}
	printf("%s %u %u %u\n", kinds[kind].name, calls, runs, failures);
	return failures;
}

static unsigned try_all(const struct job *job, unsigned most)
{
	unsigned failures = 0, calls[FAULT_KINDS];
	struct outcome untouched;

	run(job, &untouched);
	memcpy(calls, fault->calls, sizeof calls);
	if (!WIFEXITED(untouched.status) || WEXITSTATUS(untouched.status) >= FAILED) {
		printf("the untouched run: status %d: %.*s\n", untouched.status, SHOWN,
		       untouched.err.bytes);
		failures++;
	}
	for (unsigned kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
		failures += try_kind(job, kind, most, &untouched, calls[kinds[kind].kind]);
	outcome_free(&untouched);
	return failures;
}

static int temporary(void)
{
	FILE *file = tmpfile();
	int descriptor = file ? dup(fileno(file)) : -1;

	if (descriptor < 0)
		die("a temporary file");
	fclose(file);
	return descriptor;
}

int __wrap_main(int count, char **arguments)
{
	struct job job = { 0 };

	if (count < 5)
		return 3;
	fault = mmap(NULL, sizeof *fault, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (fault == MAP_FAILED)
		die("shared memory");
	*fault = (struct fault) { .kind = FAULT_KINDS };
	if (strcmp(arguments[2], "-") != 0) {
		char *slash = strrchr(arguments[2], '/');

		job.file = arguments[2];
		job.folder = strndup(arguments[2], (size_t)(slash - arguments[2]));
		job.old = text_load(arguments[3]);
	}
	job.input = arguments[4];
	job.arguments = arguments + 4;
	job.arguments[0] = (char[]) { "sessionlint" };
	job.count = count - 4;
	job.out = temporary();
	job.err = temporary();
	return try_all(&job, (unsigned)strtoul(arguments[1], NULL, 10)) != 0;
}
