/* SPDX-License-Identifier: MIT */
#include "base/lock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include "base/folder.h"
#include "base/windows/wide.h"

/* Names the lock by the volume and the number of the folder, however its path is spelt. */
static int name_lock(const char *path, wchar_t name[64])
{
	char *place, *folder;
	wchar_t *wide;
	HANDLE handle;
	BY_HANDLE_FILE_INFORMATION information;
	int r = path_follow(path, &place);

	if (r < 0)
		return r;
	folder = path_folder(place);
	free(place);
	wide = folder ? wide_path(folder) : NULL;
	free(folder);
	if (!wide)
		return -ENOMEM;
	handle = CreateFileW(wide, FILE_READ_ATTRIBUTES,
			     FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
			     OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
	free(wide);
	if (handle == INVALID_HANDLE_VALUE)
		return wide_error();
	if (!GetFileInformationByHandle(handle, &information))
		r = wide_error();
	CloseHandle(handle);
	if (r == 0)
		_snwprintf(name, 64, L"Global\\sessionlint-%lx-%lx-%lx",
			   information.dwVolumeSerialNumber, information.nFileIndexHigh,
			   information.nFileIndexLow);
	return r;
}

int lock_take(struct lock *lock, const char *path, void (*wait)(void *userdata), void *userdata)
{
	wchar_t name[64];
	int r = name_lock(path, name);
	HANDLE mutex;

	if (r < 0)
		return r;
	mutex = CreateMutexW(NULL, FALSE, name);
	if (!mutex)
		return wide_error();
	if (WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT) {
		wait(userdata);
		WaitForSingleObject(mutex, INFINITE);
	}
	lock->handle = (intptr_t)mutex;
	return 0;
}

void lock_release(struct lock *lock)
{
	if (lock->handle != -1) {
		ReleaseMutex((HANDLE)lock->handle);
		CloseHandle((HANDLE)lock->handle);
	}
	*lock = (struct lock)LOCK_INIT;
}
