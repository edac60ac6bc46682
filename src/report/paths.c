/* SPDX-License-Identifier: MIT */
#include "report/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/folder.h"

void located_init(struct located *located)
{
	int r;

	*located = (struct located) { .here = NULL };
	r = path_absolute(".", &located->here);
	if (r < 0)
		located->here = NULL;
	located->failed = r == -ENOMEM;
}

void located_free(struct located *located)
{
	free(located->here);
	free(located->path);
	free(located->shown);
	*located = (struct located) { .here = NULL };
}

static size_t name_size(const char *at)
{
	size_t size = 0;

	while (at[size] && !path_is_separator(at[size]))
		size++;
	return size;
}

static bool goes_up(const char *path)
{
	while (*path) {
		size_t size = name_size(path);

		if (size == 2 && path[0] == '.' && path[1] == '.')
			return true;
		path += size + (path[size] != '\0');
	}
	return false;
}

/* Normalizes @path, which is relative and has no "..", to names separated by slashes. */
static void tidy(char *path)
{
	char *to = path;

	for (const char *at = path; *at;) {
		size_t size = name_size(at);
		bool more = at[size] != '\0';

		if (size > 0 && !(size == 1 && *at == '.')) {
			if (to > path)
				*to++ = '/';
			memmove(to, at, size);
			to += size;
		}
		at += size + more;
	}
	/* it is the current folder */
	if (to == path)
		*to++ = '.';
	*to = '\0';
}

/* @path with links in its folder resolved; free() it. The file itself may be a link or not exist.
 * NULL if the folder does not exist. */
static char *resolve(const char *path)
{
	char *folder = path_folder(path), *absolute = NULL, *resolved = NULL;
	const char *name = path;
	size_t size;

	for (const char *at = path; *at; at++)
		if (path_is_separator(*at))
			name = at + 1;
	if (*name == '\0' || strcmp(name, "..") == 0 || strcmp(name, ".") == 0)
		resolved = path_absolute(path, &absolute) == 0 ? absolute : NULL;
	else if (folder && path_absolute(folder, &absolute) == 0) {
		size = strlen(absolute) + strlen(name) + 2;
		resolved = malloc(size);
		if (resolved)
			snprintf(resolved, size, "%s%s%s", absolute, path_separator(absolute),
				 name);
		free(absolute);
	}
	free(folder);
	return resolved;
}

/* How to show @path; free() it. NULL if memory runs out. */
static char *show(const struct located *located, const char *path)
{
	bool absolute = path_is_absolute(path), up = goes_up(path);
	char *resolved, *shown;
	size_t inside = 0;

	if (!absolute && !up) {
		shown = strdup(path);
		if (shown)
			tidy(shown);
		return shown;
	}
	resolved = resolve(path);
	if (resolved && located->here)
		inside = path_below(located->here, resolved);
	if (resolved && inside > 0) {
		memmove(resolved, resolved + inside, strlen(resolved + inside) + 1);
		tidy(resolved);
		return resolved;
	}
	if (resolved && located->here && strcmp(resolved, located->here) == 0) {
		strcpy(resolved, ".");
		return resolved;
	}
	if (resolved && up)
		return resolved;
	free(resolved);
	return strdup(path);
}

struct sessionlint_text located_path(struct located *located, const char *path)
{
	if (located->path && strcmp(located->path, path) == 0)
		return text_from(located->shown);
	free(located->path);
	free(located->shown);
	located->path = strdup(path);
	located->shown = show(located, path);
	if (!located->path || !located->shown) {
		free(located->path);
		located->path = NULL;
		located->failed = true;
		return text_from(path);
	}
	return text_from(located->shown);
}
