/* SPDX-License-Identifier: MIT */
/* Registrations that are live when the trace of their host ends. */
#include <errno.h>
#include <stdlib.h>

#include "check/driver/agreement.h"
#include "check/driver/driver.h"
#include "check/driver/session_object_rules.h"
#include "check/driver/unreturned.h"
#include "check/driver/views.h"
#include "check/finding.h"
#include "check/state/running_calls.h"
#include "check/state/session_objects.h"

/* The place of the registering call. */
static struct place place_of(const struct registration *registration)
{
	return (struct place) {
		.line = registration->line,
		.offset = registration->offset,
		.time = registration->time,
		.event = SESSIONLINT_NO_EVENT,
	};
}

static int by_line(const void *a, const void *b)
{
	const struct registration *const *one = a, *const *other = b;

	return ((*one)->line > (*other)->line) - ((*one)->line < (*other)->line);
}

/* The live registrations without an unregistering call, in the order of the trace; the caller
 * frees the list. -ENOMEM. */
static int live_list(const struct drivers *drivers, const struct registration ***ret_list)
{
	const struct registration **list = calloc(drivers->live + 1, sizeof *list);
	uint32_t count = 0;

	if (!list)
		return -ENOMEM;
	for (uint32_t number = 0; number < drivers->words * 64; number++)
		if (drivers->numbered[number] && !drivers->numbered[number]->tentative &&
		    !drivers->numbered[number]->ending)
			list[count++] = drivers->numbered[number];
	qsort(list, count, sizeof *list, by_line);
	*ret_list = list;
	return 0;
}

static int report_leaks(const struct subject *subject, bool complete)
{
	const struct registration **list;
	int r = live_list(subject->host->drivers, &list);

	if (r < 0)
		return r;
	for (unsigned i = 0; r == 0 && list[i]; i++) {
		struct particulars particulars = NO_PARTICULARS;
		struct subject one = { .checker = subject->checker, .host = subject->host };
		struct place place = place_of(list[i]);

		particulars.place = &place;
		/* a capture that is cut off does not show what the driver did later */
		particulars.severity_change = complete ? 0 : -2;
		one.object = list[i]->object;
		r = report(&one, SESSIONLINT_RULE_LEAKED, particulars,
			   "the trace ends while the registration is live");
	}
	free(list);
	return r;
}

int drivers_end(struct subject *subject, bool complete)
{
	struct drivers *drivers = subject->host->drivers;
	int r;

	if (!drivers)
		return 0;
	r = agreements_end(subject, complete);
	if (r == 0)
		r = samples_end(subject, NULL, complete ? drivers->now + 1 : 0);
	for (struct driver *one = drivers->first_driver; r == 0 && complete && one;
	     one = one->next) {
		r = session_objects_settle(subject, one);
		if (r == 0)
			r = running_check_stuck(subject, one);
	}
	if (r == 0 && !subject->host->shutdown && !drivers->in_doubt)
		r = report_leaks(subject, complete);
	drivers_clear(drivers);
	return r;
}
