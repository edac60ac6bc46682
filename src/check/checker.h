/* SPDX-License-Identifier: MIT */
/*
 * The checker: it follows each session of a log through the model and reports what the model does
 * not allow. It knows nothing of formats.
 */
#ifndef CHECK_CHECKER_H
#define CHECK_CHECKER_H

#include "check/notes.h"
#include "check/state/hosts.h"
#include "check/state/session_details.h"
#include "check/state/sessions.h"
#include "check/suppressions.h"
#include "model/model.h"
#include "model/registration.h"
#include "order/hosts.h"
#include "order/log_files.h"
#include "trace/record.h"

struct agreement_search;
struct pending;

struct checker {
	struct sessionlint_options options;
	struct sessionlint_totals totals;
	struct model_ladder ladders[SESSIONLINT_SOURCES];
	sessionlint_belief targets[MODEL_EVENTS]; /* where an event can lead to from anywhere */

	/* The one state that an event leads to from a state, or NONE. */
	sessionlint_belief arcs[MODEL_EVENTS][MODEL_STATES];

	/* What drivers know by their masks; made when first needed. */
	struct model_ladder *masked[PROJECTION_MASKS];
	struct registration_model registration;

	struct hosts *names;      /* of the stage before */
	struct host_states hosts; /* by number, as far as they have been met */
	struct sessions sessions;
	struct details details; /* of sessions */
	struct pending_list {
		struct pending *oldest, *newest;
		uint32_t count;
		uint64_t words; /* of their sets */
		uint64_t made;  /* so far */
	} pending;
	struct agreement_search *search; /* NULL until it is first needed */
	uint32_t agreement_entries;      /* that are kept, of all sessions */
	struct suppressions suppressions;
	struct notes notes;
	struct arena arena;           /* of the finding that is being made */
	struct sessionlint_step step; /* for the observer */

	int stopped; /* what options.report returned when it ended the run */

	/* the log that is being checked */
	const char *file;
	struct log_files files; /* of a log that is several files */
	uint64_t jitter;        /* by less than that times run backward without a reason */
	bool windows_log;
	uint8_t pointer_size; /* of all hosts, as a marker for all says; 0: none does */
	bool unknown;         /* hosts that appear now may have run before */
	uint64_t boots;       /* of all hosts: markers that name none */
	uint32_t lost;        /* records of any host, counted as lost_weight() does */
	uint32_t lost_before; /* those before the last of boots */
	uint32_t shutdowns;
	bool shutdown; /* all hosts are going down, and none has started since */
	struct unreadable {
		uint64_t before;    /* totals.unreadable at the beginning of the log */
		uint64_t readable;  /* records of the run that could be read, likewise */
		bool is_flood;      /* the log began with too many: they are counted from now on */
		uint64_t unlisted;  /* those that have been counted */
		struct place first; /* of them */
		uint64_t last_line;
	} unreadable;
};

/* What a finding is about: a record, and the session it belongs to, if any. */
struct subject {
	struct checker *checker;
	const struct record *record;      /* NULL at the end of the log */
	const struct record_place *place; /* of the record; NULL at the end of the log */
	struct host *host;
	struct session *session;
	sessionlint_belief earlier; /* what that could be before the event before this one */
	struct io_object *object;   /* whose contract it is about, if any */
	struct driver *driver;      /* of a call or an object */
};

/* Begins a run with @options; hosts have the numbers that they have in @names. -ENOMEM. */
int checker_init(struct checker *checker, const struct sessionlint_options *options,
		 struct hosts *names);
void checker_free(struct checker *checker);

/* Begins a log that findings call @file, which stays the caller's. */
void checker_begin(struct checker *checker, const char *file, bool windows_log);

/* Checks the next records of the log. -ENOMEM, or what options.report returned. */
int checker_batch(struct checker *checker, const struct batch *batch);

/* Ends the log: every session that is still alive is unfinished. */
int checker_end(struct checker *checker);

/* ---- host.c: one host ---- */

#define HOST_STARTS "the host starts again while the session is"

/* Host @number and those before it are met, as far as they have not been: a new one begins as the
 * log does. -ENOMEM. */
int hosts_meet(struct checker *checker, uint32_t number);

/* The hosts of the name of host @number have been split: see struct order_sink. -ENOMEM. */
int hosts_follow_split(struct checker *checker, uint32_t number, bool mixed);

/* Follows the record's seq, boot and time through subject->host, which may show that it starts
 * again. */
int host_follow(struct subject *subject);

/* Enters the host that the record is of, and follows it. -ENOMEM, or what options.report returned.
 */
int host_enter(struct subject *subject);

/* subject->host starts: whatever ran there is gone. */
int host_reboot(struct subject *subject);

/* Ends all sessions of subject->host; reports those that are unfinished, with @why before their
 * states. */
