/* SPDX-License-Identifier: MIT */
/* A configuration file. What is complained of goes to standard error, which nobody reads. */
#include "cli/config.h"
#include "harness.h"

static void target(const uint8_t *data, size_t size)
{
	struct config config = { 0 };
	struct settings settings = SETTINGS_INIT(&command_check);
	struct arguments line = { .command = &command_check };

	harness_file(data, size);
	settings.config = harness_path();
	config_apply(&config, &settings, line, NULL, 0);
	config_free(&config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}
