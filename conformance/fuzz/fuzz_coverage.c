/* SPDX-License-Identifier: MIT */
/* A ledger of coverage; one that can be read is the same when it is written and read again. */
#include <stdlib.h>

#include "coverage/coverage.h"
#include "harness.h"

static struct sessionlint_text write_ledger(struct ledger *ledger)
{
	char *bytes = NULL;
	size_t written = 0;
	FILE *to = open_memstream(&bytes, &written);

	if (!to)
		harness_fail("no memory");
	coverage_json.write(to, ledger, COVERAGE_CHART);
	fclose(to);
	return text_of(bytes, written);
}

static void target(const uint8_t *data, size_t size)
{
	struct sessionlint_text first, second;
	struct ledger *ledger, *again;

	if (ledger_new(&ledger) < 0)
		harness_fail("no memory");
	if (coverage_read(ledger, (const char *)data, size) == 0) {
		for (unsigned i = 0; coverage_format_at(i); i++)
			coverage_format_at(i)->write(harness_nowhere(), ledger, COVERAGE_CHART);
		first = write_ledger(ledger);
		if (ledger_new(&again) < 0)
			harness_fail("no memory");
		if (coverage_read(again, first.data, first.size) < 0)
			harness_fail("a ledger that was written cannot be read");
		second = write_ledger(again);
		if (!text_equal(first, second))
			harness_fail("a ledger that was written is another when it is read");
		ledger_free(again);
		free((char *)(uintptr_t)first.data);
		free((char *)(uintptr_t)second.data);
	}
	ledger_free(ledger);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}
