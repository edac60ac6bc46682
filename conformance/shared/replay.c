/* SPDX-License-Identifier: MIT */
/* Calls a target with the files of a corpus. Prints TAP. */
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "base/whole.h"
#include "harness.h"
#include "tap.h"

#define INPUT_MAX ((size_t)16 << 20)

int LLVMFuzzerInitialize(int *count, char ***arguments);

static void replay(const char *folder, const char *name)
{
	char path[4096], *data;
	size_t size;
	int r;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	r = whole_read_path(path, INPUT_MAX, &data, &size);
	if (r == 0) {
		/* an allocation of its own, so that a sanitizer sees its end */
		uint8_t *copy = malloc(size ? size : 1);

		if (!copy)
			exit(1);
		memcpy(copy, data, size);
		LLVMFuzzerTestOneInput(copy, size);
		free(copy);
		free(data);
	}
	tap_ok(r == 0, "%s: %d", name, r);
}

int main(int count, char **arguments)
{
	for (int i = 1; i < count; i++) {
		struct folder_names names;

		if (folder_list(arguments[i], &names) < 0) {
			tap_ok(false, "%s can be listed", arguments[i]);
			continue;
		}
		for (size_t j = 0; j < names.count; j++)
			replay(arguments[i], names.names[j]);
		folder_free(&names);
	}
	return tap_done();
}
