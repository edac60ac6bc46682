/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/input.h"

int input_temporary(void)
{
	FILE *file = tmpfile();
	int descriptor;

	if (!file)
		return -errno;
	descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
	if (descriptor < 0)
		descriptor = -errno;
	fclose(file);
	return descriptor;
}
