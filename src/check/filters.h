/* SPDX-License-Identifier: MIT */
/* Filters on what is shown. They never change what is judged. */
#ifndef CHECK_FILTERS_H
#define CHECK_FILTERS_H

#include "base/arena.h"
#include "sessionlint.h"

#define FILTER_KINDS ((unsigned)SESSIONLINT_FILTER_SEVERITY + 1)

struct filters {
	struct filter_value *values[FILTER_KINDS]; /* of filters that can have several; NULL: any */
	bool since_given, until_given;
	uint64_t since, until;              /* in 100 ns since 1601 */
	enum sessionlint_severity severity; /* OFF: any */
	struct arena arena;
};

void filters_free(struct filters *filters);

/* See sessionlint_add_filter(). -EINVAL, -ENOMEM. */
int filters_add(struct filters *filters, enum sessionlint_filter kind,
		struct sessionlint_text value);

/* Sets SINCE or UNTIL. */
void filters_set_time(struct filters *filters, enum sessionlint_filter kind, uint64_t time);

/* Whether a value passes. */
bool filters_host(const struct filters *filters, struct sessionlint_text host);
bool filters_session(const struct filters *filters, bool has_session, uint32_t session);
bool filters_user(const struct filters *filters, struct sessionlint_text user,
		  struct sessionlint_text domain);
bool filters_address(const struct filters *filters, struct sessionlint_text address);
bool filters_severity(const struct filters *filters, enum sessionlint_severity severity);
/* Whether something from @first to @last, or NO_TIME, overlaps the time that is shown. */
bool filters_time(const struct filters *filters, uint64_t first, uint64_t last);

/* Whether a finding, an annotation or a step passes. */
bool filters_show_finding(const struct filters *filters, const struct sessionlint_finding *finding);
bool filters_show_annotation(const struct filters *filters,
			     const struct sessionlint_annotation *annotation);
bool filters_show_step(const struct filters *filters, const struct sessionlint_step *step);

/* Lets @filters, which the caller owns, decide what a run shows, instead of its own. */
void run_set_filters(struct sessionlint *run, const struct filters *filters);

#endif
