/* SPDX-License-Identifier: MIT */
/* A log of any format that is text, through all of the checker, in a run that lives on. */
#include <errno.h>

#include "harness.h"

static void target(const uint8_t *data, size_t size)
{
	int r = harness_check(data, size, "input");
	if (r < 0 && r != -EBADMSG && r != -ENODATA && r != -EILSEQ)
		harness_fail("the check returns %d", r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}
