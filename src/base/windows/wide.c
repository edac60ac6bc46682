/* SPDX-License-Identifier: MIT */
#include "base/windows/wide.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <windows.h>

/* From here on a path needs the prefix; a folder has to leave room for a name of 8.3. */
#define LONG_PATH (MAX_PATH - 12)

wchar_t *wide_from_utf8(const char *text)
{
	int size = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
	wchar_t *wide = size > 0 ? malloc((size_t)size * sizeof *wide) : NULL;

	if (wide)
		MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, size);
	return wide;
}

char *wide_to_utf8(const wchar_t *text)
{
	int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
	char *utf8 = size > 0 ? malloc((size_t)size) : NULL;

	if (utf8)
		WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, size, NULL, NULL);
	return utf8;
}

/* Makes a path absolute and adds the prefix that lifts the limit of MAX_PATH ("Maximum Path Length
 * Limitation"). */
static wchar_t *path_lengthen(const wchar_t *path)
{
	DWORD size = GetFullPathNameW(path, 0, NULL, NULL);
	wchar_t *full = size > 0 ? malloc(size * sizeof *full) : NULL;
	wchar_t *lengthened = size > 0 ? malloc((size + 8) * sizeof *lengthened) : NULL;

	if (full && lengthened && GetFullPathNameW(path, size, full, NULL) < size) {
		/* \\server\share becomes \\?\UNC\server\share */
		bool is_network = wcsncmp(full, L"\\\\", 2) == 0;

		wcscpy(lengthened, is_network ? L"\\\\?\\UNC" : L"\\\\?\\");
		wcscat(lengthened, full + is_network);
	} else {
		free(lengthened);
		lengthened = NULL;
	}
	free(full);
	return lengthened;
}

static bool is_prefixed(const wchar_t *path)
{
	return wcsncmp(path, L"\\\\?\\", 4) == 0 || wcsncmp(path, L"\\\\.\\", 4) == 0;
}

wchar_t *wide_path(const char *path)
{
	wchar_t *wide = wide_from_utf8(path), *lengthened;

	if (!wide || is_prefixed(wide) || wcslen(wide) < LONG_PATH)
		return wide;
	lengthened = path_lengthen(wide);
	free(wide);
	return lengthened;
}

int wide_error(void)
{
	switch (GetLastError()) {
	case ERROR_FILE_NOT_FOUND:
	case ERROR_PATH_NOT_FOUND:
	case ERROR_INVALID_NAME:
	case ERROR_BAD_PATHNAME:
	case ERROR_DIRECTORY:
	case ERROR_INVALID_DRIVE:
	case ERROR_BAD_NETPATH:
	case ERROR_BAD_NET_NAME:
		return -ENOENT;
	case ERROR_ACCESS_DENIED:
	case ERROR_SHARING_VIOLATION:
	case ERROR_LOCK_VIOLATION:
		return -EACCES;
	case ERROR_INVALID_HANDLE:
		return -EBADF;
	case ERROR_NOT_ENOUGH_MEMORY:
	case ERROR_OUTOFMEMORY:
		return -ENOMEM;
	case ERROR_TOO_MANY_OPEN_FILES:
		return -EMFILE;
	case ERROR_FILENAME_EXCED_RANGE:
		return -ENAMETOOLONG;
	case ERROR_CANT_RESOLVE_FILENAME:
		return -ELOOP;
	case ERROR_DISK_FULL:
	case ERROR_HANDLE_DISK_FULL:
		return -ENOSPC;
	default:
		return -EIO;
	}
}
