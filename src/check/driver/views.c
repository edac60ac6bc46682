/* SPDX-License-Identifier: MIT */
#include "check/driver/views.h"

#include <errno.h>
#include <stdlib.h>

#include "check/driver/agreement.h"
#include "check/driver/driver.h"
#include "check/driver/local_session.h"
#include "check/driver/pending.h"
#include "check/driver/view_ladder.h"
#include "check/finding.h"
#include "check/session/session.h"
#include "check/session/trail.h"
#include "check/state/numbered.h"
#include "check/state/session_views.h"

#define RUNGS TOLERANCE_COUNT

/* A notification in the view of the registration that received it. */
struct view_step {
	const struct registration *registration;
	struct view *view;
	struct pending *waiting; /* another registration was notified of it before */
	unsigned rung;           /* strictest rung of the ladder that explains it, or RUNGS */
	sessionlint_belief after[RUNGS];
	sessionlint_belief core;              /* possible states right after the event */
	sessionlint_belief without_violation; /* the new belief without the last violation */
	bool cascade;                         /* explained only without that violation */
};

static uint32_t view_mask(const struct registration *registration)
{
	return registration->mask & IO_SESSION_STATE_VALID_EVENT_MASK;
}

/* Extends @beliefs by the transitions that @ladder hides. */
static void beliefs_close(const struct model_ladder *ladder, sessionlint_belief beliefs[RUNGS])
{
	for (unsigned i = 0; i < RUNGS; i++)
		beliefs[i] = ladder->rungs[i].closure[beliefs[i]];
}

/* Anything may have happened to the session since its last record. */
static int session_release(struct checker *checker, struct session *session)
{
	int r = view_ladder_make(checker, 0);

	if (r < 0)
		return r;
	beliefs_close(checker->masked[0], session->beliefs);
	session->without_violation = checker->masked[0]
					     ->rungs[SESSIONLINT_TOLERANCE_REUSED]
					     .closure[session->without_violation];
	session->mask = 0;
	return 0;
}

int session_notify(struct checker *checker, struct session *session)
{
	int r = view_ladder_make(checker, session->mask);

	if (r < 0)
		return r;
	session->flags |= SESSION_NOTIFIED;
	if (checker->hosts.hosts[session->scope].drivers->intricate)
		trail_note(checker, session, TRAIL_UNCOVERED);
	return 0;
}

/* ---- the view of a registration ---- */

static void view_load(struct session *session, const struct view *view, uint32_t mask)
{
	memcpy(session->beliefs, view->beliefs, sizeof session->beliefs);
	session->without_violation = view->without_violation;
	session->mask = (uint8_t)mask;
}

static void view_store(struct view *view, const struct session *session)
{
	memcpy(view->beliefs, session->beliefs, sizeof view->beliefs);
	view->without_violation = session->without_violation;
}

/*
 * The initial view of a registration that has not been notified of the session yet. What other
 * registrations know is only valid if it was known before this one was created, since they may
 * receive later events first.
 */
static int view_begin(struct checker *checker, struct session *session,
		      const struct session_detail *detail, const struct registration *registration,
		      struct view *view)
{
	int r = 0;

	*view = (struct view) { .number = registration->number, .serial = registration->serial };
	memcpy(view->beliefs, session->beliefs, sizeof view->beliefs);
	if (detail->notified_at >= registration->made_at)
		memset(view->beliefs, SESSIONLINT_BELIEF_ANY, sizeof view->beliefs);
	else if (detail->notified_at) {
		r = view_ladder_make(checker, 0);
		if (r == 0)
			beliefs_close(checker->masked[0], view->beliefs);
	}
	if (r == 0)
		beliefs_close(checker->masked[view_mask(registration)], view->beliefs);
	return r;
}

static int view_find(struct subject *subject, struct session_detail *detail,
		     const struct registration *registration, struct view **ret_view)
{
	int r = view_ladder_make(subject->checker, view_mask(registration));

	if (r == 0)
		r = view_make(detail, registration->number, ret_view);
	if (r < 0)
		return r;
	if ((*ret_view)->serial == registration->serial)
		return 0;
	return view_begin(subject->checker, subject->session, detail, registration, *ret_view);
}

/* ---- a notification ---- */

/* The view without the last violation; *ret_orderly: only the published table and new
 * incarnations are needed to explain it. */
