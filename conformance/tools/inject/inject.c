/* SPDX-License-Identifier: MIT */
/*
 * Runs the command again and again, and lets one more call of a kind fail each time, until a run
 * passes untouched. Each run must end as the untouched one does, with the same output, or with 2, a
 * message, and the older file in its place.
 *
 *	inject KIND MOST FILE OLD INPUT ARGUMENTS...
 *
 * FILE is what the arguments write, or -; OLD holds what is there before; INPUT is standard input.
 * Of more than MOST calls, as many are tried, from the first to the last; 0: all. A line for each
 * failure, and one that counts: "CALLS RUNS FAILURES".
 */
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
	char command[4200];
	unsigned count = 0;
	FILE *list;

	snprintf(command, sizeof command, "ls -A '%s' | wc -l", folder);
	list = popen(command, "r");
	if (!list || fscanf(list, "%u", &count) != 1)
		die("ls");
	pclose(list);
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

static unsigned try_all(struct job *job, unsigned most, unsigned *ret_calls, unsigned *ret_runs)
{
	struct outcome untouched, outcome;
	unsigned failures = 0, calls, runs = 0, beside = 0;

	fault->from = 0;
	run(job, &untouched);
	calls = fault->calls;
	if (!WIFEXITED(untouched.status) || WEXITSTATUS(untouched.status) >= FAILED) {
		printf("the untouched run: status %d: %.*s\n", untouched.status, SHOWN,
		       untouched.err.bytes);
		failures++;
	}
	for (unsigned call = 1; call <= calls; call = next_call(call, calls, most)) {
		const char *wrong;

		fault->from = call;
		run(job, &outcome);
		runs++;
		wrong = judge(job, &untouched, &outcome);
		if (wrong && failures++ < COMPLAINTS)
			printf("call %u of %u: %s (status 0x%x): %.*s\n", call, calls, wrong,
			       (unsigned)outcome.status, SHOWN, outcome.err.bytes);
		outcome_free(&outcome);
	}
	if (job->folder)
		beside = count_files(job->folder);
	if (beside > 1) {
		printf("%u files lie beside the one that is written\n", beside - 1);
		failures++;
	}
	outcome_free(&untouched);
	*ret_calls = calls;
	*ret_runs = runs;
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
	unsigned calls, runs, failures, kind = 0;

	if (count < 6)
		return 3;
	while (kind < sizeof kinds / sizeof kinds[0] && strcmp(kinds[kind].name, arguments[1]) != 0)
		kind++;
	if (kind == sizeof kinds / sizeof kinds[0])
		return 3;
	fault = mmap(NULL, sizeof *fault, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (fault == MAP_FAILED)
		die("shared memory");
	*fault = (struct fault) { .kind = FAULT_KINDS };
	if (strcmp(arguments[3], "-") != 0) {
		char *slash = strrchr(arguments[3], '/');

		job.file = arguments[3];
		job.folder = strndup(arguments[3], (size_t)(slash - arguments[3]));
		job.old = text_load(arguments[4]);
	}
	job.input = arguments[5];
	job.arguments = arguments + 5;
	job.arguments[0] = (char[]) { "sessionlint" };
	job.count = count - 5;
	job.out = temporary();
	job.err = temporary();
	fault->kind = kinds[kind].kind;
	fault->error = kinds[kind].error;
	fault->for_good = kinds[kind].for_good;
	failures = try_all(&job, (unsigned)strtoul(arguments[2], NULL, 10), &calls, &runs);
	printf("%u %u %u\n", calls, runs, failures);
	return failures != 0;
}