int host_end_sessions(struct subject *subject, const char *why);

/* A session's record follows a start of the log's service without a boot: sessions of before it are
 * not known any more. */
int host_follow_service(struct subject *subject);

static inline uint32_t host_number(const struct checker *checker, const struct host *host)
{
	return (uint32_t)(host - checker->hosts.hosts);
}

/* Learns what has happened to all hosts. */
void host_refresh(struct checker *checker, struct host *host);

/* At most @count records of @host have been lost; MODEL_LOST_MANY where nobody knows how many. */
void host_lose(struct checker *checker, struct host *host, uint64_t count);

/* The same, of any host. */
void hosts_lose(struct checker *checker, uint64_t count);

/* How many records of the present boot may be lost, from which a session that appears now may be.
 */
static inline uint32_t host_lost(const struct host *host)
{
	return host->unknown ? MODEL_LOST_MANY : host->lost - host->lost_before;
}

/* A record shows something of the drivers of @host after a record may have been lost: @object, if
 * it is registered still, or something else. */
void host_settle_doubt(struct checker *checker, struct host *host, const struct io_object *object);

/* The bytes of a pointer of @host. */
static inline unsigned host_pointer_size(const struct checker *checker, const struct host *host)
{
	if (host->pointer_size)
		return host->pointer_size;
	return checker->pointer_size ? checker->pointer_size : checker->options.pointer_size;
}

/* The drivers of @host; those of a host that has had none begin as the log does. -ENOMEM. */
int host_drivers(struct host *host, struct drivers **ret_drivers);

/* ---- marker.c: records of no session ---- */

int check_marker(struct subject *subject);
int check_malformed(struct subject *subject);
int check_noted(struct subject *subject);

/* ---- registration.c: calls and I/O objects ---- */

int check_call(struct subject *subject);
int check_object(struct subject *subject);

/* ---- leaks.c ---- */

/* Ends the registrations of subject->host with the trace; reports those that are alive. @complete:
 * nothing is cut off. */
int drivers_end(struct subject *subject, bool complete);

/* ---- notification.c: what a driver was told ---- */

int check_notification(struct subject *subject, uint32_t host_number, uint32_t hash);

/* Judges the payload of subject->record, an event or a notification; @where is where the session
 * can be after it. */
int check_payload(struct subject *subject, sessionlint_belief where);

/* Judges that a sample gives LocalSession; *ret_valid says that it may. */
int check_local(struct subject *subject, bool *ret_valid);

/* ---- session_life.c: sessions in the table ---- */

/* Finds the session of subject->record on host @host_number, or begins one: subject->session.
 * -ENOMEM. */
int session_find(struct subject *subject, uint32_t host_number, uint32_t hash,
		 uint32_t *ret_number);

/* Puts a session that may have ended with those that have, and one that lives with the living. */
int session_settle(struct checker *checker, uint32_t number, struct host *host);

/* Forgets a session; @list is the one that it is in. */
void session_remove(struct checker *checker, uint32_t number, struct session_list *list);

/*
 * What has happened to the host since the session's last record: records may be missing, the trace
 * may show more than notifications from now on. -ENOMEM.
 */
int session_follow(struct checker *checker, uint32_t number, const struct host *host);

/* A record of subject->session, which has the number @number, is not in its place, or cannot be
 * read: the session may have done anything. -ENOMEM. */
int session_lose_record(struct subject *subject, uint32_t number);

/* ---- views.c: sessions that are known from notifications ---- */

/* From now on @session is known from notifications. -ENOMEM. */
int session_notify(struct checker *checker, struct session *session);

/* As session_follow(): registrations may have ended. */
int session_follow_views(struct checker *checker, uint32_t number, const struct host *host);

/* ---- activity.c: what SENS and WTS record besides ---- */

/* The states in which an event that is no transition makes sense; ANY where it says nothing. */
sessionlint_belief activity_states(unsigned activity);
const char *activity_name(unsigned activity);

/* ---- user.c: who is logged on ---- */

/* Checks the user of subject->record against the one who logged on to session @number. -ENOMEM, or
 * what options.report returned. */
int check_user(struct subject *subject, uint32_t number);

/* ---- session.c: one session ---- */

/* What is known of the model where @session is seen. */
static inline const struct model_ladder *session_ladder(const struct checker *checker,
							const struct session *session)
{
	return session->flags & SESSION_NOTIFIED ? checker->masked[session->mask]
						 : &checker->ladders[session->source];
}

/* Judges an event, or a sample, of subject->session. */
int session_event(struct subject *subject);
/* The same of an event that the session's history has already. */
int session_event_again(struct subject *subject);
int session_state(struct subject *subject);

/* What a sample shows: one state, or ANY; reports one that is not a state. */
int session_look(struct subject *subject, sessionlint_belief *ret_state);

