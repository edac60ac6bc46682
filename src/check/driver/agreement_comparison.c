/* SPDX-License-Identifier: MIT */
#include "check/driver/agreement_comparison.h"

#include "check/state/numbered.h"
#include "trace/contract.h"

#define NONE UINT32_MAX

bool agreement_has_entries(const struct agreement *agreement, uint32_t serial)
{
	for (uint32_t i = 0; i < agreement->count; i++)
		if (agreement->entries[i].serial == serial)
			return true;
	return false;
}

bool registration_reaches(const struct registration *registration, uint32_t session)
{
	const struct io_object *object = registration->object;

	if (object->device_session)
		return object->device_session == session;
	return !object_may_be_foreign(object, session);
}

struct agreement_party agreement_party(const struct agreement *agreement,
				       const struct registration *registration, uint64_t until)
{
	return (struct agreement_party) {
		.number = registration->number,
		.serial = registration->serial,
		.mask = registration->mask & IO_SESSION_STATE_VALID_EVENT_MASK,
		.made_at = registration->made_at,
		.live_from = registration->made_at > agreement->since ? registration->live_from
								      : UINT64_MAX,
		.live_until = until,
	};
}

static void comparison_add(struct comparison *comparison, struct agreement_party party)
{
	if (comparison->question.party_count < AGREEMENT_PARTIES)
		comparison->parties[comparison->question.party_count++] = party;
}

/* Collects the live registrations that have received something, ordered by number. */
static void comparison_collect_notified(struct comparison *comparison,
					const struct drivers *drivers,
					const struct agreement *agreement,
					const struct registration *ending)
{
	uint32_t from = 0, next;

	for (; comparison->question.party_count < AGREEMENT_PARTIES; from = next + 1) {
		next = NONE;
		for (uint32_t i = 0; i < agreement->count; i++) {
			const struct agreement_entry *entry = &agreement->entries[i];

			if (entry->number >= from && entry->number < next &&
			    (!ending || entry->serial != ending->serial) &&
			    numbered_at(drivers, entry->number, entry->serial))
				next = entry->number;
		}
		if (next == NONE)
			break;
		comparison_add(comparison, agreement_party(agreement, drivers->numbered[next], 0));
	}
}

void comparison_collect(struct comparison *comparison, const struct checker *checker,
			const struct drivers *drivers, const struct agreement *agreement,
			const struct registration *ending, uint64_t until)
{
	uint32_t session = sessions_at(&checker->sessions, agreement->session)->id;

	if (ending)
		comparison_add(comparison, agreement_party(agreement, ending, ending->live_until));
	for (uint32_t i = 0; i < agreement->ended_count; i++)
		comparison_add(comparison, agreement->ended[i]);
	if (!until) {
		comparison_collect_notified(comparison, drivers, agreement, ending);
		return;
	}
	for (uint32_t i = 0; i < drivers->words * 64; i++) {
		const struct registration *one = drivers->numbered[i];

		if (comparison->question.party_count == AGREEMENT_PARTIES)
			break;
		if (one && one != ending &&
		    ((one->live_from != UINT64_MAX && registration_reaches(one, session)) ||
		     agreement_has_entries(agreement, one->serial)))
			comparison_add(comparison, agreement_party(agreement, one, until));
	}
}

static bool comparison_has(const struct comparison *comparison, uint32_t serial)
{
	for (uint32_t i = 0; i < comparison->question.party_count; i++)
		if (comparison->parties[i].serial == serial)
			return true;
	return false;
}

void comparison_prepare(struct comparison *comparison, const struct checker *checker,
			const struct agreement *agreement)
{
	struct agreement_question *question = &comparison->question;

	question->model = &checker->ladders[SESSIONLINT_SOURCE_WDM].rungs[TOLERANCE_COUNT - 1];
	question->start = agreement->start;
	question->parties = comparison->parties;
	question->entries = comparison->entries;
	question->missing_party = NONE;
	for (uint32_t i = 0; i < agreement->count; i++)
		if (comparison_has(comparison, agreement->entries[i].serial))
			comparison->entries[question->count++] = agreement->entries[i];
}
