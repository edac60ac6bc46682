/* SPDX-License-Identifier: MIT */
#include "base/folder.h"
#include "base/array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "base/text.h"
#include "base/windows/wide.h"

#define FILE_SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* A symbolic link or a junction; other reparse points, as of files that lie in a cloud, are what
 * they seem to be. */
static bool is_link(HANDLE handle)
{
	FILE_ATTRIBUTE_TAG_INFO information;

	return GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &information,
					    sizeof information) &&
	       information.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT &&
	       IsReparseTagNameSurrogate(information.ReparseTag);
}

static enum path_kind handle_kind(HANDLE handle)
{
	BY_HANDLE_FILE_INFORMATION information;

	if (is_link(handle))
		return PATH_LINK;
	if (GetFileType(handle) != FILE_TYPE_DISK ||
	    !GetFileInformationByHandle(handle, &information))
		return PATH_OTHER;
	return information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? PATH_FOLDER : PATH_FILE;
}

int path_kind(const char *path, bool follow, enum path_kind *ret_kind)
{
	DWORD flags = FILE_FLAG_BACKUP_SEMANTICS | (follow ? 0 : FILE_FLAG_OPEN_REPARSE_POINT);
	wchar_t *wide = wide_path(path);
	HANDLE handle;
	int r = 0;

	if (!wide)
		return -ENOMEM;
	handle = CreateFileW(wide, FILE_READ_ATTRIBUTES, FILE_SHARE_ALL, NULL, OPEN_EXISTING, flags,
			     NULL);
	if (handle == INVALID_HANDLE_VALUE) {
		r = wide_error();
	} else {
		*ret_kind = handle_kind(handle);
		CloseHandle(handle);
	}
	free(wide);
	return r;
}

int path_stamp(const char *path, struct path_stamp *ret_stamp)
{
	wchar_t *wide = wide_path(path);
	BY_HANDLE_FILE_INFORMATION information;
	HANDLE handle;
	int r = 0;

	if (!wide)
		return -ENOMEM;
	/* what a folder says of its files can be old: ask the file */
	handle = CreateFileW(wide, FILE_READ_ATTRIBUTES, FILE_SHARE_ALL, NULL, OPEN_EXISTING,
			     FILE_FLAG_BACKUP_SEMANTICS, NULL);
	free(wide);
	if (handle == INVALID_HANDLE_VALUE)
		return wide_error();
	if (!GetFileInformationByHandle(handle, &information))
		r = wide_error();
	CloseHandle(handle);
	if (r == 0) {
		ret_stamp->is_file = !(information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY);
		ret_stamp->size = (uint64_t)information.nFileSizeHigh << 32 |
				  information.nFileSizeLow;
		ret_stamp->modified = (int64_t)((uint64_t)information.ftLastWriteTime.dwHighDateTime
							<< 32 |
						information.ftLastWriteTime.dwLowDateTime);
	}
	return r;
}

const char *path_separator(const char *folder)
{
	size_t size = strlen(folder);

	/* what follows "C:" is relative to the current folder of that drive */
	if (size > 0 && strchr("/\\:", folder[size - 1]))
		return "";
	/* as the user writes it; both mean the same */
	return strchr(folder, '\\') && !strchr(folder, '/') ? "\\" : "/";
}

bool path_is_separator(char byte)
{
	return byte == '/' || byte == '\\';
}

bool path_is_absolute(const char *path)
{
	return (path[0] != '\0' && strchr("/\\", path[0])) || (path[0] != '\0' && path[1] == ':');
}

/* What follows the last separator; a drive letter counts as one. */
static size_t folder_size(const char *path)
{
	size_t size = strlen(path);

	while (size > 0 && !strchr("/\\:", path[size - 1]))
		size--;
	return size;
}

char *path_folder(const char *path)
{
	size_t size = folder_size(path);
	char *folder = strdup(size > 0 ? path : ".");

	if (folder && size > 0)
		folder[size] = '\0';
	return folder;
}

/* How much of an absolute path is the drive, or the server and the share. */
static size_t root_size(const char *absolute)
{
	size_t size = 2;

	if (strncmp(absolute, "\\\\", 2) == 0)
		for (unsigned names = 0; names < 2 && absolute[size]; names++) {
			size += strcspn(absolute + size, "\\/");
			size += absolute[size] != '\0';
		}
	else if (absolute[0] != '\0' && absolute[1] == ':' && absolute[2] != '\0')
		size = 3;
	return size;
}

/* Cuts off separators at the end: a path has one spelling. */
static void end_at_name(char *absolute)
{
	size_t root = root_size(absolute), size = strlen(absolute);

	while (size > root && strchr("/\\", absolute[size - 1]))
		size--;
	if (size >= root)
		absolute[size] = '\0';
}

