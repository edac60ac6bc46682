/* SPDX-License-Identifier: MIT */
/* A log of several files. */
#include "check/run.h"

#include <errno.h>
#include <stdlib.h>

#include "base/folder.h"
#include "base/input.h"

#define STANDARD_INPUT 0
#define STANDARD_NAME  "<stdin>"

/* A file of the log. */
struct part_file {
	const char *path; /* NULL: standard input */
	size_t number;    /* index in the argument, from 0 */
	bool windows_log;
	struct reader_extent extent; /* of a Windows log */
};

static const char *part_name(const struct part_file *file)
{
	return file->path ? file->path : STANDARD_NAME;
}

/* Finds out what a file is. Pipes and the like can be read only once, so they are not opened yet.
 */
static int part_look(struct sessionlint *run, struct part_file *file)
{
	enum path_kind kind = PATH_OTHER;
	int descriptor, r = file->path ? path_kind(file->path, true, &kind) : 0;

	if (r < 0 || kind != PATH_FILE)
		return r;
	descriptor = input_open(file->path);
	if (descriptor < 0)
		return descriptor;
	r = run_open(run, log_of_descriptor(descriptor), file->path);
	if (r == 0) {
		file->windows_log = run->reader->format->windows_log;
		if (file->windows_log)
			r = reader_find_extent(run->reader, &file->extent);
		reader_close(run->reader);
	}
	input_close(descriptor);
	/* an empty file, which rotation has just created */
	return r == -ENODATA ? 0 : r;
}

static int compare_parts(const void *a, const void *b)
{
	const struct part_file *x = a, *y = b;

	if (x->extent.first != y->extent.first)
		return x->extent.first < y->extent.first ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

/* Whether @next can continue @file. A computer can be renamed, but then nothing shows that two
 * files belong together. */
static bool goes_on(const struct reader_extent *file, const struct reader_extent *next)
{
	return file->first == 0 || next->first == 0 ||
	       (file->channel == file->last_channel && file->last_channel == next->channel &&
		next->channel == next->last_channel && file->last_computer == next->computer);
}

static void parts_reverse(struct part_file *files, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct part_file file = files[i];

		files[i] = files[count - 1 - i];
		files[count - 1 - i] = file;
	}
}

/* Sorts the files by their records. -EXDEV: they are not parts of one log. */
static int parts_sort(const struct sessionlint *run, struct part_file *files, size_t count,
		      size_t *ret_part)
{
	for (size_t i = 1; i < count; i++) {
		*ret_part = files[i].number;
		if (files[i].windows_log != files[0].windows_log)
			return -EXDEV;
	}
	if (!files[0].windows_log) {
		if (run->checker.options.reverse)
			parts_reverse(files, count);
		return 0;
	}
	qsort(files, count, sizeof *files, compare_parts);
	for (size_t i = 1; i < count; i++) {
		*ret_part = files[i].number;
		if (!goes_on(&files[i - 1].extent, &files[i].extent))
			return -EXDEV;
	}
	return 0;
}

/* Reads a file that continues the previous one. Returns 1 if it has records. */
static int part_read(struct sessionlint *run, int descriptor, const struct part_file *file)
{
	struct checker *checker = &run->checker;
	int r = run_open(run, log_of_descriptor(descriptor), part_name(file));
	bool some;

	if (r < 0)
		return r;
	if (run->reader->format->windows_log != file->windows_log)
		r = -EXDEV;
	else if (checker->files.count == 0)
		run_begin(run, part_name(file), file->windows_log);
	if (r == 0)
		r = log_files_add(&checker->files, part_name(file));
	if (r == 0)
		r = run_begin_file(run, part_name(file));
	if (r == 0)
		r = run_read(run);
	some = !run_is_empty(run);
	run_close(run);
	return r < 0 ? r : some;
}

static int part_check(struct sessionlint *run, const struct part_file *file)
{
	int descriptor = file->path ? input_open(file->path) : STANDARD_INPUT, r = descriptor;

	if (r >= 0)
		r = part_read(run, descriptor, file);
	if (file->path && descriptor >= 0)
		input_close(descriptor);
	return r == -ENODATA ? 0 : r;
}

static int run_parts(struct sessionlint *run, struct part_file *files, size_t count,
		     size_t *ret_part)
{
	bool some = false;
	int r = 0;

	for (size_t i = 0; i < count && r >= 0; i++) {
		*ret_part = files[i].number;
		r = part_look(run, &files[i]);
	}
	if (r >= 0 && count > 0)
		r = parts_sort(run, files, count, ret_part);
	for (size_t i = 0; i < count && r >= 0; i++) {
		*ret_part = files[i].number;
		r = part_check(run, &files[i]);
		some |= r > 0;
		if (files[i].extent.last > run->after)
			run->after = files[i].extent.last;
	}
	run->after = 0;
	r = r < 0 ? r : 0;
	if (run->checker.files.count > 0)
		r = run_end(run, r);
	run->checker.files.count = 0;
	if (r < 0 || some)
		return r;
	/* not because of a single file */
	*ret_part = count;
	return -ENODATA;
}

int sessionlint_check_parts(struct sessionlint *run, const char *const *paths, size_t count,
			    size_t *ret_part)
{
	uint64_t unreadable = run->checker.totals.unreadable;
	struct part_file *files;
	int r;

	*ret_part = 0;
	if (run_is_busy(run))
		return -EBUSY;
	files = calloc(count + 1, sizeof *files);
	if (!files)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		files[i] = (struct part_file) { .path = paths[i], .number = i };
	run->busy = true;
	r = run_parts(run, files, count, ret_part);
	for (size_t i = 0; i < count; i++)
		r = run_follow_log(run, part_name(&files[i]), unreadable, r);
	run->busy = false;
	run->failed |= r < 0;
	free(files);
	return r;
}
