/* SPDX-License-Identifier: MIT */
/* Chunks of a large log that a thread reads, and whose checksums it verifies, before they are
 * needed. */
#ifndef TRACE_EVTX_GROUPS_AHEAD_H
#define TRACE_EVTX_GROUPS_AHEAD_H

#include "trace/evtx/group.h"

/* Fewer chunks are read sooner than a thread starts. */
#define GROUPS_AHEAD_MIN 64U

struct groups_ahead;

/* Starts to read the groups of @file, from its first chunk on. The file must outlive this. A
 * negative errno: there is no such thread. */
int groups_ahead_new(struct evtx_file *file, struct groups_ahead **ret_ahead);

/* Waits for the next group, and exchanges it for @group. Returns what evtx_group_read() did;
 * -ENODATA after an error, or the last group. */
int groups_ahead_take(struct groups_ahead *ahead, struct evtx_group *group);

/* NULL is fine. */
void groups_ahead_free(struct groups_ahead *ahead);

#endif
