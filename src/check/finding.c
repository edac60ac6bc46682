/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "check/filters.h"
#include "check/finding.h"
#include "check/session/session.h"
#include "check/session/trail.h"
#include "check/witnesses.h"
#include "rules/rules.h"

const char *belief_text(struct checker *checker, sessionlint_belief belief)
{
	struct sessionlint_text text = text_from("");
	unsigned count = (unsigned)__builtin_popcount(belief), index = 0;

	if (belief == SESSIONLINT_BELIEF_ANY)
		return "any state";
	if (count == 0)
		return "no state";
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		if (!(belief & belief_of(state)))
			continue;
		text = arena_format(&checker->arena, "%s%s%s", text.data ? text.data : "",
				    text_or(index++, count), sessionlint_state_name(state));
	}
	return text.data ? text.data : "";
}

const char *line_text(struct checker *checker, uint64_t line, uint64_t near)
{
	return log_files_line(&checker->files, &checker->arena, line, near);
}

const char *event_text(struct checker *checker, uint32_t event)
{
	struct sessionlint_text text;

	if (sessionlint_event_name(event))
		return sessionlint_event_name(event);
	text = arena_format(&checker->arena, "event %u", event);
	return text.data ? text.data : "";
}

static void finding_history(struct sessionlint_finding *finding, const struct session *session)
{
	struct session_past past[SESSIONLINT_HISTORY];
	unsigned count = session_history(session, past);

	finding->history_count = count;
	finding->history_omitted = session->events - count;
	for (unsigned i = 0; i < count; i++)
		finding->history[i] = (struct sessionlint_history) {
			.event = past[i].event,
			.line = past[i].line,
		};
}

/* Finds the smallest change that makes the event legal. One lost event before it is more likely
 * than an event that did not happen; several are less likely. */
static void finding_repair(struct sessionlint_finding *finding, const struct model *model,
			   sessionlint_belief belief, bool observed)
{
	int count = 0;

	/* with inserted events, the session would not be in the observed state */
	if (!observed)
		count = model_shortest_prefix(model, belief, finding->event, finding->repair.events,
					      1);
	finding->repair.kind = count == 1 ? SESSIONLINT_REPAIR_INSERT : SESSIONLINT_REPAIR_DROP;
	finding->repair.count = count == 1 ? 1 : 0;
}

sessionlint_belief belief_before(const struct session *session, sessionlint_belief from,
				 unsigned number)
{
	if (from == SESSIONLINT_BELIEF_NONE)
		return session->beliefs[number];
	while (number + 1 < TOLERANCE_COUNT && !(session->beliefs[number] & from))
		number++;
	return session->beliefs[number] & from;
}

/* The events that are legal in some state of the belief. */
static sessionlint_event_set events_allowed(const struct model *model, sessionlint_belief belief)
{
	unsigned events = 0;

	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
		if (model->reached[event][belief])
			events |= 1U << event;
	return (sessionlint_event_set)(events & model->allowed[belief]);
}

static void finding_session(struct sessionlint_finding *finding, const struct subject *subject,
			    struct particulars particulars)
{
	const struct session *session = subject->session;
	const struct model *model =
		&session_ladder(subject->checker, session)->rungs[SESSIONLINT_TOLERANCE_REUSED];
	sessionlint_belief lax;

	finding->has_session = true;
	finding->source = (enum sessionlint_source)session->source;
	finding->session = session->id;
	finding->incarnation = session->incarnation;
	finding->belief = belief_before(session, particulars.from, SESSIONLINT_TOLERANCE_PUBLISHED);
	lax = belief_before(session, particulars.from, SESSIONLINT_TOLERANCE_REUSED);
	finding->allowed = events_allowed(model, lax);
	finding_history(finding, session);
	finding->swapped = particulars.swapped && finding->history_count > 1;
	if (particulars.repair)
		finding_repair(finding, model, lax, particulars.from != SESSIONLINT_BELIEF_ANY);
	if (subject->record)
		return;
	/* an incarnation without an end is reported at its last event */
	finding->line = session->line;
	finding->offset = session_offset(session);
	finding->time = session->time;
}

/* Fills in the driver's objects, and the session that the record names even if it is in no other
 * record. */
