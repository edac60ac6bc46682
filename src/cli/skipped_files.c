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

int skipped_add(struct skipped *skipped, const char *path)
{
	if (skipped->count < SKIPPED_NAMES) {
		char *name = strdup(path);

		if (!name)
			return -ENOMEM;
		skipped->names[skipped->count] = name;
	}
	skipped->count++;
	return 0;
}

/* @path without its prefix @folder. */
static const char *name_in(const char *path, const char *folder)
{
	return path + strlen(folder) + strlen(path_separator(folder));
}

void skipped_print(struct skipped *skipped, const char *folder)
{
	if (skipped->count > 0) {
		fputs("sessionlint: ", stderr);
		escape_plain(stderr, text_from(folder));
		fprintf(stderr, ": skipped %" PRIu64 " %s: ", skipped->count,
			skipped->count == 1 ? "file that is not a log" : "files that are not logs");
	}
	for (unsigned i = 0; i < skipped->count && i < SKIPPED_NAMES; i++) {
		fputs(i ? ", " : "", stderr);
		escape_plain(stderr, text_from(name_in(skipped->names[i], folder)));
		free(skipped->names[i]);
	}
	if (skipped->count > SKIPPED_NAMES)
		fprintf(stderr, " and %" PRIu64 " more", skipped->count - SKIPPED_NAMES);
	if (skipped->count > 0)
		putc('\n', stderr);
	console_show(stderr);
	*skipped = (struct skipped) { 0 };
}
