/* SPDX-License-Identifier: MIT */
#include "base/input.h"

#include <errno.h>
#include <unistd.h>

ssize_t input_read(int descriptor, void *bytes, size_t size, size_t least, uint64_t offset)
{
	unsigned char *to = bytes;
	size_t done = 0;

	while (done < least) {
		ssize_t got = offset == INPUT_HERE ? read(descriptor, to + done, size - done)
						   : pread(descriptor, to + done, size - done,
							   (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}
