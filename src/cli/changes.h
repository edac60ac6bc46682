/* SPDX-License-Identifier: MIT */
/* The sessions of archived traces that one model accepts and another refuses. */
#ifndef CLI_CHANGES_H
#define CLI_CHANGES_H

#include "base/table.h"
#include "cli/logs.h"
#include "report/difference.h"

/* How a life fares by one model. */
struct fate {
	sessionlint_belief belief; /* of what a driver with the mask would have been told */
	bool refused;
	/* the first that the model refuses */
	uint64_t line;
	uint32_t event;
	sessionlint_belief before;
	enum sessionlint_verdict verdict;
};

struct life {
	struct table_entry entry;
	uint32_t key[3]; /* host, source, session */
	struct fate fates[2];
};

struct changes {
	struct logs *logs;
	const struct side *sides[2];
	struct table lives;
	struct life ended; /* the last: its id may go on in a new life */
	char *file;        /* the log that is read */
	bool changed_here;
	uint64_t told, told_before; /* notifications of the run, and before this log */
	uint64_t compared, changed, skipped, logs_changed;
	bool short_of_memory;
};

/* Reads the logs and writes to standard output what changes. -ENOMEM. */
int changes_find(struct changes *changes, char *const *files, int count);

#endif
