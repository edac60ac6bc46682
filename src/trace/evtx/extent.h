/* SPDX-License-Identifier: MIT */
/* Which records of a channel an .evtx file holds, from its first and its last one. */
#ifndef TRACE_EVTX_EXTENT_H
#define TRACE_EVTX_EXTENT_H

#include "trace/evtx/file.h"

/* Finds the extent of an open file; that of one without records is 0. -ENOMEM, or what reading
 * returned. */
int evtx_extent(struct evtx_file *file, struct reader_extent *ret_extent);

#endif
