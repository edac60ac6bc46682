/* SPDX-License-Identifier: MIT */
#include "base/whole.h"

#include <errno.h>
#include <stdlib.h>

#include "base/failure.h"

#include "base/stream.h"

#define FIRST_ROOM ((size_t)16 << 10)

int whole_read(FILE *file, size_t limit, char **ret_data, size_t *ret_size)
{
	size_t room = FIRST_ROOM < limit ? FIRST_ROOM : limit, size = 0;
	char *data = NULL;
	int r = 0;

	errno = 0;
	for (;;) {
		char *grown = realloc(data, room + 1);

		if (!grown) {
			r = -ENOMEM;
			break;
		}
		data = grown;
		size += fread(data + size, 1, room - size, file);
		if (ferror(file))
			r = failure_of(errno);
		else if (size == limit)
			r = -EFBIG;
		if (r < 0 || size < room)
			break;
		room = room < limit / 2 ? room * 2 : limit;
	}
	if (r < 0) {
		free(data);
		return r;
	}
	data[size] = '\0';
	*ret_data = data;
	*ret_size = size;
	return 0;
}

int whole_read_path(const char *path, size_t limit, char **ret_data, size_t *ret_size)
{
	FILE *file = stream_open_regular(path);
	int r;

	if (!file)
		return -errno;
	r = whole_read(file, limit, ret_data, ret_size);
	fclose(file);
	return r;
}
