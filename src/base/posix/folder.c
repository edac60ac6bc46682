/* SPDX-License-Identifier: MIT */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as Linux follows */

int path_kind(const char *path, bool follow, enum path_kind *ret_kind)
{
	struct stat status;

	if ((follow ? stat(path, &status) : lstat(path, &status)) < 0)
		return -errno;
	if (S_ISREG(status.st_mode))
		*ret_kind = PATH_FILE;
	else if (S_ISDIR(status.st_mode))
		*ret_kind = PATH_FOLDER;
	else
		*ret_kind = S_ISLNK(status.st_mode) ? PATH_LINK : PATH_OTHER;
	return 0;
}

int path_stamp(const char *path, struct path_stamp *ret_stamp)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -errno;
	ret_stamp->size = (uint64_t)status.st_size;
	ret_stamp->is_file = S_ISREG(status.st_mode);
	ret_stamp->modified = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
	return 0;
}

const char *path_separator(const char *folder)
{
	size_t size = strlen(folder);

	return size > 0 && folder[size - 1] == '/' ? "" : "/";
}

bool path_is_separator(char byte)
{
	return byte == '/';
}

bool path_is_absolute(const char *path)
{
	return path[0] == '/';
}

char *path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return strdup(".");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* What the symbolic link at @path says, from the link's folder on; for free(). NULL with errno. */
static char *read_link(const char *path)
{
	char text[4096], *folder, *target;
	ssize_t size = readlink(path, text, sizeof text - 1);
	size_t room;

	if (size < 0)
		return NULL;
	text[size] = '\0';
	if (text[0] == '/')
		return strdup(text);
	folder = path_folder(path);
	room = folder ? strlen(folder) + (size_t)size + 2 : 0;
	target = folder ? malloc(room) : NULL;
	if (target)
		snprintf(target, room, "%s%s%s", folder, path_separator(folder), text);
	free(folder);
	return target;
}

int path_follow(const char *path, char **ret_path)
{
	char *at = strdup(path);

	for (unsigned links = 0; at; links++) {
		struct stat status;
		char *next = NULL;

		if (lstat(at, &status) < 0 || !S_ISLNK(status.st_mode)) {
			*ret_path = at;
			return 0;
		}
		errno = ELOOP;
		if (links < LINKS_MAX)
			next = read_link(at);
		free(at);
		at = next;
	}
	return -errno;
}

bool path_ascend(char *absolute)
{
	char *slash = strrchr(absolute, '/');

	if (!slash || absolute[1] == '\0')
		return false;
	slash[slash == absolute] = '\0';
	return true;
}

size_t path_below(const char *folder, const char *path)
{
	size_t size = strlen(folder);

	if (strncmp(path, folder, size) != 0)
		return 0;
	size += *path_separator(folder) != '\0';
	return path[size - 1] == '/' && path[size] != '\0' ? size : 0;
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int folder_list(const char *folder, struct folder_names *ret_names)
{
	struct folder_names names = { 0 };
	struct dirent **entries;
	int count = scandir(folder, &entries, is_entry, by_name), r = 0;

	if (count < 0)
		return -errno;
	names.names = calloc((size_t)count + 1, sizeof *names.names);
	for (int i = 0; i < count; i++) {
		char *name = names.names && r == 0 ? strdup(entries[i]->d_name) : NULL;

		if (name)
			names.names[names.count++] = name;
		else
			r = -ENOMEM;
		free(entries[i]);
	}
	free(entries);
	if (!names.names || r < 0) {
		folder_free(&names);
		return -ENOMEM;
	}
	*ret_names = names;
	return 0;
}
