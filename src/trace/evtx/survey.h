/* SPDX-License-Identifier: MIT */
/* What must be known of a whole log before its first record can be checked. */
#ifndef TRACE_EVTX_SURVEY_H
#define TRACE_EVTX_SURVEY_H

#include "trace/evtx/channel_stream.h"

/* The computers with a boot anywhere in the log. */
struct evtx_boots {
	struct evtx_computer *first;
	struct table table;
};

void evtx_boots_init(struct evtx_boots *boots);
void evtx_boots_free(struct evtx_boots *boots);
bool evtx_boots_has(const struct evtx_boots *boots, uint64_t computer);

/*
 * Visits all records of the log in the order of reading: adds to @boots, and finds which records of
 * @streams are late, if that is not NULL. Skips malformed parts, which are reported when they are
 * read. -ENOMEM, or what reading returned.
 */
int evtx_survey(struct evtx_file *file, struct evtx_boots *boots, struct evtx_streams *streams);

#endif
