/* SPDX-License-Identifier: MIT */
#include "base/stream.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "base/folder.h"
#include "base/windows/wide.h"

static FILE *open_wide(const char *path, const wchar_t *mode)
{
	wchar_t *wide = wide_path(path);
	FILE *file = NULL;

	if (wide)
		file = _wfopen(wide, mode);
	else
		errno = ENOMEM;
	free(wide);
	return file;
}

void stream_claim(FILE *file)
{
	/* there is no such setting */
	(void)file;
}

FILE *stream_open(const char *path)
{
	return open_wide(path, L"rb");
}

FILE *stream_open_regular(const char *path)
{
	FILE *file = stream_open(path);

	/* a console, a serial line, a named pipe */
	if (file && GetFileType((HANDLE)_get_osfhandle(_fileno(file))) != FILE_TYPE_DISK) {
		fclose(file);
		errno = ESPIPE;
		return NULL;
	}
	return file;
}

/* The volume and the number of a file or folder. */
static bool identify(const char *path, BY_HANDLE_FILE_INFORMATION *ret_information)
{
	wchar_t *wide = wide_path(path);
	HANDLE file = wide ? CreateFileW(wide, 0,
					 FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
					 NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL)
			   : INVALID_HANDLE_VALUE;
	bool known = file != INVALID_HANDLE_VALUE && GetFileType(file) == FILE_TYPE_DISK &&
		     GetFileInformationByHandle(file, ret_information);

	if (file != INVALID_HANDLE_VALUE)
		CloseHandle(file);
	free(wide);
	return known;
}

static bool is_same(const BY_HANDLE_FILE_INFORMATION *a, const BY_HANDLE_FILE_INFORMATION *b)
{
	return a->dwVolumeSerialNumber == b->dwVolumeSerialNumber &&
	       a->nFileIndexHigh == b->nFileIndexHigh && a->nFileIndexLow == b->nFileIndexLow;
}

bool stream_is_same(const char *path, const char *other)
{
	BY_HANDLE_FILE_INFORMATION a, b;

	return identify(path, &a) && identify(other, &b) && is_same(&a, &b);
}

static const char *name_of(const char *path)
{
	const char *name = path;

	for (; *path; path++)
		if (strchr("/\\:", *path))
			name = path + 1;
	return name;
}

bool stream_is_same_place(const char *path, const char *other)
{
	BY_HANDLE_FILE_INFORMATION information;
	char *folder, *other_folder;
	bool same;

	if (identify(path, &information) || identify(other, &information))
		return stream_is_same(path, other);
	folder = path_folder(path);
	other_folder = path_folder(other);
	same = folder && other_folder && stream_is_same(folder, other_folder) &&
	       _stricmp(name_of(path), name_of(other)) == 0;
	free(folder);
	free(other_folder);
	return same;
}

static bool identify_descriptor(int descriptor, BY_HANDLE_FILE_INFORMATION *ret_information)
{
	HANDLE handle = (HANDLE)_get_osfhandle(descriptor);

	return GetFileType(handle) == FILE_TYPE_DISK &&
	       GetFileInformationByHandle(handle, ret_information);
}

bool stream_is_open(int descriptor, const char *path)
{
	BY_HANDLE_FILE_INFORMATION a, b;

	return identify_descriptor(descriptor, &a) && identify(path, &b) && is_same(&a, &b);
}

bool stream_is_shared(int descriptor, int other)
{
	BY_HANDLE_FILE_INFORMATION a, b;

	return identify_descriptor(descriptor, &a) && identify_descriptor(other, &b) &&
	       is_same(&a, &b);
}