static sessionlint_belief view_without_violation(const struct model *rungs, const struct view *view,
						 uint32_t event, bool *ret_orderly)
{
	const struct model *reused = &rungs[SESSIONLINT_TOLERANCE_REUSED], *lax = &rungs[RUNGS - 1];
	sessionlint_belief without_violation = lax->reached[event][view->without_violation];

	*ret_orderly = reused->reached[event][view->without_violation] != SESSIONLINT_BELIEF_NONE;
	return without_violation ? without_violation
				 : lax->reached[event][lax->closure[view->without_violation]];
}

static void view_step_judge(const struct subject *subject, struct view_step *view_step)
{
	const struct checker *checker = subject->checker;
	const struct model *rungs = checker->masked[view_mask(view_step->registration)]->rungs;
	const struct view *view = view_step->view;
	uint32_t event = subject->record->event;
	sessionlint_belief without_violation;
	bool orderly;

	without_violation = view_without_violation(rungs, view, event, &orderly);
	view_step->rung = RUNGS;
	for (unsigned i = RUNGS; i-- > 0;) {
		view_step->after[i] = rungs[i].reached[event][view->beliefs[i]];
		if (view_step->after[i])
			view_step->rung = i;
	}
	/* after a violation, do not report a regular new incarnation */
	if (view_step->rung == RUNGS && event == SESSIONLINT_EVENT_CREATED && orderly) {
		memset(view_step->after, without_violation, sizeof view_step->after);
		view_step->rung = 0;
		view_step->cascade = true;
	}
	view_step->core = view_step->rung < RUNGS ? view_step->after[view_step->rung]
						  : checker->targets[event];
	for (unsigned i = 0; i < RUNGS; i++)
		view_step->after[i] = rungs[i].closure[i < view_step->rung ? view_step->core
									   : view_step->after[i]];
	without_violation = rungs[SESSIONLINT_TOLERANCE_REUSED].closure[without_violation];
	if (without_violation & ~view_step->after[SESSIONLINT_TOLERANCE_REUSED])
		view_step->without_violation = without_violation;
}

/* If the object has several registrations, which is a breach, chooses the one that matches best. */
static int view_step_choose(struct subject *subject, uint32_t number, struct session_detail *detail,
			    struct view_step *ret_step)
{
	unsigned best = 0;

	for (const struct registration *one = subject->object->registrations; one;
	     one = one->sibling) {
		struct view_step view_step = { .registration = one };
		unsigned fits;
		int r;

		if (!mask_selects(one->mask, subject->record->event))
			continue;
		r = view_find(subject, detail, one, &view_step.view);
		if (r < 0)
			return r;
		view_step_judge(subject, &view_step);
		view_step.waiting = pending_waiting(subject, number, one);
		fits = 1U + (view_step.waiting ? 1U : 0U) + (view_step.rung < RUNGS ? 2U : 0U);
		if (fits > best)
			*ret_step = view_step;
		best = fits > best ? fits : best;
	}
	/* the views may have been reallocated */
	if (ret_step->registration)
		ret_step->view = view_at(detail, ret_step->registration->number);
	return 0;
}

/* The tolerance needed to explain the notification; RUNGS: none does. */
static unsigned view_step_tolerance(const struct subject *subject,
				    const struct view_step *view_step)
{
	const struct model_ladder *ladder =
		subject->checker->masked[view_mask(view_step->registration)];

	return view_step->rung < RUNGS ? ladder->grants[view_step->rung] : RUNGS;
}

/* The session advances: this registration is the first to show it. */
static int view_step_first(struct subject *subject, uint32_t number, struct session_detail *detail,
			   const struct view_step *view_step)
{
	struct session *session = subject->session;
	int r;

	view_load(session, view_step->view, view_mask(view_step->registration));
	subject->checker->totals.events++;
	r = session_event(subject);
	view_store(view_step->view, session);
	detail->leader = view_step->registration->number;
	detail->leader_serial = view_step->registration->serial;
	return r == 0 ? pending_reveal(subject, number, view_step->registration,
				       view_step_tolerance(subject, view_step))
		      : r;
}

