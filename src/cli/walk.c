/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/folder.h"
#include "base/stream.h"
#include "cli/cli.h"

/* What a folder is searched for. A file that is named is read whatever it is called. Files named
 * .log are mostly no traces, and would be complained of. */
static const char *const endings[] = { ".evtx", ".trace", ".logfmt", ".ndjson", ".jsonl", ".csv" };

#define DEPTH_MAX 64

struct walk {
	void (*visit)(void *userdata, const char *path);
	void (*trouble)(void *userdata, const char *path, int error);
	void *userdata;
	long count;
};

static bool has_ending(const char *path)
{
	size_t size = strlen(path);

	for (unsigned i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		size_t ending = strlen(endings[i]);

		if (size > ending && strcasecmp(path + size - ending, endings[i]) == 0)
			return true;
	}
	return false;
}

/* Visits a file, or a link to one. Nothing else: a pipe in a folder could keep the walk waiting for
 * ever. */
static void file_walk(struct walk *walk, const char *path)
{
	enum path_kind kind;
	int r = path_kind(path, true, &kind);

	if (r < 0) {
		walk->trouble(walk->userdata, path, -r);
	} else if (kind == PATH_FILE) {
		walk->count++;
		walk->visit(walk->userdata, path);
	}
}

static int folder_walk(struct walk *walk, const char *folder, unsigned depth);

static int entry_walk(struct walk *walk, const char *folder, const char *name, unsigned depth)
{
	const char *separator = path_separator(folder);
	size_t size = strlen(folder) + strlen(separator) + strlen(name) + 1;
	char *path = malloc(size);
	enum path_kind kind;
	int r;

	if (!path)
		return -ENOMEM;
	snprintf(path, size, "%s%s%s", folder, separator, name);
	r = path_kind(path, false, &kind);
	if (r < 0) {
		walk->trouble(walk->userdata, path, -r);
	} else if (kind == PATH_FOLDER) {
		/* links to folders are not followed: they can lead in circles */
		r = depth < DEPTH_MAX ? folder_walk(walk, path, depth + 1) : -ELOOP;
		if (r < 0)
			walk->trouble(walk->userdata, path, -r);
	} else if (has_ending(name)) {
		file_walk(walk, path);
	}
	free(path);
	return r == -ENOMEM ? r : 0;
}

static int folder_walk(struct walk *walk, const char *folder, unsigned depth)
{
	struct folder_names names;
	int r = folder_list(folder, &names);

	if (r < 0)
		return r;
	for (size_t i = 0; i < names.count && r == 0; i++)
		r = entry_walk(walk, folder, names.names[i], depth);
	folder_free(&names);
	return r;
}

long walk_logs(const char *path, void (*visit)(void *userdata, const char *path), void *userdata,
	       void (*trouble)(void *userdata, const char *path, int error))
{
	struct walk walk = { .visit = visit, .trouble = trouble, .userdata = userdata };
	enum path_kind kind;
	int r = path_kind(path, true, &kind);

	if (r < 0)
		return r;
	if (kind != PATH_FOLDER) {
		visit(userdata, path);
		return 1;
	}
	r = folder_walk(&walk, path, 0);
	return r < 0 ? r : walk.count;
}

bool walk_would_find(const char *folder, const char *path)
{
	char *above = path_folder(path), *place = NULL;
	enum path_kind kind;
	bool found = false;

	if (above && has_ending(path) && path_kind(folder, true, &kind) == 0 &&
	    kind == PATH_FOLDER && path_absolute(above, &place) == 0) {
		do
			found = stream_is_same(place, folder);
		while (!found && path_ascend(place));
	}
	free(above);
	free(place);
	return found;
}
