/* SPDX-License-Identifier: MIT */
#include "base/folder.h"

#include <stdlib.h>

void folder_free(struct folder_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i]);
	free(names->names);
	*names = (struct folder_names) { 0 };
}
