/* SPDX-License-Identifier: MIT */
/* A baseline; one that can be read is the same when it has been written and is read again. */
#include <stdlib.h>

#include "baseline/baseline.h"
#include "harness.h"

#define NOW INT64_C(1795521600)

static void target(const uint8_t *data, size_t size)
{
	struct baseline baseline, again;
	struct sessionlint_baseline_error error;
	char *bytes = NULL;
	size_t written = 0;
	FILE *to;

	baseline_init(&baseline);
	if (baseline_read(&baseline, (const char *)data, size, NOW, &error) == 0) {
		to = open_memstream(&bytes, &written);
		if (!to)
			harness_fail("no memory");
		baseline_write(to, &baseline);
		fclose(to);
		baseline_init(&again);
		if (baseline_read(&again, bytes, written, NOW, &error) < 0)
			harness_fail("a baseline that was written: %u:%u: %s", error.line,
				     error.column, error.text);
		if (again.count != baseline.count)
			harness_fail("%zu entries have become %zu", baseline.count, again.count);
		baseline_free(&again);
		free(bytes);
	}
	baseline_free(&baseline);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}
