/* SPDX-License-Identifier: MIT */
/*
 * The yardstick: reads a text trace, finds its keys and values with a scanner that Ragel made of
 * the same grammar as fast as it can (-G2), and does nothing with them.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "trace/text/scan.h"

#define STEP ((size_t)256 << 10)

static char buffer[2 * STEP]; /* what a step leaves over is less than a line */

int main(int count, char **arguments)
{
	int descriptor = count == 2 ? open(arguments[1], O_RDONLY) : -1;
	unsigned long lines = 0, pairs = 0;
	struct pairs found;
	size_t have = 0;
	ssize_t got;

	if (descriptor < 0) {
		fputs("usage: scan_only FILE\n", stderr);
		return 2;
	}
	while ((got = read(descriptor, buffer + have, STEP)) > 0) {
		const char *at = buffer, *end, *next;

		have += (size_t)got;
		end = memrchr(buffer, '\n', have);
		if (!end)
			return 2;
		for (end++; at < end; at = next, lines++) {
			if (logfmt_scan(at, end, &found, &next) < 0)
				return 2;
			pairs += found.count;
		}
		have -= (size_t)(end - buffer);
		memmove(buffer, end, have);
	}
	close(descriptor);
	printf("%lu lines, %lu pairs\n", lines, pairs);
	return 0;
}
