/* SPDX-License-Identifier: MIT */
#include "base/now.h"

#include <stdlib.h>
#include <time.h>

#include "base/number.h"

int64_t now_seconds(void)
{
	const char *fixed = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	if (fixed && decimal_parse(text_from(fixed), INT64_MAX, &seconds) == 0)
		return (int64_t)seconds;
	return (int64_t)time(NULL);
}
