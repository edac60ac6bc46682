/* SPDX-License-Identifier: MIT */
/*
 * The new file is deleted when it is closed, also by the system when the process is killed. What
 * takes the place is a second name of it (a hard link) or, where the file system has none, a copy.
 */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "base/folder.h"
#include "base/input.h"
#include "base/stream.h"
#include "base/windows/wide.h"

#define NAMES_TRIED 100
#define SHARED      (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* ---- files by their paths ---- */

/* Opens a file to write it. A descriptor or a negative errno. */
static int open_file(const char *path, DWORD disposition, DWORD access, DWORD flags)
{
	wchar_t *wide = wide_path(path);
	HANDLE handle;
	int descriptor;

	if (!wide)
		return -ENOMEM;
	handle = CreateFileW(wide, access, SHARED, NULL, disposition, flags, NULL);
	free(wide);
	if (handle == INVALID_HANDLE_VALUE)
		return GetLastError() == ERROR_FILE_EXISTS ? -EEXIST : wide_error();
	descriptor = _open_osfhandle((intptr_t)handle, _O_RDWR | _O_BINARY | _O_NOINHERIT);
	if (descriptor < 0) {
		CloseHandle(handle);
		return -EMFILE;
	}
	return descriptor;
}

static void remove_file(const char *path)
{
	wchar_t *wide = wide_path(path);

	if (wide)
		DeleteFileW(wide);
	free(wide);
}

/* A file cannot be replaced while somebody has it open, be it for a moment to see which file it is:
 * then it is tried again for a second. */
#define MOVES_TRIED 100
#define MOVE_PAUSE  10 /* in milliseconds */

static int move_with_retries(const wchar_t *from, const wchar_t *to)
{
	DWORD error = ERROR_SUCCESS;

	for (unsigned i = 0; i < MOVES_TRIED; i++) {
		if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
			return 0;
		error = GetLastError();
		if (error != ERROR_ACCESS_DENIED && error != ERROR_SHARING_VIOLATION)
			break;
		Sleep(MOVE_PAUSE);
	}
	SetLastError(error);
	return wide_error();
}

static int move_file(const char *from, const char *to)
{
	wchar_t *wide_from = wide_path(from), *wide_to = wide_path(to);
	int r = 0;

	if (!wide_from || !wide_to)
		r = -ENOMEM;
	else
		r = move_with_retries(wide_from, wide_to);
	free(wide_from);
	free(wide_to);
	return r;
}

/* Gives the file at @path a second name. */
static int link_file(const char *path, const char *name)
{
	wchar_t *wide_of_path = wide_path(path), *wide_name = wide_path(name);
	int r = 0;

	if (!wide_of_path || !wide_name)
		r = -ENOMEM;
	else if (!CreateHardLinkW(wide_name, wide_of_path, NULL))
		r = wide_error();
	free(wide_of_path);
	free(wide_name);
	return r;
}

/* Writes what @descriptor holds to the file at @path, which has to be there or not. */
static int copy_file(int descriptor, const char *path, DWORD disposition)
{
	int to = open_file(path, disposition, GENERIC_WRITE, FILE_ATTRIBUTE_NORMAL), r;

	if (to < 0)
		return to;
	r = input_copy(descriptor, to);
	if (r == 0 && _commit(to) < 0)
		r = -EIO;
	if (_close(to) < 0 && r == 0)
		r = -EIO;
	return r;
}

/* ---- the beginning ---- */

/* A name beside @path; processes differ by their numbers. */
static char *make_name(const char *path, unsigned number)
{
	char *folder = path_folder(path), *name = NULL;
	size_t size = folder ? strlen(folder) + 48 : 0;

	if (folder)
		name = malloc(size);
	if (name)
		snprintf(name, size, "%s%s.sessionlint-%lx-%x", folder, path_separator(folder),
			 GetCurrentProcessId(), number);
	free(folder);
	return name;
}

static int create_temporary(struct replacement *replacement)
{
	int descriptor = -EEXIST;

	for (unsigned i = 0; i < NAMES_TRIED && descriptor == -EEXIST; i++) {
		free(replacement->temporary);
		replacement->temporary = make_name(replacement->path, i);
		if (!replacement->temporary)
			return -ENOMEM;
		descriptor = open_file(replacement->temporary, CREATE_NEW,
				       GENERIC_READ | GENERIC_WRITE | DELETE,
				       FILE_FLAG_DELETE_ON_CLOSE);
	}
	return descriptor;
}

