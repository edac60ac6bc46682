/* SPDX-License-Identifier: MIT */
/* Chunks of a log whose EventRecordIDs overlap: they are read together, and their records sorted.
 */
#ifndef TRACE_EVTX_GROUP_H
#define TRACE_EVTX_GROUP_H

#include "trace/evtx/file.h"

/* Max number of chunks read together. */
#define EVTX_GROUP_MAX 16U

struct evtx_group {
	struct evtx_span *spans; /* its chunks, a part of the file's */
	size_t count;
	unsigned char *bytes;      /* of all of them */
	struct evtx_chunk *chunks; /* as many */
	size_t room;               /* for so many: most logs never need more than one */
	/* by id; buffer is the number of the chunk in the group */
	struct evtx_records records;
	size_t next;        /* index of the next record to deliver */
	uint32_t leftovers; /* a bit for each chunk that has more records after its own */
	struct arena arena; /* for reasons */
};

/* A group of zeroes is empty. */
void evtx_group_free(struct evtx_group *group);

/* Reads one chunk alone, and does not sort its records. *ret_end is the end of them. -ENOMEM, or
 * what reading returned. */
int evtx_group_read_one(struct evtx_group *group, struct evtx_file *file, struct evtx_span *span,
			uint32_t *ret_end);

/* Reads chunk number @span of the file, with the following ones whose records overlap it. -ENOMEM,
 * or what reading returned. */
int evtx_group_read(struct evtx_group *group, struct evtx_file *file, size_t span);

/* Another batch begins: texts of the one before are gone. */
void evtx_group_begin_batch(struct evtx_group *group);

#endif
