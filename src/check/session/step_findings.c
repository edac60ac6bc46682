/* SPDX-License-Identifier: MIT */
#include "check/session/step_findings.h"

#include "trace/keys.h"

int report_wrong_state(struct subject *subject, const struct step *step, bool before)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	sessionlint_belief belief = before ? subject->session->beliefs[0]
					   : step->after[step_rung(step)];
	struct particulars particulars = NO_PARTICULARS;
	const char *event = event_text(checker, record->event);

	particulars.cascade = step->cascade;
	if (step->activity)
		return report(subject, SESSIONLINT_RULE_WRONG_STATE, particulars, "%s comes in %s",
			      activity_name(step->activity), belief_text(checker, belief));
	if (record->kind == RECORD_STATE) {
		particulars.observed = record->state;
		return report(subject, SESSIONLINT_RULE_WRONG_STATE, particulars,
			      "the session was found in %s, but can only be in %s",
			      sessionlint_state_name(record->state), belief_text(checker, belief));
	}
	particulars.observed = before ? record->from : record->to;
	if (before)
		return report(subject, SESSIONLINT_RULE_WRONG_STATE, particulars,
			      "%s is said to come from %s, but the session can only be in %s",
			      event, sessionlint_state_name(record->from),
			      belief_text(checker, belief));
	return report(subject, SESSIONLINT_RULE_WRONG_STATE, particulars,
		      "%s leads to %s, but the trace says to %s", event,
		      belief_text(checker, belief), sessionlint_state_name(record->to));
}

/* The event before the last one of a session. Returns whether it is remembered. */
static bool event_before(const struct session *session, struct session_past *ret_past)
{
	struct session_past past[SESSIONLINT_HISTORY];
	unsigned count = session_history(session, past);

	if (count < 2)
		return false;
	*ret_past = past[count - 2];
	return true;
}

/* Whether the event and the previous one of the session would be legal in the other order. A log
 * that numbers its records has only one order. */
static bool is_swapped(const struct subject *subject, const struct step *step)
{
	const struct session *session = subject->session;
	const struct model *model = rung(subject, SESSIONLINT_TOLERANCE_REUSED);
	struct session_past past;

	if (record_has(subject->record, KEY_SEQ) || subject->checker->windows_log ||
	    session->flags & SESSION_NOTIFIED || step->event >= SESSIONLINT_EVENT_MAX ||
	    !event_before(session, &past))
		return false;
	return past.event != SESSIONLINT_EVENT_IGNORE && past.event < SESSIONLINT_EVENT_MAX &&
	       model->next[past.event]
			  [model->closure[step_reach(step, model, subject->earlier) & step->to]];
}

/* The text that adds this to a message. */
static const char *swapped_text(const struct subject *subject, bool swapped)
{
	const struct session *session = subject->session;
	struct sessionlint_text text;
	struct session_past past;

	if (!swapped || !event_before(session, &past))
		return "";
	text = arena_format(&subject->checker->arena, "; legal if it came before line %s",
			    line_text(subject->checker, past.line, subject->record->line));
	return text.data ? text.data : "";
}

int report_illegal(struct subject *subject, const struct step *step)
{
	struct checker *checker = subject->checker;
	sessionlint_belief belief = belief_before(subject->session, step->from,
						  SESSIONLINT_TOLERANCE_PUBLISHED);
	struct particulars particulars = {
		.observed = SESSIONLINT_NO_STATE,
		.cascade = step->cascade,
		.repair = true,
		.swapped = is_swapped(subject, step),
		.from = step->from,
	};

	return report(subject, SESSIONLINT_RULE_ILLEGAL_TRANSITION, particulars,
		      "%s is illegal in %s%s", event_text(checker, step->event),
		      belief_text(checker, belief), swapped_text(subject, particulars.swapped));
}

/* Whether it is a reconnect in Winlogon's own log. Winlogon is documented to notify its subscribers
 * of one; that the published table lacks it is reported where the session manager records it. */
static bool is_notified_reconnect(const struct subject *subject,
				  enum sessionlint_tolerance tolerance)
{
	const struct checker *checker = subject->checker;

	return checker->windows_log && tolerance == SESSIONLINT_TOLERANCE_KNOWN &&
	       subject->session->source == SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL &&
	       checker->options.severities[SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION] <
		       SESSIONLINT_SEVERITY_ERROR;
}

int report_tolerance(struct subject *subject, const struct step *step,
		     enum sessionlint_tolerance tolerance)
{
	struct checker *checker = subject->checker;
	struct particulars particulars = NO_PARTICULARS;
	const char *event = step->activity ? activity_name(step->activity)
			    : step->event == SESSIONLINT_NO_EVENT
				    ? "the sample"
				    : event_text(checker, step->event);
	const char *order;

	if (is_notified_reconnect(subject, tolerance))
		return 0;
	particulars.cascade = step->orderly;
	/* a consequence of a violation may show that the two were swapped */
	particulars.swapped = step->orderly && step->event != SESSIONLINT_NO_EVENT &&
			      is_swapped(subject, step);
	order = swapped_text(subject, particulars.swapped);
	/* a sample contradicts the belief, it does not extend it */
	if (step->event != SESSIONLINT_NO_EVENT)
		particulars.from = step->from;
	if (tolerance == SESSIONLINT_TOLERANCE_IMPLIED)
		return report(subject, SESSIONLINT_RULE_IMPLIED_TERMINATION, particulars,
			      "only an unseen termination while logged on explains %s%s", event,
			      order);
	if (subject->session->beliefs[0] == belief_of(SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON) &&
	    step->event == SESSIONLINT_EVENT_CONNECTED)
		return report(subject, SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION, particulars,
			      "Connected in DisconnectedLoggedOn leads to LoggedOn, which the "
			      "published table lacks%s",
			      order);
	return report(
		subject, SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION, particulars,
		"only the undocumented reconnect, DisconnectedLoggedOn to LoggedOn, explains %s%s",
		event, order);
}

bool is_unexpected_disconnect(const struct subject *subject, const struct step *step)
{
	const struct session *session = subject->session;

	return subject->checker->windows_log && session->source == SESSIONLINT_SOURCE_LSM &&
	       step->event == SESSIONLINT_EVENT_DISCONNECTED && session->events == 1;
}

int report_unexpected_disconnect(struct subject *subject, const struct step *step)
{
	struct particulars particulars = NO_PARTICULARS;

	particulars.from = step->from;
	return report(subject, SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION, particulars,
		      "Disconnected of a session that never logged on, which LocalSessionManager "
		      "is not known to record");
}
