/* SPDX-License-Identifier: MIT */
/* The machines of a run whose logs are judged together. */
#ifndef CHECK_MACHINES_H
#define CHECK_MACHINES_H

#include "account/account.h"
#include "check/context.h"

/* The logs of one machine. */
struct machine {
	struct account account;
	struct sessionlint_text computer; /* in mode COMPUTER: its name, as first read; owned */
	uint64_t file;                    /* the last file that it has records of; 0: none */
};

struct machines {
	enum sessionlint_together together;
	uint64_t window;
	struct machine *list;
	size_t count, capacity;
	uint64_t file;         /* number of files so far */
	const char *file_name; /* of the current one; in names */
	bool windows_log;      /* what that is */
	struct arena names;    /* of files */
	struct batch *rest;    /* the records of a batch that are judged as they are read */
	uint64_t taken;        /* number of events of sessions, of these machines */
	uint64_t witnesses;    /* the same, of all machines of the run */
};

void machines_free(struct machines *machines);

/* A log begins. -ENOMEM. */
int machines_begin_file(struct machines *machines, const char *name, bool windows_log);

/* Takes the witnesses out of @batch: *ret_rest are the other records, valid until the next call.
 * -ENOMEM, -EOVERFLOW, or what options.report returned. */
int machines_take(struct machines *machines, struct checker *checker, const struct batch *batch,
		  const struct batch **ret_rest);

#endif