/* Lets @session be in any state, because something happened that the trace does not show. */
void session_widen(struct checker *checker, struct session *session);

/* Lets it be wherever at most @count lost records can have led. */
void session_lose(struct checker *checker, struct session *session, unsigned count);

/* Counts the life of @session, which has ended. */
void session_close(struct checker *checker, struct session *session);

/* Begins a life in which the session was in the states of @belief, at most @lost records ago. */
void session_begin(struct checker *checker, struct session *session, sessionlint_belief belief,
		   unsigned lost);

/* ---- observe.c: what an observer is told ---- */

/* What a record says, cleaned of what is no state, and what the session makes of it. */
struct step {
	uint32_t event;              /* or SESSIONLINT_NO_EVENT for a sample */
	sessionlint_belief from, to; /* ANY where the trace does not say */
	sessionlint_belief targets;  /* where the event can lead to, whatever was before it */
	/* by rung: the states right after the step; then with what can follow unseen */
	sessionlint_belief after[SESSIONLINT_TOLERANCES];
	sessionlint_belief reached;   /* the states right after the step, by its rung */
	sessionlint_belief otherwise; /* right after the step, without the violations before it */
	sessionlint_belief without;   /* likewise, without this one, if it is one */
	sessionlint_belief was;       /* the strictest belief before the record was looked at */
	bool failed;                  /* no tolerance explains the step */
	bool illegal;                 /* and it is the event itself that is not explained */
	bool reuse;   /* the event begins a new incarnation, as the trace without the last violation
			 shows */
	bool cascade; /* the violations before explain the step, if it is one */
	bool orderly; /* without them the published table would explain it */
	unsigned activity; /* enum model_activity: what the record tells instead of an event */
};

/* Notes what @step, explained by rung @number, is to an observer; the session's beliefs are still
 * those before it. */
void observe_prepare(const struct subject *subject, const struct step *step, unsigned number);

/* Tells of the step that was prepared. */
void observe_step(const struct subject *subject, bool renewed);

/* Reports an invalid event, after which the session is in one of @to. */
void observe_invalid(const struct subject *subject, sessionlint_belief to);

/* Reports LOST, after which @before has become the session's belief; and END. */
void observe_lost(const struct checker *checker, const struct session *session,
		  sessionlint_belief before);
void observe_end(const struct checker *checker, const struct session *session);

/* ---- kept_notes.c ---- */

/* A record of a session has come: reports the notes that were kept back, and keeps nothing back
 * from now on. Returns what options.report returned. */
int notes_release(struct checker *checker);

/* ---- unused_suppressions.c ---- */

/* At the end of the log: reports the suppressions in the trace that suppressed nothing, and forgets
 * all. Returns what options.report returned. */
int suppressions_end(struct checker *checker);

/* ---- unreadable.c ---- */

/* Forgets the records of the log before that could not be read. */
void unreadable_begin(struct checker *checker);

/* Counts a record that cannot be read, and reports it, unless the log began with too many. */
int unreadable_report(struct subject *subject);

/* Reports how many records could not be read that have not been reported one by one. */
int unreadable_end(struct checker *checker);

/* ---- finding.c: what is reported ---- */

/* Extra facts of a finding. */
struct particulars {
	uint32_t observed; /* a state, or SESSIONLINT_NO_STATE */
	bool cascade;
	bool repair;
	bool swapped;              /* legal before the event before it */
	sessionlint_belief from;   /* what was observed before the event; NONE: nothing */
	const struct place *place; /* NULL: the record, or the session's last event */
	int graver; /* than the rule is, in steps; negative: less grave, but never off */
};

#define NO_PARTICULARS ((struct particulars) { .observed = SESSIONLINT_NO_STATE })

/*
 * Reports that @rule is broken; the message is made as by printf. Does nothing where the rule is
 * off. Returns what options.report returned.
 */
__attribute__((format(printf, 4, 5))) int report(struct subject *subject,
						 enum sessionlint_rule rule,
						 struct particulars particulars, const char *format,
						 ...);

/* Lets somebody answer for @finding, counts it and hands it to options.report, whose result it
 * returns. */
int finding_tell(struct checker *checker, struct sessionlint_finding *finding);

/* What the session could be before the event, by rung @number or the first laxer one that agrees
 * with @from. */
sessionlint_belief belief_before(const struct session *session, sessionlint_belief from,
				 unsigned number);

/* "A", "A or B", "A, B or C"; "any state". The text lives until the finding has been reported. */
const char *belief_text(struct checker *checker, sessionlint_belief belief);

/* A line as findings show it: its number, with the file before it if that is not the one of the
 * line
 * @near. */
const char *line_text(struct checker *checker, uint64_t line, uint64_t near);

/* The name of an event, or its number. */
const char *event_text(struct checker *checker, uint32_t event);

#endif
