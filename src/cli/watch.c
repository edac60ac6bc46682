/* SPDX-License-Identifier: MIT */
#include "cli/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/console.h"
#include "base/escape.h"
#include "base/now.h"
#include "base/pause.h"
#include "base/stream.h"
#include "base/text.h"
#include "cli/folder_walk.h"
#include "trace/time.h"

#define INTERVAL 500 /* milliseconds */

/* A file that never stops changing is checked after so many intervals. */
#define SETTLE_MAX 10

#define EPOCH_SECONDS    11644473600 /* from 1601 to 1970 */
#define TICKS_PER_SECOND 10000000

int watch_add(struct watch_paths *paths, const char *path)
{
	char **list;

	if (!path)
		return 0;
	list = array_grow(paths->list, paths->count, &paths->capacity, sizeof *list);
	if (!list)
		return -ENOMEM;
	paths->list = list;
	list[paths->count] = strdup(path);
	if (!list[paths->count])
		return -ENOMEM;
	paths->count++;
	return 0;
}

static void paths_free(struct watch_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->list[i]);
	free(paths->list);
}

/* ---- snapshots ---- */

static void snapshot_free(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++)
		free(snapshot->list[i].path);
	free(snapshot->list);
	*snapshot = (struct snapshot) { 0 };
}

struct taking {
	struct snapshot snapshot;
	bool no_memory;
};

static void on_file(void *userdata, const char *path)
{
	struct taking *taking = userdata;
	struct snapshot *snapshot = &taking->snapshot;
	struct watch_file *list, file = { 0 };

	/* it has gone since the folder was listed, or may not be looked at */
	if (taking->no_memory || path_stamp(path, &file.stamp) < 0)
		return;
	list = array_grow(snapshot->list, snapshot->count, &snapshot->capacity, sizeof *list);
	if (list)
		snapshot->list = list;
	file.path = list ? strdup(path) : NULL;
	if (file.path)
		list[snapshot->count++] = file;
	else
		taking->no_memory = true;
}

static void on_failed(void *userdata, const char *path, int error)
{
	struct taking *taking = userdata;

	/* the run reports what cannot be read */
	(void)path;
	taking->no_memory |= error == ENOMEM;
}

static int by_path(const void *a, const void *b)
{
	const struct watch_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static int snapshot_take(const struct watch_paths *inputs, struct snapshot *ret_snapshot)
{
	static const struct walk_visitor visitor = { .name = on_file, .failed = on_failed };
	struct taking taking = { 0 };

	for (size_t i = 0; i < inputs->count; i++)
		walk_files(inputs->list[i], &visitor, &taking);
	if (taking.no_memory) {
		snapshot_free(&taking.snapshot);
		return -ENOMEM;
	}
	if (taking.snapshot.count > 0)
		qsort(taking.snapshot.list, taking.snapshot.count, sizeof *taking.snapshot.list,
		      by_path);
	*ret_snapshot = taking.snapshot;
	return 0;
}

/* Whether the run writes the file at @path. */
static bool is_output(const struct watch *watch, const char *path)
{
	if (stream_is_open(STREAM_OUTPUT, path) || stream_is_open(STREAM_ERROR, path))
		return true;
	for (size_t i = 0; i < watch->outputs.count; i++)
		if (stream_is_same_place(watch->outputs.list[i], path))
			return true;
	return false;
}

/* A file that is new, changed or gone between two snapshots; NULL: there is none. */
static const char *find_change(const struct watch *watch, const struct snapshot *before,
			       const struct snapshot *after)
{
	size_t i = 0, j = 0;

	while (i < before->count || j < after->count) {
		const struct watch_file *old = i < before->count ? &before->list[i] : NULL;
		const struct watch_file *new = j < after->count ? &after->list[j] : NULL;
		int order = !old ? 1 : !new ? -1 : strcmp(old->path, new->path);
		const char *path = order > 0 ? new->path : old->path;

		i += order <= 0;
		j += order >= 0;
		if (order == 0 && old->stamp.size == new->stamp.size &&
		    old->stamp.modified == new->stamp.modified)
			continue;
		if (!is_output(watch, path))
			return path;
	}
	return NULL;
}

/* ---- waiting ---- */

static void print_time(void)
{
	char text[TIME_TEXT_SIZE];

	time_format((uint64_t)(now_seconds() + EPOCH_SECONDS) * TICKS_PER_SECOND, text);
	fprintf(stderr, "sessionlint: %s: ", text);
}

static void print_change(const char *path)
{
	print_time();
	escape_plain(stderr, text_from(path));
	fputs(" changed\n", stderr);
	console_show(stderr);
}

static void print_waiting(void)
{
	fflush(stdout);
	print_time();
	fputs("watching; Ctrl-C ends\n", stderr);
	console_show(stderr);
}

/* Whether the inputs have changed since the run, and no more since the look before. *last is that
 * look, *changing how many found a change. Prints which file has changed. */
static bool has_settled(const struct watch *watch, struct snapshot *last, unsigned *changing)
{
	struct snapshot now;
	const char *changed;
	bool settled = false;

	/* if memory runs out, it looks again later */
	if (snapshot_take(&watch->inputs, &now) < 0)
		return false;
	changed = find_change(watch, *changing > 0 ? last : &watch->seen, &now);
	if (changed && *changing < SETTLE_MAX) {
		++*changing;
	} else if (*changing > 0) {
		/* none if all is as it was again */
		changed = find_change(watch, &watch->seen, &now);
		settled = changed;
		*changing = 0;
		if (changed)
			print_change(changed);
	}
	snapshot_free(last);
	*last = now;
	return settled;
}

bool watch_wait(const struct watch *watch)
{
	struct snapshot last = { 0 };
	unsigned changing = 0;
	bool settled = false;

	pause_begin();
	print_waiting();
	while (!settled && !console_is_unread() && pause_wait(INTERVAL))
		settled = has_settled(watch, &last, &changing);
	pause_end();
	snapshot_free(&last);
	return settled;
}

int watch_begin(struct watch *watch)
{
	int r = snapshot_take(&watch->inputs, &watch->seen);

	watch->begun = r == 0;
	return r;
}

void watch_free(struct watch *watch)
{
	paths_free(&watch->inputs);
	paths_free(&watch->outputs);
	snapshot_free(&watch->seen);
	*watch = (struct watch) { 0 };
}
