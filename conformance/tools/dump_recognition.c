/* SPDX-License-Identifier: MIT */
/*
 * What the table of recognitions says of files: a line of JSON for each. "early" is the first
 * length at which it was said, and "unsure" one at which something else was said before: 0 if there
 * is none.
 */
#include <stdio.h>
#include <stdlib.h>

#include "trace/recognize.h"

static const char *const names[] = {
	[RECOGNITION_LOG] = "log",
	[RECOGNITION_SHAPE] = "shape",
	[RECOGNITION_REPORT] = "report",
	[RECOGNITION_OTHER] = "other",
};

static void dump(const unsigned char *bytes, size_t size)
{
	static struct head head;
	const struct recognition *end, *row;
	size_t early = 0, unsure = 0;

	head_read(&head, bytes, size, true);
	end = recognize(&head);
	for (size_t i = 1; i < size; i++) {
		head_read(&head, bytes, i, false);
		row = recognize(&head);
		if (row && early == 0)
			early = i;
		if (row && row != end && unsure == 0)
			unsure = i;
	}
	printf("{\"is\":\"%s\",\"format\":\"%s\",\"what\":\"", names[end->is],
	       end->format ? end->format->name : "");
	for (const char *c = end->what ? end->what : ""; *c; c++)
		printf(*c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
	printf("\",\"early\":%zu,\"unsure\":%zu}\n", early, unsure);
}

int main(int count, char **paths)
{
	static unsigned char bytes[HEAD_SIZE];

	for (int i = 1; i < count; i++) {
		FILE *file = fopen(paths[i], "rb");

		if (!file) {
			perror(paths[i]);
			return 2;
		}
		dump(bytes, fread(bytes, 1, sizeof bytes, file));
		fclose(file);
	}
	return 0;
}