int path_absolute(const char *path, char **ret_absolute)
{
	wchar_t *wide = wide_from_utf8(path), *full = NULL;
	DWORD size = wide ? GetFullPathNameW(wide, 0, NULL, NULL) : 0;

	if (size > 0)
		full = malloc(size * sizeof *full);
	if (full && GetFullPathNameW(wide, size, full, NULL) < size)
		*ret_absolute = wide_to_utf8(full);
	else
		*ret_absolute = NULL;
	free(full);
	free(wide);
	if (!*ret_absolute)
		return -ENOMEM;
	end_at_name(*ret_absolute);
	return 0;
}

/* The path of what @handle is, without the prefix where it can do without; for free(). */
static char *final_path(HANDLE handle)
{
	DWORD size = GetFinalPathNameByHandleW(handle, NULL, 0, FILE_NAME_NORMALIZED);
	wchar_t *wide = size > 0 ? malloc((size + 1) * sizeof *wide) : NULL;
	char *path = NULL;

	if (wide && GetFinalPathNameByHandleW(handle, wide, size + 1, FILE_NAME_NORMALIZED) <= size)
		path = wide_to_utf8(wide);
	free(wide);
	return path;
}

int path_follow(const char *path, char **ret_path)
{
	enum path_kind kind;
	char *followed = NULL;

	if (path_kind(path, false, &kind) == 0 && kind == PATH_LINK) {
		wchar_t *wide = wide_path(path);
		HANDLE handle = wide ? CreateFileW(wide, FILE_READ_ATTRIBUTES, FILE_SHARE_ALL, NULL,
						   OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL)
				     : INVALID_HANDLE_VALUE;

		if (handle != INVALID_HANDLE_VALUE) {
			followed = final_path(handle);
			CloseHandle(handle);
		}
		free(wide);
	}
	/* a link to nothing is replaced itself */
	if (!followed)
		followed = strdup(path);
	if (!followed)
		return -ENOMEM;
	*ret_path = followed;
	return 0;
}

bool path_ascend(char *absolute)
{
	size_t root = root_size(absolute), size = strlen(absolute);

	if (size <= root)
		return false;
	while (size > root && !strchr("/\\", absolute[size - 1]))
		size--;
	absolute[size] = '\0';
	end_at_name(absolute);
	return true;
}

static bool is_same(char a, char b)
{
	return ascii_lower(a) == ascii_lower(b) || (path_is_separator(a) && path_is_separator(b));
}

size_t path_below(const char *folder, const char *path)
{
	size_t size = 0;

	for (; folder[size]; size++)
		if (!is_same(folder[size], path[size]))
			return 0;
	if (size > 0 && !path_is_separator(folder[size - 1]))
		size += path_is_separator(path[size]);
	return size > 0 && path_is_separator(path[size - 1]) && path[size] != '\0' ? size : 0;
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static int names_add(struct folder_names *names, const wchar_t *wide)
{
	char **grown, *name;

	if (wcscmp(wide, L".") == 0 || wcscmp(wide, L"..") == 0)
		return 0;
	grown = array_grow(names->names, names->count, &names->capacity, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	names->names = grown;
	name = wide_to_utf8(wide);
	if (!name)
		return -ENOMEM;
	names->names[names->count++] = name;
	return 0;
}

/* The pattern that every name in the folder matches, for free(). */
static wchar_t *pattern_of(const char *folder)
{
	const char *separator = path_separator(folder);
	size_t size = strlen(folder) + strlen(separator) + 2;
	char *pattern = malloc(size);
	wchar_t *wide = NULL;

	if (pattern) {
		strcpy(pattern, folder);
		strcat(pattern, separator);
		strcat(pattern, "*");
		wide = wide_path(pattern);
	}
	free(pattern);
	return wide;
}

int folder_list(const char *folder, struct folder_names *ret_names)
{
	struct folder_names names = { 0 };
	wchar_t *pattern = pattern_of(folder);
	WIN32_FIND_DATAW found;
	HANDLE search;
	int r = 0;

	if (!pattern)
		return -ENOMEM;
	search = FindFirstFileW(pattern, &found);
	free(pattern);
	/* the root of a drive may hold nothing at all, not even itself */
	if (search == INVALID_HANDLE_VALUE && GetLastError() != ERROR_FILE_NOT_FOUND)
		return wide_error();
	if (search != INVALID_HANDLE_VALUE) {
		do {
			r = names_add(&names, found.cFileName);
		} while (r == 0 && FindNextFileW(search, &found));
		if (r == 0 && GetLastError() != ERROR_NO_MORE_FILES)
			r = wide_error();
		FindClose(search);
	}
	if (r < 0) {
		folder_free(&names);
		return r;
	}
	if (names.count > 0)
		qsort(names.names, names.count, sizeof *names.names, by_name);
	*ret_names = names;
	return 0;
}