/* Reports what only this registration shows of an event that others have shown. */
static int view_step_report(struct subject *subject, const struct view_step *view_step)
{
	struct session *session = subject->session, saved = *session;
	int r;

	view_load(session, view_step->view, view_mask(view_step->registration));
	session->flags &= (uint8_t)~SESSION_OBSERVED;
	r = session_event_again(subject);
	view_store(view_step->view, session);
	memcpy(session->beliefs, saved.beliefs, sizeof session->beliefs);
	session->without_violation = saved.without_violation;
	session->mask = saved.mask;
	session->flags |= saved.flags & SESSION_OBSERVED;
	return r;
}

/* Updates the view after an event that was reported already. */
static void view_step_update(const struct subject *subject, const struct view_step *view_step)
{
	const struct model_ladder *ladder =
		subject->checker->masked[view_mask(view_step->registration)];
	struct view *view = view_step->view;

	if (view_step->rung < RUNGS) {
		memcpy(view->beliefs, view_step->after, sizeof view->beliefs);
		view->without_violation = view_step->without_violation;
		return;
	}
	view->without_violation |= view->beliefs[SESSIONLINT_TOLERANCE_REUSED];
	memset(view->beliefs, view_step->core, sizeof view->beliefs);
	beliefs_close(ladder, view->beliefs);
}

/* Handles an event that another registration was notified of before. */
static int view_step_again(struct subject *subject, const struct view_step *view_step)
{
	struct pending *pending = view_step->waiting;
	unsigned tolerance = view_step_tolerance(subject, view_step);
	bool explained = view_step->rung < RUNGS;
	/* it has missed events that it should have been notified of before */
	bool passed = pending_pass(pending->previous, view_step->registration, !explained);
	bool reported = explained ? tolerance < SESSIONLINT_TOLERANCE_KNOWN ||
					    tolerance <= pending->tolerance
				  : passed || pending->tolerance == RUNGS;
	int r = 0;

	if (reported)
		view_step_update(subject, view_step);
	else
		r = view_step_report(subject, view_step);
	pending_settle(subject, pending, view_step->registration, tolerance);
	return r;
}

/* If the registration has missed events that others received, that may explain the notification.
 * If so, skips them. */
static void view_step_catch_up(struct subject *subject, uint32_t number,
			       struct view_step *view_step)
{
	const struct model *rungs =
		subject->checker->masked[view_mask(view_step->registration)]->rungs;
	struct pending *one = NULL, *last = NULL;
	struct view *view = view_step->view, before = *view;

	while ((one = pending_next(subject, number, one, view_step->registration))) {
		for (unsigned i = 0; i < RUNGS; i++)
			view->beliefs[i] = rungs[i].next[one->place.event][view->beliefs[i]];
		last = one;
	}
	if (last)
		view_step_judge(subject, view_step);
	if (last && view_step->rung < RUNGS)
		pending_pass(last, view_step->registration, true);
	else
		*view = before;
}

/* Stores the notification, to compare it with those of others. One that is wrong by itself, or
 * whose registration is uncertain, is not compared. */
static int view_step_store(struct subject *subject, uint32_t number, struct session_detail *detail,
			   const struct view_step *view_step)
{
	if (view_step->rung == RUNGS || view_step->cascade ||
	    subject->object->registrations->sibling) {
		agreement_forget(subject->checker, detail);
		return 0;
	}
	return agreement_add(subject, number, view_step->registration,
			     detail->notified_at ? view_step->view->beliefs[RUNGS - 1]
						 : subject->session->beliefs[RUNGS - 1]);
}

/* Notes for certificates that @registration was notified, and whether others were before. */
static void view_note(const struct subject *subject, struct session_detail *detail,
		      const struct registration *registration, struct trail_notified *ret_notified)
{
	struct drivers *drivers = subject->host->drivers;

	/* of several registrations of one object, it may have been any */
	if (registration->sibling || subject->object->registrations->sibling)
		return;
	*ret_notified = (struct trail_notified) {
		.serial = registration->serial,
		.mask = view_mask(registration),
		.made = (uint32_t)registration->made_at,
		.at = (uint32_t)drivers->now,
	};
	drivers->notifying = *ret_notified;
	if (!detail->shown_by)
		detail->shown_by = registration->serial;
	if (detail->shown_by != registration->serial)
		trail_note(subject->checker, subject->session, TRAIL_SEVERAL);
}

