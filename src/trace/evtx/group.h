/* SPDX-License-Identifier: MIT */
/* Chunks of a log whose EventRecordIDs overlap: they are read together, and their records sorted.
 */
#ifndef TRACE_EVTX_GROUP_H
#define TRACE_EVTX_GROUP_H

#include "trace/evtx/file.h"

/* At most so many chunks are read together. */
#define EVTX_GROUP_MAX 16U

struct evtx_group {
	struct evtx_span *spans; /* its chunks: some of the file's */
	size_t count;
	unsigned char *bytes;      /* of all of them */
	struct evtx_chunk *chunks; /* EVTX_GROUP_MAX */
	/* by id; the buffer of a record is the number of its chunk in the group */
	struct evtx_records records;
	size_t next;        /* the record to deliver next */
	struct arena arena; /* for the text of troubles */
};

/* -ENOMEM; then there is nothing to free. */
int evtx_group_init(struct evtx_group *group);
void evtx_group_free(struct evtx_group *group);

/* Reads one chunk alone, in the order in which it holds its records. *ret_end is where they end.
 * -ENOMEM, or what reading returned. */
int evtx_group_read_one(struct evtx_group *group, struct evtx_file *file, struct evtx_span *span,
			uint32_t *ret_end);

/*
 * Reads the chunk number @span of the file, and with it those after it whose records lie between
 * its own. Sets leftovers of their spans. -ENOMEM, or what reading returned.
 */
int evtx_group_read(struct evtx_group *group, struct evtx_file *file, size_t span);

#endif
