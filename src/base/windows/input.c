/* SPDX-License-Identifier: MIT */
/*
 * Descriptors are those of the C library; what is read goes past it, for it would translate line
 * ends, and has no pread().
 */
#include "base/input.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <windows.h>

#include "base/windows/wide.h"

#define TRANSFER_MAX ((DWORD)1 << 30)

/* Others may write, rename and delete the file. */
#define SHARED (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

static int descriptor_of(HANDLE handle, int flags)
{
	int descriptor;

	if (handle == INVALID_HANDLE_VALUE)
		return wide_error();
	descriptor = _open_osfhandle((intptr_t)handle, flags | _O_BINARY | _O_NOINHERIT);
	if (descriptor < 0) {
		CloseHandle(handle);
		return -EMFILE;
	}
	return descriptor;
}

static HANDLE handle_of(int descriptor)
{
	/* if it is missing, the calls that use it fail */
	return (HANDLE)_get_osfhandle(descriptor);
}

int input_open(const char *path)
{
	wchar_t *wide = wide_path(path);
	int descriptor;

	if (!wide)
		return -ENOMEM;
	/* a folder can be opened like this; input_status() tells that it is one */
	descriptor = descriptor_of(CreateFileW(wide, GENERIC_READ, SHARED, NULL, OPEN_EXISTING,
					       FILE_FLAG_BACKUP_SEMANTICS, NULL),
				   _O_RDONLY);
	free(wide);
	return descriptor;
}

void input_close(int descriptor)
{
	_close(descriptor);
}

int input_status(int descriptor, struct input_status *ret_status)
{
	HANDLE handle = handle_of(descriptor);
	LARGE_INTEGER none = { 0 }, position = { 0 };
	FILE_STANDARD_INFO information;

	SetLastError(NO_ERROR);
	if (GetFileType(handle) != FILE_TYPE_DISK) {
		*ret_status = (struct input_status) { 0 };
		return GetLastError() == NO_ERROR ? 0 : wide_error();
	}
	if (!GetFileInformationByHandleEx(handle, FileStandardInfo, &information,
					  sizeof information))
		return wide_error();
	if (!information.Directory && !SetFilePointerEx(handle, none, &position, FILE_CURRENT))
		return wide_error();
	*ret_status = (struct input_status) {
		.is_folder = information.Directory,
		.is_file = !information.Directory,
		.size = information.Directory ? 0 : (uint64_t)information.EndOfFile.QuadPart,
		.position = (uint64_t)position.QuadPart,
	};
	return 0;
}

/* Reads once. 0 at the end. */
static ssize_t read_once(HANDLE handle, void *bytes, size_t size, uint64_t offset)
{
	OVERLAPPED place = { .Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32) };
	DWORD wanted = size < TRANSFER_MAX ? (DWORD)size : TRANSFER_MAX, got = 0;

	if (ReadFile(handle, bytes, wanted, &got, offset == INPUT_HERE ? NULL : &place))
		return (ssize_t)got;
	switch (GetLastError()) {
	case ERROR_HANDLE_EOF:
	case ERROR_BROKEN_PIPE: /* whoever wrote into it is done */
		return 0;
	default:
		return wide_error();
	}
}

ssize_t input_read(int descriptor, void *bytes, size_t size, size_t min, uint64_t offset)
{
	HANDLE handle = handle_of(descriptor);
	unsigned char *to = bytes;
	size_t done = 0;

	while (done < min) {
		ssize_t got = read_once(handle, to + done, size - done,
					offset == INPUT_HERE ? offset : offset + done);

		if (got < 0)
			return got;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

int input_temporary(void)
{
	wchar_t folder[MAX_PATH + 1], path[MAX_PATH + 1];

	if (GetTempPathW(MAX_PATH + 1, folder) == 0 ||
	    GetTempFileNameW(folder, L"slt", 0, path) == 0)
		return wide_error();
	return descriptor_of(CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
					 FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE,
					 NULL),
			     _O_RDWR);
}

int input_append(int descriptor, const void *bytes, size_t size)
{
	HANDLE handle = handle_of(descriptor);
	const unsigned char *from = bytes;

	while (size > 0) {
		DWORD put = 0;

		if (!WriteFile(handle, from, size < TRANSFER_MAX ? (DWORD)size : TRANSFER_MAX, &put,
			       NULL))
			return wide_error();
		from += put;
		size -= put;
	}
	return 0;
}
