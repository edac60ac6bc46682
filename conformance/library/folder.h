/* SPDX-License-Identifier: MIT */
/* The files of a folder. */
#ifndef CONFORMANCE_LIBRARY_FOLDER_H
#define CONFORMANCE_LIBRARY_FOLDER_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static inline bool ends_in(const char *name, const char *ending)
{
	size_t size = strlen(name), tail = strlen(ending);

	return size > tail && strcmp(name + size - tail, ending) == 0;
}

/* Calls @visit with the path of each file whose name is not hidden, and, if it is @deep, of those
 * in folders below: names without a dot. */
static inline void folder_visit(const char *folder, bool deep, void (*visit)(const char *path))
{
	DIR *listing = opendir(folder);
	const struct dirent *entry;

	while (listing && (entry = readdir(listing))) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >=
		    sizeof path)
			continue;
		if (deep && !strchr(entry->d_name, '.'))
			folder_visit(path, true, visit);
		else
			visit(path);
	}
	if (listing)
		closedir(listing);
}

#endif