/* Whether the file that is there can be written: then it can be replaced. */
static int check_rights(const char *path)
{
	int descriptor = open_file(path, OPEN_EXISTING, GENERIC_WRITE, FILE_ATTRIBUTE_NORMAL);

	if (descriptor < 0)
		return descriptor;
	_close(descriptor);
	return 0;
}

/* Returns a descriptor or a negative errno. */
static int open_place(struct replacement *replacement)
{
	enum path_kind kind = PATH_FILE;
	int there = path_kind(replacement->path, true, &kind), r;

	if (there < 0 && there != -ENOENT)
		return there;
	if (kind == PATH_FOLDER)
		return -EISDIR;
	if (kind == PATH_OTHER || stream_is_open(STREAM_OUTPUT, replacement->path) ||
	    stream_is_open(STREAM_ERROR, replacement->path)) {
		replacement->way = REPLACE_THROUGH;
		return open_file(replacement->path, OPEN_EXISTING, GENERIC_WRITE,
				 FILE_ATTRIBUTE_NORMAL);
	}
	r = there == 0 ? check_rights(replacement->path) : 0;
	if (r == 0)
		r = create_temporary(replacement);
	if (r == -EACCES && there == 0) {
		r = input_temporary();
		replacement->way = REPLACE_COPY;
	}
	return r;
}

int replace_begin(struct replacement *replacement, const char *path)
{
	struct replacement new = { 0 };
	int descriptor = path_follow(path, &new.path);

	if (descriptor == 0)
		descriptor = open_place(&new);
	if (descriptor >= 0) {
		new.file = _fdopen(descriptor, "wb");
		if (!new.file) {
			_close(descriptor);
			descriptor = -ENOMEM;
		}
	}
	if (descriptor < 0) {
		free(new.temporary);
		free(new.path);
		return descriptor;
	}
	*replacement = new;
	return 0;
}

/* ---- the end ---- */

/* A second name for the new file, which is complete. */
static int name_again(struct replacement *replacement, char **ret_name)
{
	int r = -EEXIST;

	for (unsigned i = NAMES_TRIED; i < 2 * NAMES_TRIED && r < 0; i++) {
		char *name = make_name(replacement->path, i);

		if (!name)
			return -ENOMEM;
		r = link_file(replacement->temporary, name);
		if (r < 0)
			r = copy_file(_fileno(replacement->file), name, CREATE_NEW);
		if (r < 0 && r != -EEXIST) {
			remove_file(name);
			free(name);
			return r;
		}
		if (r == 0)
			*ret_name = name;
		else
			free(name);
	}
	return r;
}

static int write_out(struct replacement *replacement)
{
	FILE *file = replacement->file;

	errno = 0;
	if (fflush(file) != 0 || ferror(file)) {
		/* a write that failed long ago says why if it is tried again */
		if (errno == 0 && _write(_fileno(file), "", 1) == 1)
			errno = EIO;
		return -(errno ? errno : EIO);
	}
	if (replacement->way != REPLACE_THROUGH && _commit(_fileno(file)) < 0)
		return -(errno ? errno : EIO);
	return 0;
}

int replace_end(struct replacement *replacement)
{
	int r = write_out(replacement);
	char *name = NULL;

	if (r == 0 && replacement->way == REPLACE_MOVE)
		r = name_again(replacement, &name);
	if (r == 0 && replacement->way == REPLACE_COPY)
		r = copy_file(_fileno(replacement->file), replacement->path, TRUNCATE_EXISTING);
	errno = 0;
	if (fclose(replacement->file) != 0 && r == 0)
		r = -(errno ? errno : EIO);
	if (r == 0 && name)
		r = move_file(name, replacement->path);
	if (r < 0 && name)
		remove_file(name);
	free(name);
	free(replacement->temporary);
	free(replacement->path);
	*replacement = (struct replacement) { 0 };
	return r;
}

void replace_cancel(struct replacement *replacement)
{
	if (replacement->file)
		fclose(replacement->file);
	free(replacement->temporary);
	free(replacement->path);
	*replacement = (struct replacement) { 0 };
}
