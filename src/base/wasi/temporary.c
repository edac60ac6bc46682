/* SPDX-License-Identifier: MIT */
#include "base/wasi/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "base/seed.h"

#define NAMES_TRIED 100

static char *make_name(const char *folder)
{
	size_t size = strlen(folder) + 40;
	char *name = malloc(size);

	if (name)
		snprintf(name, size, "%s%s.sessionlint-%016llx", folder, path_separator(folder),
			 (unsigned long long)random_seed());
	return name;
}

int temporary_create(const char *folder, char **ret_name)
{
	int r = -EEXIST;

	for (unsigned i = 0; i < NAMES_TRIED && r == -EEXIST; i++) {
		char *name = make_name(folder);

		if (!name)
			return -ENOMEM;
		r = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (r >= 0) {
			*ret_name = name;
			return r;
		}
		r = -errno;
		free(name);
	}
	return r;
}
