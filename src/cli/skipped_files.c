/* SPDX-License-Identifier: MIT */
#include "cli/skipped_files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/escape.h"
#include "base/folder.h"

int passed_add(struct passed *passed, const char *path)
{
	if (passed->count < PASSED_NAMES) {
		char *name = strdup(path);

		if (!name)
			return -ENOMEM;
		passed->names[passed->count] = name;
	}
	passed->count++;
	return 0;
}

/* @path without its prefix @folder. */
static const char *name_in(const char *path, const char *folder)
{
	return path + strlen(folder) + strlen(path_separator(folder));
}

void passed_tell(struct passed *passed, const char *folder)
{
	if (passed->count > 0) {
		fputs("sessionlint: ", stderr);
		escape_plain(stderr, text_from(folder));
		fprintf(stderr, ": skipped %" PRIu64 " %s: ", passed->count,
			passed->count == 1 ? "file that is not a log" : "files that are not logs");
	}
	for (unsigned i = 0; i < passed->count && i < PASSED_NAMES; i++) {
		fputs(i ? ", " : "", stderr);
		escape_plain(stderr, text_from(name_in(passed->names[i], folder)));
		free(passed->names[i]);
	}
	if (passed->count > PASSED_NAMES)
		fprintf(stderr, " and %" PRIu64 " more", passed->count - PASSED_NAMES);
	if (passed->count > 0)
		putc('\n', stderr);
	console_show(stderr);
	*passed = (struct passed) { 0 };
}
