/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

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
	struct stat status;

	if (stat(path, &status) < 0) {
		walk->trouble(walk->userdata, path, errno);
	} else if (S_ISREG(status.st_mode)) {
		walk->count++;
		walk->visit(walk->userdata, path);
	}
}

static int folder_walk(struct walk *walk, const char *folder, unsigned depth);

static int entry_walk(struct walk *walk, const char *folder, const char *name, unsigned depth)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = malloc(size);
	struct stat status;
	int r = 0;

	if (!path)
		return -ENOMEM;
	snprintf(path, size, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
	if (lstat(path, &status) < 0) {
		walk->trouble(walk->userdata, path, errno);
	} else if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX) {
		/* links to folders are not followed: they can lead in circles */
		r = folder_walk(walk, path, depth + 1);
		if (r < 0) {
			walk->trouble(walk->userdata, path, -r);
			r = r == -ENOMEM ? r : 0;
		}
	} else if (S_ISDIR(status.st_mode)) {
		walk->trouble(walk->userdata, path, ELOOP);
	} else if (has_ending(name)) {
		file_walk(walk, path);
	}
	free(path);
	return r;
}

static int folder_walk(struct walk *walk, const char *folder, unsigned depth)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort), r = 0;

	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (r == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			r = entry_walk(walk, folder, name, depth);
		free(entries[i]);
	}
	free(entries);
	return r;
}

long walk_logs(const char *path, void (*visit)(void *userdata, const char *path), void *userdata,
	       void (*trouble)(void *userdata, const char *path, int error))
{
	struct walk walk = { .visit = visit, .trouble = trouble, .userdata = userdata };
	struct stat status;
	int r;

	if (stat(path, &status) < 0)
		return -errno;
	if (!S_ISDIR(status.st_mode)) {
		visit(userdata, path);
		return 1;
	}
	r = folder_walk(&walk, path, 0);
	return r < 0 ? r : walk.count;
}
