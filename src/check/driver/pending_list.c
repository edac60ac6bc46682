/* SPDX-License-Identifier: MIT */
/* The lists of pending notifications. */
#include "check/driver/pending_internal.h"
#include "check/state/numbered.h"

#include <errno.h>
#include <stdlib.h>

#include "base/list.h"

uint64_t set_words(const struct pending *pending)
{
	return 3 * (uint64_t)pending->words;
}

void pending_free(struct checker *checker, struct pending *pending)
{
	struct session_detail *detail = detail_of(checker, pending->session);
	struct pending_list *all = &checker->pending;
	struct drivers *host = checker->hosts.hosts[pending->host].drivers;

	LIST_REMOVE(detail->first, detail->last, pending, previous, next);
	LIST_REMOVE(all->oldest, all->newest, pending, older, newer);
	LIST_REMOVE(host->oldest, host->newest, pending, host_older, host_newer);
	detail->waiting--;
	all->count--;
	all->words -= set_words(pending);
	free(pending);
}

void pending_append(struct checker *checker, struct session_detail *detail, struct pending *pending)
{
	struct pending_list *all = &checker->pending;
	struct drivers *host = checker->hosts.hosts[pending->host].drivers;

	LIST_APPEND(detail->first, detail->last, pending, previous, next);
	LIST_APPEND(all->oldest, all->newest, pending, older, newer);
	LIST_APPEND(host->oldest, host->newest, pending, host_older, host_newer);
	detail->waiting++;
	all->count++;
	all->words += set_words(pending);
}

bool lagging_have(const struct session_detail *detail, const struct registration *registration)
{
	for (uint32_t i = 0; i < detail->lagging_count; i++)
		if (detail->lagging[i].serial == registration->serial)
			return true;
	return false;
}

int pending_lag(struct session_detail *detail, const struct registration *registration)
{
	struct lagging *lagging;

	if (pending_lags(detail, registration))
		return 0;
	if (detail->lagging_count == LAGGING_OF_SESSION) {
		detail->lagging_until = registration->serial;
		return 0;
	}
	lagging = realloc(detail->lagging, (detail->lagging_count + 1) * sizeof *lagging);
	if (!lagging)
		return -ENOMEM;
	detail->lagging = lagging;
	lagging[detail->lagging_count++] = (struct lagging) {
		.number = registration->number,
		.serial = registration->serial,
	};
	return 0;
}

void pending_prove(const struct drivers *drivers, struct registration *registration, uint64_t from,
		   uint64_t until)
{
	if (from < registration->live_from) {
		registration->live_from = from;
		numbered_touch(drivers, registration);
	}
	if (until > registration->live_until)
		registration->live_until = until;
}

struct pending *pending_waits(struct pending *pending, uint32_t number)
{
	while (pending && (pending->early || pending->revealed ||
			   !set_has(waiting_set(pending), pending->words, number) ||
			   is_excused(pending, number) || is_skipped(pending, number)))
		pending = pending->next;
	return pending;
}

void pending_take(struct checker *checker, struct pending *pending, uint32_t number)
{
	pending_strike(pending, number);
	if (pending->waiting_count == 0)
		pending_free(checker, pending);
}
