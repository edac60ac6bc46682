/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/input.h"
#include "base/wasi/temporary.h"

int input_temporary(void)
{
	const char *folder = getenv("TMPDIR");
	char *name;
	int descriptor = temporary_create(folder ? folder : "/tmp", &name);

	if (descriptor >= 0) {
		/* it stays readable until it is closed */
		unlink(name);
		free(name);
	}
	return descriptor;
}
