/* SPDX-License-Identifier: MIT */
#include "cli/notices.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void notices_free(struct notices *notices)
{
	free(notices->list);
	arena_free(&notices->arena);
	*notices = (struct notices) { 0 };
}

void notices_add(struct notices *notices, const struct report_notice *list, size_t count)
{
	struct report_notice *grown = array_reserve(notices->list, notices->count, count,
						    &notices->capacity, sizeof *grown);

	if (!grown) {
		notices->failed = true;
		return;
	}
	notices->list = grown;
	if (count > 0)
		memcpy(notices->list + notices->count, list, count * sizeof *list);
	notices->count += count;
}

void notices_add_failure(struct notices *notices, const char *path, const char *reason)
{
	size_t path_size = strlen(path) + 1, reason_size = strlen(reason) + 1;
	char *copy = arena_allocate(&notices->arena, path_size + reason_size);

	if (!copy) {
		notices->failed = true;
		return;
	}
	memcpy(copy, path, path_size);
	memcpy(copy + path_size, reason, reason_size);
	notices_add(notices,
		    &(struct report_notice) {
			    .kind = NOTICE_FAILED,
			    .severity = SESSIONLINT_SEVERITY_ERROR,
			    .file = copy,
			    .reason = copy + path_size,
		    },
		    1);
}