static void finding_contract(struct sessionlint_finding *finding, const struct subject *subject)
{
	const struct record *record = subject->record;
	const struct contract *contract = record ? record->contract : NULL;

	if (subject->object) {
		finding->driver = subject->object->driver;
		finding->io = subject->object->name;
	} else if (contract && record->kind != RECORD_MALFORMED) {
		finding->driver = contract->driver;
		finding->io = contract->io;
	}
	if (contract && record->kind != RECORD_MALFORMED && record_has(record, KEY_SESSION)) {
		finding->has_session = true;
		finding->source = (enum sessionlint_source)record->source;
		finding->session = record->session;
	}
}

/* Finds the files of the finding and its history. */
static void finding_locate(const struct checker *checker, struct sessionlint_finding *finding)
{
	if (checker->judged) {
		finding->witness_count = witnesses_list(checker->judged, finding->line);
		finding->witnesses = checker->judged->witnesses;
	}
	finding->log_line = finding->line;
	finding->file = log_files_locate(&checker->files, finding->file, &finding->line);
	for (unsigned i = 0; i < finding->history_count; i++) {
		struct sessionlint_history *past = &finding->history[i];
		const char *file;

		if (checker->judged && witnesses_none(checker->judged, past->line)) {
			past->line = 0;
			past->file = "";
			continue;
		}
		file = log_files_locate(&checker->files, finding->file, &past->line);

		past->file = file == finding->file ? NULL : file;
	}
}

/* Whether the record is about a new user, or none. */
static bool is_of_new_user(const struct record *record)
{
	return record && record->kind == RECORD_EVENT &&
	       (record->event == SESSIONLINT_EVENT_LOGON ||
		record->event == SESSIONLINT_EVENT_CREATED);
}

/* Adds who is logged on, if the record does not name the user. */
static void finding_user(struct sessionlint_finding *finding, const struct subject *subject)
{
	const struct session_detail *detail;
	struct sessionlint_text user;

	if (!subject->session || is_of_new_user(subject->record))
		return;
	detail = details_at(&subject->checker->details,
			    session_number(&subject->checker->sessions, subject->session));
	if (!detail)
		return;
	/* nobody is the same whether there was a user before or not */
	user = detail->user_size ? text_of(detail->user, detail->user_size) : text_of(NULL, 0);
	if (finding->user.size && !text_equal(finding->user, user))
		return;
	finding->user = user;
	if (!finding->address.size && detail->address_size)
		finding->address = text_of(detail->user + detail->user_size, detail->address_size);
}

/* Asks the run whether to suppress the finding, and takes nothing else from its answer. */
static void finding_ask(const struct checker *checker, struct sessionlint_finding *finding)
{
	struct sessionlint_finding copy = *finding;

	checker->options.suppress(checker->options.suppress_data, &copy);
	if ((unsigned)copy.suppression <= SESSIONLINT_SUPPRESSION_BASELINE) {
		finding->suppression = copy.suppression;
		finding->reason = copy.reason;
	}
}

/* Lets what follows the run suppress the finding. */
static int finding_follow(const struct checker *checker, struct sessionlint_finding *finding,
			  bool answerable)
{
	const struct run_follower *follower = checker->options.follower;

	if (!follower)
		return 0;
	return follower->finding(follower->userdata, finding,
				 answerable &&
					 finding->suppression == SESSIONLINT_SUPPRESSION_NONE);
}

/* Lets the trace or the run suppress a finding. 0 or a negative errno. */
static int finding_answer(const struct checker *checker, struct sessionlint_finding *finding)
{
	int r;

	/* malformed records cannot be suppressed */
	bool answerable = finding->rule != SESSIONLINT_RULE_MALFORMED &&
			  finding->rule != SESSIONLINT_RULE_NEWEST_FIRST;

	if (answerable)
		suppressions_apply(&checker->suppressions, finding);
	finding_locate(checker, finding);
	r = finding_follow(checker, finding, answerable);
	if (r == 0 && answerable && checker->options.suppress &&
	    finding->suppression == SESSIONLINT_SUPPRESSION_NONE)
		finding_ask(checker, finding);
	return r;
}

int finding_deliver(struct checker *checker, struct sessionlint_finding *finding)
{
	int r = finding_answer(checker, finding);

	if (r < 0)
		return r;
	finding->shown = filters_show_finding(checker->options.filters, finding);
	if (finding->suppression == SESSIONLINT_SUPPRESSION_NONE) {
		checker->totals.findings[finding->rule]++;
		checker->totals.severities[finding->severity]++;
		checker->totals.cascades += finding->cascade;
	} else {
		checker->totals.suppressed++;
	}
	if (checker->options.report)
		checker->stopped = checker->options.report(checker->options.report_data, finding);
	/* only a negative result ends the run */
	if (checker->stopped > 0)
		checker->stopped = 0;
	return checker->stopped;
}

