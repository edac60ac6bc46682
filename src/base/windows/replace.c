/* SPDX-License-Identifier: MIT */
#include "base/replace.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "base/folder.h"
#include "base/stream.h"
#include "base/windows/wide.h"

#define NAMES_TRIED 100

static bool is_there(const char *path)
{
	enum path_kind kind;

	return path_kind(path, false, &kind) != -ENOENT;
}

/* A name beside @path that nothing has; the process is told from others that do the same. */
static char *temporary_name(const char *path)
{
	size_t size = strlen(path) + 32;
	char *name = malloc(size);

	for (unsigned i = 0; name && i < NAMES_TRIED; i++) {
		snprintf(name, size, "%s.%lx-%u", path, GetCurrentProcessId(), i);
		if (!is_there(name))
			return name;
	}
	free(name);
	return NULL;
}

int replace_begin(struct replacement *replacement, const char *path)
{
	struct replacement new = { 0 };
	enum path_kind kind;
	int r = path_kind(path, true, &kind);

	if (r < 0 && r != -ENOENT)
		return r;
	if (r == 0 && kind != PATH_FILE)
		return kind == PATH_FOLDER ? -EISDIR : -EINVAL;
	new.path = strdup(path);
	new.temporary = temporary_name(path);
	new.file = new.path &&new.temporary ? stream_create(new.temporary) : NULL;
	if (!new.file) {
		r = new.path &&new.temporary ? -errno : -ENOMEM;
		free(new.path);
		free(new.temporary);
		return r;
	}
	*replacement = new;
	return 0;
}

static int move(const char *from, const char *to)
{
	wchar_t *wide_from = wide_path(from), *wide_to = wide_path(to);
	int r = 0;

	if (!wide_from || !wide_to)
		r = -ENOMEM;
	else if (!MoveFileExW(wide_from, wide_to,
			      MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
		r = wide_error();
	free(wide_from);
	free(wide_to);
	return r;
}

static void drop(const char *path)
{
	wchar_t *wide = wide_path(path);

	if (wide)
		DeleteFileW(wide);
	free(wide);
}

int replace_end(struct replacement *replacement)
{
	/* of the write that failed, if one did */
	int r = ferror(replacement->file) ? -(errno ? errno : EIO) : 0;

	errno = 0;
	if (r == 0 && (fflush(replacement->file) != 0 || _commit(_fileno(replacement->file)) < 0))
		r = -(errno ? errno : EIO);
	if (fclose(replacement->file) != 0 && r == 0)
		r = -(errno ? errno : EIO);
	if (r == 0)
		r = move(replacement->temporary, replacement->path);
	if (r < 0)
		drop(replacement->temporary);
	free(replacement->path);
	free(replacement->temporary);
	return r;
}
