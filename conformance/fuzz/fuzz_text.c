/* SPDX-License-Identifier: MIT */
/* A log of any format that is text, through all of the checker, in a run that lives on. */
#include <errno.h>

#include "harness.h"

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	(void)userdata;
	if (finding->message.size == 0 || finding->severity > SESSIONLINT_SEVERITY_ERROR)
		harness_fail("a finding without a message, or with a severity of %d",
			     (int)finding->severity);
	return 0;
}

static void target(const uint8_t *data, size_t size)
{
	static struct sessionlint *run;
	int r;

	if (!run) {
		struct sessionlint_options options;

		sessionlint_options_init(&options, false);
		options.report = on_finding;
		if (sessionlint_new(&options, &run) < 0)
			harness_fail("no run");
	}
	r = sessionlint_check_descriptor(run, harness_file(data, size), "input");
	if (r < 0 && r != -EBADMSG && r != -ENODATA)
		harness_fail("the check returns %d", r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}
