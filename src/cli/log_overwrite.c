/* SPDX-License-Identifier: MIT */
/* A report must not overwrite a log. */
#include <string.h>

#include "base/stream.h"
#include "cli/folder_walk.h"
#include "cli/logs.h"

struct search {
	const char *path;
	bool found;
};

static void on_read_log(void *userdata, const char *path)
{
	struct search *search = userdata;

	search->found |= stream_is_same(path, search->path);
}

static void on_read_failure(void *userdata, const char *path, int error)
{
	/* reported when it is checked */
	(void)userdata, (void)path, (void)error;
}

bool logs_contain(char *const *operands, int count, const char *path)
{
	static const struct walk_visitor visitor = {
		.log = on_read_log,
		.failed = on_read_failure,
	};
	struct search search = { .path = path };

	for (int i = 0; i < count; i++)
		if (strcmp(operands[i], "-") == 0 && stream_is_open(STREAM_INPUT, path))
			return true;
	/* most reports are new files */
	if (!stream_is_same(path, path)) {
		for (int i = 0; i < count && !search.found; i++)
			search.found = walk_would_find(operands[i], path);
		return search.found;
	}
	for (int i = 0; i < count && !search.found; i++)
		walk_files(operands[i], &visitor, &search);
	return search.found;
}