/* Adds to @message which source to try, if the trace names none and another uses the same
 * number. */
static struct sessionlint_text message_hint_source(const struct subject *subject,
						   enum sessionlint_rule rule,
						   struct sessionlint_text message)
{
	const struct record *record = subject->record;
	const char *other;
	char number[16];

	if (!record || !(record->flags & RECORD_SOURCE_ASSUMED) ||
	    (rule != SESSIONLINT_RULE_ILLEGAL_TRANSITION && rule != SESSIONLINT_RULE_INVALID_EVENT))
		return message;
	snprintf(number, sizeof number, "%" PRIu32, record->event);
	other = model_event_other_source((enum sessionlint_source)record->source,
					 text_from(number));
	if (!other)
		return message;
	return arena_format(&subject->checker->arena,
			    "%.*s; the trace names no source, and %s is an event of %s: try "
			    "--source=%s",
			    (int)message.size, message.data, number, other, other);
}

/* The severity of a finding, which can differ from that of its rule. */
static enum sessionlint_severity severity_of(const struct checker *checker,
					     enum sessionlint_rule rule, int severity_change)
{
	int severity = (int)checker->options.severities[rule];

	if (severity == SESSIONLINT_SEVERITY_OFF)
		return SESSIONLINT_SEVERITY_OFF;
	severity += severity_change;
	if (severity < SESSIONLINT_SEVERITY_NOTE)
		return SESSIONLINT_SEVERITY_NOTE;
	return severity > SESSIONLINT_SEVERITY_ERROR ? SESSIONLINT_SEVERITY_ERROR
						     : (enum sessionlint_severity)severity;
}

int report(struct subject *subject, enum sessionlint_rule rule, struct particulars particulars,
	   const char *format, ...)
{
	struct checker *checker = subject->checker;
	struct sessionlint_finding finding = {
		.rule = rule,
		.severity = severity_of(checker, rule, particulars.severity_change),
		.cascade = particulars.cascade,
		.file = checker->file,
		.log = checker->file,
		.time = SESSIONLINT_NO_TIME,
		.event = SESSIONLINT_NO_EVENT,
		.observed = particulars.observed,
	};
	va_list arguments;
	int r;

	if (finding.severity == SESSIONLINT_SEVERITY_OFF || checker->stopped) {
		arena_reset(&checker->arena);
		return checker->stopped;
	}
	if (subject->record) {
		finding.line = subject->record->line;
		finding.offset = subject->record->offset;
		finding.time = subject->record->time;
		finding.event = subject->record->event;
		finding.host = subject->record->host;
		if (!particulars.place) {
			finding.user = subject->record->user;
			finding.address = subject->record->address;
		}
	}
	if (subject->host) {
		finding.host = subject->host->label.data ? subject->host->label
							 : subject->host->name;
		finding.boot = subject->host->boot;
		finding.boot_ordinal = subject->host->boot_ordinal;
	}
	finding_contract(&finding, subject);
	if (subject->session)
		finding_session(&finding, subject, particulars);
	finding_user(&finding, subject);
	if (particulars.place) {
		finding.line = particulars.place->line;
		finding.offset = particulars.place->offset;
		finding.time = particulars.place->time;
		finding.event = particulars.place->event;
	}

	va_start(arguments, format);
	finding.message = message_hint_source(
		subject, rule, arena_format_list(&checker->arena, format, arguments));
	va_end(arguments);
	/* the message may be incomplete */
	if (checker->arena.failed) {
		arena_reset(&checker->arena);
		return -ENOMEM;
	}
	/* an incarnation violates the model even if the finding is suppressed */
	if (subject->session && finding.severity == SESSIONLINT_SEVERITY_ERROR &&
	    rule_is_of_session(rule)) {
		subject->session->flags |= SESSION_VIOLATED;
		trail_note(checker, subject->session, TRAIL_RULE | (unsigned)rule);
	}
	r = notes_keep(&checker->notes, &finding);
	if (r == 0)
		r = finding_deliver(checker, &finding);
	else if (r > 0)
		r = 0;
	arena_reset(&checker->arena);
	return r;
}
