/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "base/folder.h"

int path_absolute(const char *path, char **ret_absolute)
{
	char *absolute = realpath(path, NULL);

	if (!absolute)
		return -errno;
	*ret_absolute = absolute;
	return 0;
}
