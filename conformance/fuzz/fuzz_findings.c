/* SPDX-License-Identifier: MIT */
/* Findings that check --format=json wrote: compared with themselves, nothing is new or gone. */
#include <stdlib.h>

#include "diff/findings_diff.h"
#include "harness.h"

static int read_findings(struct findings *findings, const uint8_t *data, size_t size)
{
	struct findings_reason reason;
	FILE *file = fmemopen((void *)(uintptr_t)data, size, "rb");
	int r;

	if (!file)
		harness_fail("no memory");
	findings_init(findings);
	r = findings_read(findings, file, &reason);
	fclose(file);
	return r;
}

static void target(const uint8_t *data, size_t size)
{
	struct findings old, new;
	struct findings_diff result;
	int r, again;

	/* fmemopen() wants some */
	if (size == 0)
		return;
	r = read_findings(&old, data, size);
	again = read_findings(&new, data, size);
	if (r != again)
		harness_fail("the report is read as %d, and then as %d", r, again);
	if (r == 0) {
		findings_diff(&old, &new, &result);
		if (result.added > 0)
			harness_fail("findings are new in the same report");
		for (unsigned i = 0; findings_diff_format_at(i); i++)
			findings_diff_format_at(i)->write(harness_nowhere(), &result);
	}
	findings_free(&old);
	findings_free(&new);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}