int view_notify(struct subject *subject, uint32_t number, struct view_result *ret_result)
{
	struct view_step view_step = { .registration = NULL };
	struct session_detail *detail;
	int r = details_make(&subject->checker->details, number, &detail);

	if (r == 0)
		r = view_step_choose(subject, number, detail, &view_step);
	if (r < 0 || !view_step.registration)
		return r;
	*ret_result = (struct view_result) {
		.judged = true,
		.core = view_step.core,
	};
	view_note(subject, detail, view_step.registration, &ret_result->notified);
	r = view_step_store(subject, number, detail, &view_step);
	detail->notified_at = subject->host->drivers->now;
	if (r < 0)
		return r;
	if (view_step.rung == RUNGS && !view_step.waiting)
		view_step_catch_up(subject, number, &view_step);
	if (view_step.waiting) {
		r = view_step_again(subject, &view_step);
		/* certificates do not follow who was the first to be notified of an event */
		if (!detail->leader_serial)
			trail_note(subject->checker, subject->session, TRAIL_UNCOVERED);
		if (detail->leader_serial == view_step.registration->serial)
			view_load(subject->session, view_step.view,
				  view_mask(view_step.registration));
	} else if (view_step.rung == RUNGS &&
		   pending_late(subject, number, view_step.registration)) {
		r = report(subject, SESSIONLINT_RULE_UNEXPECTED, NO_PARTICULARS,
			   "the driver is notified of %s after it was notified of a later event",
			   event_text(subject->checker, subject->record->event));
	} else {
		r = view_step_first(subject, number, detail, &view_step);
	}
	if (subject->record->event == SESSIONLINT_EVENT_CONNECTED)
		view_step.view->local = (uint8_t)record_local(subject->record);
	samples_meet(subject, number, view_step.view);
	subject->host->drivers->notifying = (struct trail_notified) { 0 };
	return r;
}

void views_forget(struct checker *checker, uint32_t number)
{
	struct session_detail *detail = details_at(&checker->details, number);
	struct drivers *drivers;

	if (!detail)
		return;
	agreement_forget(checker, detail);
	detail_forget_views(detail);
	drivers = checker->hosts.hosts[sessions_at(&checker->sessions, number)->scope].drivers;
	if (drivers)
		samples_forget(drivers, number);
}

/* ---- registrations that end ---- */

/* Whether the registration of the view is still live. */
static bool is_live(const struct drivers *drivers, const struct view *view)
{
	return view && numbered_at(drivers, view->number, view->serial);
}

int views_lose(struct checker *checker, uint32_t number, const struct host *host)
{
	struct session *session = sessions_at(&checker->sessions, number);
	struct session_detail *detail = details_at(&checker->details, number);
	const struct drivers *drivers = host->drivers;
	struct view *view;

	if (!(session->flags & SESSION_NOTIFIED)) {
		views_forget(checker, number);
		return 0;
	}
	if (!detail || !drivers || drivers->live != 1 || !detail->leader_serial ||
	    !is_live(drivers, view_at(detail, detail->leader))) {
		if (drivers && drivers->intricate)
			trail_note(checker, session, TRAIL_UNCOVERED);
		views_forget(checker, number);
		return session_release(checker, session);
	}
	agreement_forget(checker, detail);
	samples_forget(host->drivers, number);
	if (drivers->intricate)
		trail_note(checker, session, TRAIL_UNCOVERED);
	view = view_at(detail, detail->leader);
	view_store(view, session);
	view->local = LOCAL_UNKNOWN;
	return 0;
}

int session_follow_views(struct checker *checker, uint32_t number, const struct host *host)
{
	struct session *session = sessions_at(&checker->sessions, number);
	struct session_detail *detail = details_at(&checker->details, number);
	const struct drivers *drivers = host->drivers;
	const struct view *view;

	if (!(session->flags & SESSION_NOTIFIED) || !drivers || !detail || !detail->leader_serial)
		return 0;
	view = view_at(detail, detail->leader);
	if (is_live(drivers, view) && view->serial == detail->leader_serial)
		return 0;
	while (detail->views_over < detail->view_count &&
	       !is_live(drivers, &detail->views[detail->views_over]))
		detail->views_over++;
	if (detail->views_over < detail->view_count) {
		view = &detail->views[detail->views_over];
		view_load(session, view, view_mask(drivers->numbered[view->number]));
		detail->leader = view->number;
		detail->leader_serial = view->serial;
		return 0;
	}
	detail->leader_serial = 0;
	return session_release(checker, session);
}
