/* SPDX-License-Identifier: MIT */
#include "base/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/failure.h"

int input_open(const char *path)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);

	return descriptor < 0 ? failure_of(errno) : descriptor;
}

void input_close(int descriptor)
{
	close(descriptor);
}

int input_status(int descriptor, struct input_status *ret_status)
{
	struct stat status;
	off_t position = 0;

	if (fstat(descriptor, &status) < 0)
		return failure_of(errno);
	if (S_ISREG(status.st_mode))
		position = lseek(descriptor, 0, SEEK_CUR);
	if (position < 0)
		return failure_of(errno);
	*ret_status = (struct input_status) {
		.is_folder = S_ISDIR(status.st_mode),
		.is_file = S_ISREG(status.st_mode),
		.size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0,
		.position = (uint64_t)position,
	};
	return 0;
}

/* Whoever shares the descriptor may have made it one that does not wait. */
static bool wait_for(int descriptor)
{
	struct pollfd input = { .fd = descriptor, .events = POLLIN };

	return poll(&input, 1, -1) == 1;
}

ssize_t input_read(int descriptor, void *bytes, size_t size, size_t min, uint64_t offset)
{
	unsigned char *to = bytes;
	size_t done = 0;

	while (done < min) {
		ssize_t got = offset == INPUT_HERE ? read(descriptor, to + done, size - done)
						   : pread(descriptor, to + done, size - done,
							   (off_t)(offset + done));

		if (got < 0 && (errno == EINTR || (errno == EAGAIN && wait_for(descriptor))))
			continue;
		if (got < 0)
			return failure_of(errno);
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

int input_append(int descriptor, const void *bytes, size_t size)
{
	const unsigned char *from = bytes;

	while (size > 0) {
		ssize_t put = write(descriptor, from, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		from += put;
		size -= (size_t)put;
	}
	return 0;
}
