/* SPDX-License-Identifier: MIT */
#include "base/input.h"

#include <errno.h>
#include <stdlib.h>

#define COPY_BUFFER ((size_t)64 << 10)

int input_copy(int from, int to)
{
	char *buffer = malloc(COPY_BUFFER);
	uint64_t offset = 0;
	int r = 0;

	if (!buffer)
		return -ENOMEM;
	while (r == 0) {
		ssize_t got = input_read(from, buffer, COPY_BUFFER, 1, offset);

		if (got <= 0) {
			r = (int)got;
			break;
		}
		offset += (uint64_t)got;
		r = input_append(to, buffer, (size_t)got);
	}
	free(buffer);
	return r;
}
