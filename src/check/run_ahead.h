/* SPDX-License-Identifier: MIT */
/* Reading logs ahead: other threads read those that come next while one is judged. */
#ifndef CHECK_RUN_AHEAD_H
#define CHECK_RUN_AHEAD_H

#include <stdbool.h>

#include "sessionlint.h"

#define JOBS_MAX 256U

/* How many threads read logs, 2 to JOBS_MAX; with fewer, which is the default, logs are read where
 * they are judged. */
void run_set_jobs(struct sessionlint *run, unsigned jobs);

/* Whether it makes sense to expect one more log now. */
bool run_has_room(const struct sessionlint *run);

/* sessionlint_check_file() will be called for @path, a file of about @size bytes, after it was for
 * those that are expected already. Nothing depends on this but when the file is read. */
void run_expect(struct sessionlint *run, const char *path, uint64_t size);

#endif
