/* SPDX-License-Identifier: MIT */
/* Finds the sessions of archived traces that one model accepts and another rejects. */
#ifndef CLI_DIFF_TRACES_H
#define CLI_DIFF_TRACES_H

#include "check/open_incarnations.h"
#include "cli/logs.h"
#include "diff/models_diff.h"

/* How one model judges an incarnation. */
struct outcome {
	sessionlint_belief
		belief; /* from what a driver with the mask would have been notified of */
	bool refused;
	/* the first that the model rejects */
	uint64_t line;
	uint32_t event;
	sessionlint_belief before;
	enum sessionlint_verdict verdict;
};

struct incarnation {
	struct open_incarnation open;
	struct outcome outcomes[2];
};

struct changes {
	struct logs *logs;
	const struct side *sides[2];
	struct open_incarnations incarnations;
	struct incarnation ended; /* the last one: its id may be reused by a new incarnation */
	char *file;               /* the log being read */
	bool changed_here;
	uint64_t notifications,
		notifications_before; /* notifications of the run, in total and before this log */
	uint64_t compared, changed, skipped, logs_changed;
	bool short_of_memory;
};

/* Reads the logs and writes the sessions that differ to standard output. -ENOMEM. */
int changes_find(struct changes *changes, char *const *files, int count);

#endif
