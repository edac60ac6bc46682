/* SPDX-License-Identifier: MIT */
/* The extent of an .evtx file: the channel and ids of its first and last record. */
#ifndef TRACE_EVTX_EXTENT_H
#define TRACE_EVTX_EXTENT_H

#include "trace/evtx/group.h"

/* Finds the extent of an open file; zeros if it has no records. @group is read into, and empty
 * then. -ENOMEM, or what reading returned. */
int evtx_extent(struct evtx_file *file, struct evtx_group *group, struct reader_extent *ret_extent);

#endif
