/* SPDX-License-Identifier: MIT */
/* A node of a search while its steps are made. */
#ifndef ACCOUNT_SEARCH_VISIT_H
#define ACCOUNT_SEARCH_VISIT_H

#include "account/search_levels.h"

struct visit {
	struct search *search;
	struct node *node;
	uint32_t level; /* how many records have been consumed */
	uint32_t row;
	bool over;                      /* no records are left */
	int64_t earliest;               /* time of the earliest record that is left */
	int64_t latest;                 /* of the latest record before */
	uint8_t near;                   /* bit n: the next record of log n is within the window */
	uint8_t reported;               /* those of them that are reports of Windows */
	uint8_t heads[MODEL_EVENTS];    /* by event: the logs whose next record it is */
	unsigned states;                /* bit n: the session can be in state n */
	uint8_t forbidden;              /* logs that would have shown an unseen transition */
	bool bound;                     /* the winlogon's own log shows that the session went on */
	uint8_t watched;                /* bit n: watching[n] is known */
	uint8_t watching[ACCOUNT_LOGS]; /* by log of the first witness: see find_watching() */
};

/* Makes the unseen transitions of the node, until none is cheaper than what is known. Finds out
 * which logs would have shown one: visit->bound and visit->forbidden. */
void visit_make_unseen(struct visit *visit);

static inline const struct search_record *record_at(const struct search *search, unsigned log,
						    uint32_t index)
{
	return &search->records[log][index];
}

static inline int64_t time_at(const struct search *search, unsigned log, uint32_t index)
{
	return search->records[log][index].time;
}

#endif
