/* SPDX-License-Identifier: MIT */
/*
 * Sessions that are known from what drivers were told. What no driver asked for may have happened
 * unseen: the belief is that of the model projected onto the union of the masks in force.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check/checker.h"

/* The ladder of a mask is there from now on. */
static int masked_make(struct checker *checker, uint32_t mask)
{
	if (checker->masked[mask])
		return 0;
	checker->masked[mask] = malloc(sizeof **checker->masked);
	if (!checker->masked[mask])
		return -ENOMEM;
	model_ladder_project(&checker->ladders[SESSIONLINT_SOURCE_WDM], mask,
			     checker->masked[mask]);
	return 0;
}

int session_notify(struct checker *checker, struct session *session)
{
	int r = masked_make(checker, session->mask);

	if (r == 0)
		session->flags |= SESSION_NOTIFIED;
	return r;
}

/* A time in which @mask was in force: what it hides may have happened. */
static int session_pass(struct checker *checker, struct session *session, uint32_t mask)
{
	const struct model_ladder *ladder;
	int r = masked_make(checker, mask);

	if (r < 0)
		return r;
	ladder = checker->masked[mask];
	for (unsigned i = 0; i < SESSIONLINT_TOLERANCES; i++)
		session->beliefs[i] = ladder->rungs[i].closure[session->beliefs[i]];
	session->otherwise =
		ladder->rungs[SESSIONLINT_TOLERANCE_REUSED].closure[session->otherwise];
	session->mask = (uint8_t)mask;
	return 0;
}

/*
 * The times behind @detail: each of the masks, in any order and again and again, for when which of
 * them was in force is not kept. Where those of the session's own device objects have changed, they
 * may have been missing at any time.
 */
static int session_pass_all(struct checker *checker, struct session *session,
			    const struct drivers *drivers, const struct session_detail *detail)
{
	bool local_changed = detail->local_version != drivers->local_version;
	uint32_t local = local_changed ? 0 : drivers_local_mask(drivers, session->id);
	sessionlint_belief before[SESSIONLINT_TOLERANCES], otherwise;
	int r = 0;

	do {
		memcpy(before, session->beliefs, sizeof before);
		otherwise = session->otherwise;
		for (uint32_t mask = 0; r == 0 && mask < PROJECTION_MASKS; mask++)
			if (drivers->in_force[mask] > detail->version ||
			    (local_changed && drivers->in_force[mask] == detail->version))
				r = session_pass(checker, session, mask | local);
	} while (r == 0 && (memcmp(before, session->beliefs, sizeof before) != 0 ||
			    otherwise != session->otherwise));
	return r;
}

int session_follow_masks(struct checker *checker, uint32_t number, const struct host *host)
{
	struct session *session = sessions_at(&checker->sessions, number);
	const struct drivers *drivers = host->drivers;
	struct session_detail *detail;
	int r;

	if (!(session->flags & SESSION_NOTIFIED) || !drivers)
		return 0;
	r = details_make(&checker->details, number, &detail);
	if (r < 0 || (detail->version == drivers->version &&
		      detail->local_version == drivers->local_version))
		return r;
	/* one that has just appeared begins now */
	if (detail->version)
		r = session_pass_all(checker, session, drivers, detail);
	if (r == 0)
		r = session_pass(checker, session,
				 drivers->mask | drivers_local_mask(drivers, session->id));
	detail->version = drivers->version;
	detail->local_version = drivers->local_version;
	return r;
}
