/* SPDX-License-Identifier: MIT */
#include "base/stream.h"

#include <errno.h>
#include <stdlib.h>

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

FILE *stream_open(const char *path)
{
	return open_wide(path, L"rb");
}

FILE *stream_create(const char *path)
{
	return open_wide(path, L"wb");
}
