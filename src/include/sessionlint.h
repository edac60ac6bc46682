/* SPDX-License-Identifier: MIT */
/*
 * libsessionlint: the formal model of Windows user sessions, and the checker that checks recorded
 * traces against it.
 *
 * Functions return 0 or a negative errno; results are returned through ret_ parameters, which are
 * untouched on failure. The library prints nothing, never exits and keeps no global state. A struct
 * sessionlint may be used by one thread at a time; different ones are independent. Its callbacks
 * may read its totals and use other runs; all other calls on the run itself fail with -EBUSY. For
 * numbers outside their enumeration functions return -EINVAL, or NULL or an empty set if they
 * return no error.
 */
#ifndef SESSIONLINT_H
#define SESSIONLINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sessionlint_text.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define SESSIONLINT_PUBLIC
#else
#define SESSIONLINT_PUBLIC __attribute__((visibility("default")))
#endif

/* The version of this header. */
#define SESSIONLINT_VERSION_MAJOR 0
#define SESSIONLINT_VERSION_MINOR 9
#define SESSIONLINT_VERSION_PATCH 0
#define SESSIONLINT_VERSION_NUMBER                                                                 \
	(SESSIONLINT_VERSION_MAJOR * 1000000 + SESSIONLINT_VERSION_MINOR * 1000 +                  \
	 SESSIONLINT_VERSION_PATCH)

/* The version of the library, as in "1.2.3" and as SESSIONLINT_VERSION_NUMBER, 1002003. */
SESSIONLINT_PUBLIC const char *sessionlint_version(void);
SESSIONLINT_PUBLIC unsigned sessionlint_version_number(void);

/* ---- states and events ---- */

/* IO_SESSION_EVENT: names and values from "IO_SESSION_EVENT enumeration (wdm.h)". */
enum sessionlint_event {
	SESSIONLINT_EVENT_IGNORE = 0,
	SESSIONLINT_EVENT_CREATED = 1,
	SESSIONLINT_EVENT_TERMINATED = 2,
	SESSIONLINT_EVENT_CONNECTED = 3,
	SESSIONLINT_EVENT_DISCONNECTED = 4,
	SESSIONLINT_EVENT_LOGON = 5,
	SESSIONLINT_EVENT_LOGOFF = 6,
	SESSIONLINT_EVENT_MAX = 7
};

/* IO_SESSION_STATE: names and values from "IO_SESSION_STATE enumeration (wdm.h)". */
enum sessionlint_state {
	SESSIONLINT_STATE_CREATED = 1,
	SESSIONLINT_STATE_INITIALIZED = 2,
	SESSIONLINT_STATE_CONNECTED = 3,
	SESSIONLINT_STATE_DISCONNECTED = 4,
	SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON = 5,
	SESSIONLINT_STATE_LOGGED_ON = 6,
	SESSIONLINT_STATE_LOGGED_OFF = 7,
	SESSIONLINT_STATE_TERMINATED = 8,
	SESSIONLINT_STATE_MAX = 9
};

/* The set of states that a session can be in according to the trace: bit n - 1 is state n. */
typedef uint8_t sessionlint_belief;

/* A set of events: bit n is event n. */
typedef uint8_t sessionlint_event_set;

#define SESSIONLINT_BELIEF_NONE ((sessionlint_belief)0x00)
#define SESSIONLINT_BELIEF_ANY  ((sessionlint_belief)0xff)

/* Who recorded the trace, which decides what it shows and what it hides. Later versions add sources
 * at the end. */
enum sessionlint_source {
	SESSIONLINT_SOURCE_WDM,      /* a kernel driver that selects all events: shows everything */
	SESSIONLINT_SOURCE_WTS,      /* WM_WTSSESSION_CHANGE, SERVICE_CONTROL_SESSIONCHANGE */
	SESSIONLINT_SOURCE_SENS,     /* ISensLogon2 */
	SESSIONLINT_SOURCE_LSM,      /* the log of the Local Session Manager */
	SESSIONLINT_SOURCE_WINLOGON, /* Winlogon's records in the System log */
	/* Winlogon's own log; a session is the process that serves it */
	SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL,
	SESSIONLINT_SOURCE_PROFILE, /* the log of the User Profile Service */
	SESSIONLINT_SOURCE_RDP,     /* the log of RdpCoreTS: connections given to sessions */
	SESSIONLINT_SOURCE_ACCOUNT, /* several logs of one machine, made into one account */
};

/* What is accepted beyond the published table; each tolerance accepts all that the previous one
 * does. */
enum sessionlint_tolerance {
	SESSIONLINT_TOLERANCE_PUBLISHED, /* the table, one incarnation */
	SESSIONLINT_TOLERANCE_REUSED,    /* the id may be reused */
	SESSIONLINT_TOLERANCE_KNOWN,     /* the undocumented reconnect */
	SESSIONLINT_TOLERANCE_IMPLIED,   /* a hidden end with the user logged on */
};

/*
 * The short name of an event or a state, as in "Logon" or "DisconnectedLoggedOn"; the lower-case
 * name of a source, as in "lsm". NULL for an invalid number. The text is static.
 */
SESSIONLINT_PUBLIC const char *sessionlint_event_name(unsigned event);
SESSIONLINT_PUBLIC const char *sessionlint_state_name(unsigned state);
SESSIONLINT_PUBLIC const char *sessionlint_source_name(unsigned source);

/*
 * Reads an event (or a state) from @size bytes at @name: the short name, the full IoSession...
 * name, the number, or the source's own name or number; upper and lower case alike. A number may be
 * outside the enumeration. -EINVAL for anything else, and if the source is unknown.
 */
SESSIONLINT_PUBLIC int sessionlint_event_parse(enum sessionlint_source source, const char *name,
					       size_t size, unsigned *ret_event);
SESSIONLINT_PUBLIC int sessionlint_state_parse(const char *name, size_t size, unsigned *ret_state);
SESSIONLINT_PUBLIC int sessionlint_source_parse(const char *name, size_t size,
						enum sessionlint_source *ret_source);

/* ---- the model ---- */

/*
 * The possible states of a session after @event, if it was in a state of @belief; events that the
 * source hides are taken into account. Empty if no state of @belief allows the event. Ignore does
 * not change a belief; Max and greater numbers lead nowhere. Unknown sources and tolerances allow
 * nothing.
 */
SESSIONLINT_PUBLIC sessionlint_belief sessionlint_model_next(enum sessionlint_source source,
							     enum sessionlint_tolerance tolerance,
							     sessionlint_belief belief,
							     unsigned event);

/* @belief and the states that hidden events can lead to from it. */
SESSIONLINT_PUBLIC sessionlint_belief
sessionlint_model_closure(enum sessionlint_source source, enum sessionlint_tolerance tolerance,
			  sessionlint_belief belief);

/* The events that some state of @belief allows. */
SESSIONLINT_PUBLIC sessionlint_event_set
sessionlint_model_allowed(enum sessionlint_source source, enum sessionlint_tolerance tolerance,
			  sessionlint_belief belief);

/* ---- findings ---- */

enum sessionlint_severity {
	SESSIONLINT_SEVERITY_OFF,
	SESSIONLINT_SEVERITY_NOTE,
	SESSIONLINT_SEVERITY_WARNING,
	SESSIONLINT_SEVERITY_ERROR,
};

/* Later versions add rules at the end. */
enum sessionlint_rule {
	SESSIONLINT_RULE_ILLEGAL_TRANSITION,
	SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION,
	SESSIONLINT_RULE_WRONG_STATE,
	SESSIONLINT_RULE_INVALID_EVENT,
	SESSIONLINT_RULE_INVALID_STATE,
	SESSIONLINT_RULE_IMPLIED_TERMINATION,
	SESSIONLINT_RULE_UNFINISHED,
	SESSIONLINT_RULE_REPORTED_BY_WINDOWS,
	SESSIONLINT_RULE_WRONG_USER,
	SESSIONLINT_RULE_BAD_ARGUMENT,
	SESSIONLINT_RULE_BAD_OBJECT,
	SESSIONLINT_RULE_BAD_SIZE,
	SESSIONLINT_RULE_BAD_FLAGS,
	SESSIONLINT_RULE_BAD_MASK,
	SESSIONLINT_RULE_DUPLICATE,
	SESSIONLINT_RULE_UNKNOWN,
	SESSIONLINT_RULE_LEAKED,
	SESSIONLINT_RULE_FREED_CONTEXT,
	SESSIONLINT_RULE_INSIDE_CALLBACK,
	SESSIONLINT_RULE_IRQL,
	SESSIONLINT_RULE_BAD_STATUS,
	SESSIONLINT_RULE_UNREGISTERED,
	SESSIONLINT_RULE_OUTLIVES_REGISTRATION,
	SESSIONLINT_RULE_MASKED,
	SESSIONLINT_RULE_FOREIGN_SESSION,
	SESSIONLINT_RULE_WRONG_CONTEXT,
	SESSIONLINT_RULE_SESSION_OBJECT,
	SESSIONLINT_RULE_MISSED,
	SESSIONLINT_RULE_UNEXPECTED,
	SESSIONLINT_RULE_PAYLOAD_MISSING,
	SESSIONLINT_RULE_PAYLOAD_LENGTH,
	SESSIONLINT_RULE_PAYLOAD_SESSION,
	SESSIONLINT_RULE_INVALID_LOCAL,
	SESSIONLINT_RULE_WRONG_LOCAL,
	SESSIONLINT_RULE_FAILED,
	SESSIONLINT_RULE_MALFORMED,
	SESSIONLINT_RULE_TIME_REVERSED,
	SESSIONLINT_RULE_GAP,
	SESSIONLINT_RULE_LATE,
	SESSIONLINT_RULE_UNUSED_SUPPRESSION,
	SESSIONLINT_RULE_NOTHING_JUDGED,
	SESSIONLINT_RULE_NEWEST_FIRST,
	SESSIONLINT_RULE_CONTRADICTION,
	SESSIONLINT_RULE_MISSING_WITNESS,
	SESSIONLINT_RULE_UNNAMED_SESSION,
	SESSIONLINT_RULE_CLOCK_JUMP,
	SESSIONLINT_RULE_DIFFERENT_COMPUTERS,
	SESSIONLINT_RULE_INCOMPLETE_SEARCH,
};

struct sessionlint_rule_info {
	const char *name; /* "session/illegal-transition" */
	enum sessionlint_severity severity;
	enum sessionlint_severity strict_severity; /* under --strict */
	const char *summary;                       /* one sentence */
	const char
		*explanation; /* paragraphs: what it means, why, the source document, what to do */
	const char *wrong, *right; /* a trace that breaks the rule and one that does not */
};

/* How many rules there are: they are numbered from 0. */
SESSIONLINT_PUBLIC unsigned sessionlint_rule_count(void);
/* The table of rules. NULL for an invalid number. */
SESSIONLINT_PUBLIC const struct sessionlint_rule_info *sessionlint_rule_info(unsigned rule);
/* -EINVAL if there is no such rule; the part after the slash is enough if it is unique. */
SESSIONLINT_PUBLIC int sessionlint_rule_parse(const char *name, size_t size,
					      enum sessionlint_rule *ret_rule);
SESSIONLINT_PUBLIC const char *sessionlint_severity_name(unsigned severity);
SESSIONLINT_PUBLIC int sessionlint_severity_parse(const char *name, size_t size,
						  enum sessionlint_severity *ret_severity);

/* A past event of a session and its place in the trace. */
struct sessionlint_history {
	uint8_t event;
	uint64_t line;
	const char *file; /* NULL: the file of the finding; "": no log shows the event, but the
			     account needs it */
};

#define SESSIONLINT_HISTORY 8

enum sessionlint_repair_kind {
	SESSIONLINT_REPAIR_NONE,
	SESSIONLINT_REPAIR_DROP,
	SESSIONLINT_REPAIR_INSERT,
};

/* The smallest change to the trace that makes it legal up to the finding. */
struct sessionlint_repair {
	enum sessionlint_repair_kind kind;
	uint8_t events[8]; /* events to insert before the event, in order */
	unsigned count;
};

#define SESSIONLINT_NO_EVENT UINT32_MAX
#define SESSIONLINT_NO_STATE UINT32_MAX
#define SESSIONLINT_NO_TIME  UINT64_MAX

/* A record that shows what a finding or a step of an account is about: see
 * sessionlint_set_together(). */
struct sessionlint_witness {
	enum sessionlint_source source;
	const char *file;
	uint64_t line, offset, time; /* as in a finding */
};

/* Why a finding does not count: what suppresses it. */
enum sessionlint_suppression {
	SESSIONLINT_SUPPRESSION_NONE,
	SESSIONLINT_SUPPRESSION_TRACE,    /* the trace itself, by keys of the record */
	SESSIONLINT_SUPPRESSION_BASELINE, /* a baseline, or the suppress callback */
};

/*
 * A finding. It and all text in it are valid during the call that reports it. The library allocates
 * it: later versions can add members at its end.
 */
struct sessionlint_finding {
	enum sessionlint_rule rule;
	enum sessionlint_severity severity;
	struct sessionlint_text message; /* without file, severity, session and rule */

	const char *file;
	uint64_t line;     /* from 1; in a binary log the EventRecordID; 0: the file as a whole */
	uint64_t offset;   /* in bytes from the start of the file */
	uint64_t time;     /* in 100 ns since 1601-01-01 UTC, or SESSIONLINT_NO_TIME */
	const char *log;   /* the first file of a joined log; otherwise the file */
	uint64_t log_line; /* line, numbered through the files of a joined log; in an account, its
			      place in the order of the machine, from 1 */

	bool cascade; /* it only follows from an earlier finding of the same session */
	bool swapped; /* legal if it were swapped with the event before it in history */

	bool has_session; /* the finding is about a session; otherwise the next three are 0 */
	enum sessionlint_source source;
	uint32_t session;
	uint32_t incarnation; /* of the id in this boot, from 1; 0: unknown */
	struct sessionlint_text host, boot;
	uint64_t boot_ordinal; /* number of boots of the host in this log so far; 0 before the first
				*/
	/* As the record names them; otherwise who is logged on to the session, and from where the
	 * session was last used, as far as the trace says. */
	struct sessionlint_text user, address;
	struct sessionlint_text driver, io; /* whose contract it is about; no data if none */

	uint32_t event;                /* or SESSIONLINT_NO_EVENT */
	uint32_t observed;             /* the state in the trace, or SESSIONLINT_NO_STATE */
	sessionlint_belief belief;     /* before the event */
	sessionlint_event_set allowed; /* by the documented model, in this belief */
	struct sessionlint_repair repair;
	struct sessionlint_history history[SESSIONLINT_HISTORY]; /* oldest first, this event last */
	unsigned history_count;
	uint64_t history_omitted; /* older events that are not in history */

	enum sessionlint_suppression suppression;
	struct sessionlint_text reason; /* reason of the suppression; not trusted either */

	/* Of an account of a machine: all records that show it, in their order. */
	const struct sessionlint_witness *witnesses;
	unsigned witness_count;

	bool shown; /* it passes the filters: see sessionlint_add_filter() */
};

/* ---- steps ---- */

enum sessionlint_step_kind {
	SESSIONLINT_STEP_EVENT,  /* an event was judged */
	SESSIONLINT_STEP_SAMPLE, /* a state of the session in the trace was judged */
	SESSIONLINT_STEP_LOST,   /* records may be missing: the session can be in more states */
	SESSIONLINT_STEP_END,    /* the incarnation ended, or the boot of the host, or the log */
};

enum sessionlint_verdict {
	SESSIONLINT_VERDICT_LEGAL,        /* by the published table, including the reuse of an id */
	SESSIONLINT_VERDICT_UNDOCUMENTED, /* only the undocumented reconnect explains it */
	SESSIONLINT_VERDICT_IMPLIED, /* only a hidden end with the user logged on explains it */
	SESSIONLINT_VERDICT_CONTRADICTED, /* states in the trace contradict the model */
	SESSIONLINT_VERDICT_ILLEGAL,      /* nothing explains it */
};

/*
 * What a run did with one record of a session. It and all text in it are valid during the call of
 * the callback. Within a log no two incarnations at a time have the same host_number, source and
 * session.
 */
struct sessionlint_step {
	enum sessionlint_step_kind kind;
	enum sessionlint_verdict verdict; /* of events and samples */

	const char *file,
		*log; /* as in a finding; for LOST and END the last record of the session */
	uint64_t line, log_line, offset, time;

	enum sessionlint_source source;
	struct sessionlint_text host, boot;
	uint64_t boot_ordinal;
	uint32_t host_number; /* among the hosts of this log, from 0 */
	uint32_t session;
	uint32_t incarnation;

	uint32_t event; /* or SESSIONLINT_NO_EVENT */
	/*
	 * The states in which the event can have happened: those of the belief, by the strictest
	 * tolerance that explains it, that have a transition for it. For a violation, and for steps
	 * that are not events, the belief before it.
	 */
	sessionlint_belief before;
	sessionlint_belief after; /* right after it, before any hidden event */
	bool midway;              /* the incarnation began or continued outside the trace */
	bool unseen;              /* something hidden can have happened since the previous step */
	bool renewed; /* the event begins a new incarnation of the id; END of the previous one came
			 first */

	/* Of an account of a machine: all records that show it, in their order. Without any, no log
	 * shows the event, and the place is that of what follows it. */
	const struct sessionlint_witness *witnesses;
	unsigned witness_count;
	bool inferred; /* an event that no log shows */

	/* As the records of this step name them; no data if they do not. */
	struct sessionlint_text user, address, client;
	uint32_t reason; /* of a Disconnected, as in LocalSessionManager 40; or
			    SESSIONLINT_NO_REASON */

	bool shown; /* as in a finding */
};

#define SESSIONLINT_NO_REASON UINT32_MAX

/* What a reason of LocalSessionManager 40 means, as in "replaced by another connection"; NULL: not
 * known. Static text. */
SESSIONLINT_PUBLIC const char *sessionlint_reason_text(uint32_t reason);

/* ---- annotations ---- */

/* What Windows logs about sessions that is no transition. Later versions add some at the end. */
enum sessionlint_annotation_kind {
	SESSIONLINT_ANNOTATION_AUTHENTICATED, /* a remote user was authenticated */
	SESSIONLINT_ANNOTATION_CONNECTION,    /* a remote connection came in */
	SESSIONLINT_ANNOTATION_CONNECTION_FAILED,
	SESSIONLINT_ANNOTATION_GATEWAY,             /* of the Remote Desktop Gateway */
	SESSIONLINT_ANNOTATION_LOGON_SESSION_BEGAN, /* Security 4624 */
	SESSIONLINT_ANNOTATION_LOGON_SESSION_ENDED, /* Security 4634 */
	SESSIONLINT_ANNOTATION_LOGOFF_STARTED,      /* Security 4647 */
	SESSIONLINT_ANNOTATION_RECONNECTED,         /* Security 4778 */
	SESSIONLINT_ANNOTATION_DISCONNECTED,        /* Security 4779 */
	SESSIONLINT_ANNOTATION_LOCKED,
	SESSIONLINT_ANNOTATION_UNLOCKED,
	SESSIONLINT_ANNOTATION_DISCONNECT_REQUESTED, /* LocalSessionManager 39 */
	SESSIONLINT_ANNOTATION_DISCONNECT_REASON,    /* LocalSessionManager 40 */
	SESSIONLINT_ANNOTATION_ARBITRATION_BEGAN,
	SESSIONLINT_ANNOTATION_ARBITRATION_ENDED,
	SESSIONLINT_ANNOTATION_POWER, /* sleep, wake, or the kind of a boot */
};

/* Its name, as in "disconnect-reason"; NULL for an invalid number. Static text. */
SESSIONLINT_PUBLIC const char *sessionlint_annotation_name(unsigned kind);

/* An annotation, and where it is. It and all text in it are valid during the call. */
struct sessionlint_annotation {
	enum sessionlint_annotation_kind kind;
	const char *file;
	uint64_t line, offset, time; /* as in a finding */
	struct sessionlint_text host;
	uint64_t boot_ordinal;
	bool has_session; /* the record names it, or another record ties its logon id to it */
	uint32_t session;
	uint32_t event_id; /* of Windows */
	uint32_t reason;   /* of a DISCONNECT_REASON; the type of a logon; or NO_REASON */
	uint64_t logon_id; /* or 0 */
	struct sessionlint_text user, domain, address, client;
	bool shown;      /* as in a finding */
	const char *log; /* as in a finding */
};

/* ---- a run ---- */

enum sessionlint_start {
	SESSIONLINT_START_AUTO, /* text traces: initialized; Windows logs: unknown until the first
				   boot */
	SESSIONLINT_START_INITIALIZED, /* the capture has each session from its beginning */
	SESSIONLINT_START_UNKNOWN,     /* the capture may begin in the middle of a session */
};

struct sessionlint;

/*
 * Begins a run with the defaults: each rule has its default severity, text records without a source
 * are of wdm, pointers have 8 bytes, and nothing is called. The caller owns the result:
 * sessionlint_free(). -ENOMEM.
 */
SESSIONLINT_PUBLIC int sessionlint_new(struct sessionlint **ret_run);
/* Ends a run, which may be NULL. -EBUSY: called from one of its own callbacks; the run continues.
 */
SESSIONLINT_PUBLIC int sessionlint_free(struct sessionlint *run);

/* ---- settings ---- */

/*
 * What is found is decided before the first log: these return -EBUSY once it has begun, -EINVAL for
 * a value out of range, and 0. Without a call the default applies.
 */

/* Gives each rule its default severity, or the one under --strict. */
SESSIONLINT_PUBLIC int sessionlint_set_strict(struct sessionlint *run, bool strict);
/* The severity of one rule; SESSIONLINT_SEVERITY_OFF: it is not checked. */
SESSIONLINT_PUBLIC int sessionlint_set_severity(struct sessionlint *run, enum sessionlint_rule rule,
						enum sessionlint_severity severity);
/* In which states sessions are when a log begins; SESSIONLINT_START_AUTO. */
SESSIONLINT_PUBLIC int sessionlint_set_start(struct sessionlint *run, enum sessionlint_start start);
/* The source of text records that name none. Findings then do not suggest another one. */
SESSIONLINT_PUBLIC int sessionlint_set_source(struct sessionlint *run,
					      enum sessionlint_source source);
/* The size of pointers of hosts, in bytes: 8 or 4. */
SESSIONLINT_PUBLIC int sessionlint_set_pointer_size(struct sessionlint *run, unsigned size);
/* Sorts text records without seq by time if they are at most this late, in 100 ns; 0: does not. */
SESSIONLINT_PUBLIC int sessionlint_set_reorder(struct sessionlint *run, uint64_t duration);
/* Reads text from its last record to its first; no effect on .evtx logs. */
SESSIONLINT_PUBLIC int sessionlint_set_reverse(struct sessionlint *run, bool reverse);
/* Also reads the old records after the end of .evtx logs. */
SESSIONLINT_PUBLIC int sessionlint_set_recover(struct sessionlint *run, bool recover);
/*
 * Replaces names as records come in, before anything else sees them: users, domains, hosts,
 * addresses, clients and boots become user1, domain1 and so on, the same name always the same one,
 * in upper or lower case; forms such as DOMAIN\user remain. Free texts (reasons) become reason1,
 * and what reasons of malformed records quote is left out. Names of files, drivers and I/O objects
 * stay. Fingerprints are then those of the replacements.
 */
SESSIONLINT_PUBLIC int sessionlint_set_anonymize(struct sessionlint *run, bool anonymize);
/*
 * Makes one account of the logs of a machine: see "an account of a machine". The default is OFF:
 * each log is judged by itself.
 */
enum sessionlint_together {
	SESSIONLINT_TOGETHER_OFF,
	SESSIONLINT_TOGETHER_MACHINE,  /* all logs are of one machine */
	SESSIONLINT_TOGETHER_COMPUTER, /* of the computers that their records name */
};
SESSIONLINT_PUBLIC int sessionlint_set_together(struct sessionlint *run,
						enum sessionlint_together together);
/* In an account, the time within which all records of a transition lie, in 100 ns: 10 s by default,
 * at most 1 h. */
SESSIONLINT_PUBLIC int sessionlint_set_window(struct sessionlint *run, uint64_t window);

/* The severity that the run gives to findings of @rule. */
SESSIONLINT_PUBLIC enum sessionlint_severity
sessionlint_rule_severity(const struct sessionlint *run, unsigned rule);

/*
 * What the run calls, with the @userdata given here; NULL: nothing. Callbacks can be changed
 * between logs: -EBUSY while one is checked.
 */

/*
 * Called for each finding, in the order of the trace. A negative result ends the check of the log
 * with that error; the run can continue with another log.
 */
typedef int sessionlint_report_callback(void *userdata, const struct sessionlint_finding *finding);
SESSIONLINT_PUBLIC int sessionlint_set_report(struct sessionlint *run,
					      sessionlint_report_callback *callback,
					      void *userdata);
/*
 * Called for each finding before it is counted: sets suppression and reason of findings that do not
 * count; other changes are ignored. The reason must be valid until the finding is reported. Not
 * called for findings that the trace itself or a baseline suppresses, nor for unreadable records,
 * which cannot be suppressed.
 */
typedef void sessionlint_suppress_callback(void *userdata, struct sessionlint_finding *finding);
SESSIONLINT_PUBLIC int sessionlint_set_suppress(struct sessionlint *run,
						sessionlint_suppress_callback *callback,
						void *userdata);
/* Called for each step of a session, after the findings about it. */
typedef void sessionlint_observe_callback(void *userdata, const struct sessionlint_step *step);
SESSIONLINT_PUBLIC int sessionlint_set_observe(struct sessionlint *run,
					       sessionlint_observe_callback *callback,
					       void *userdata);
/* Called for each annotation: as it is read, or in an account among the steps, by its time. */
typedef void sessionlint_annotate_callback(void *userdata,
					   const struct sessionlint_annotation *annotation);
SESSIONLINT_PUBLIC int sessionlint_set_annotate(struct sessionlint *run,
						sessionlint_annotate_callback *callback,
						void *userdata);
/* Called about every megabyte. @size is 0 if unknown. */
typedef void sessionlint_progress_callback(void *userdata, const char *file, uint64_t done,
					   uint64_t size);
SESSIONLINT_PUBLIC int sessionlint_set_progress(struct sessionlint *run,
						sessionlint_progress_callback *callback,
						void *userdata);

/* ---- known findings ---- */

/* Where and why a baseline is invalid. */
struct sessionlint_baseline_error {
	unsigned line, column; /* from 1; in characters. 0: as a whole */
	char text[200];
};

/*
 * Findings that a baseline lists, which 'sessionlint baseline' writes, are known and do not count:
 * they are reported with its suppression and the reason of their entry. @data is its contents,
 * which are copied. Entries expire by the day of @now, in seconds since 1970. A call replaces the
 * baseline of the one before. -EBADMSG: it is invalid, see *ret_error; -EBUSY: the first log has
 * begun; -ENOMEM.
 */
SESSIONLINT_PUBLIC int sessionlint_set_baseline(struct sessionlint *run, const void *data,
						size_t size, int64_t now,
						struct sessionlint_baseline_error *ret_error);

/* An entry of the baseline that should be looked at. It and all text in it are valid during the
 * call. */
struct sessionlint_baseline_entry {
	/* logs of that name were read in full, the rule is on, and no finding matches it */
	bool stale;
	bool expired;          /* its last day has passed, and a finding matches it, which counts */
	unsigned line, column; /* in the baseline */
	struct sessionlint_text fingerprint, rule, log, subject, message, reason;
	struct sessionlint_text expires; /* as in "2026-01-31", or no data */
};

/* Called for each entry that is stale or expired. */
typedef void sessionlint_baseline_callback(void *userdata,
					   const struct sessionlint_baseline_entry *entry);
/*
 * After the last log: calls @callback for those entries, in the order of the baseline. -EINVAL:
 * there is no baseline; -EBUSY while a log is checked.
 */
SESSIONLINT_PUBLIC int sessionlint_end_baseline(struct sessionlint *run,
						sessionlint_baseline_callback *callback,
						void *userdata);

/* ---- what is shown ---- */

/*
 * Filters decide what a program shows, and never what is judged or counted: the callbacks are
 * called with everything, and what passes all filters has the member shown.
 */
enum sessionlint_filter {
	/* A name; one without a domain is that of a computer in any. Here, in users and in
	 * addresses, * stands for any text; upper and lower case are alike. */
	SESSIONLINT_FILTER_HOST,
	SESSIONLINT_FILTER_SESSION,  /* a number */
	SESSIONLINT_FILTER_USER,     /* "alice", "CORP\\alice" */
	SESSIONLINT_FILTER_ADDRESS,  /* "10.0.0.1", "10.0.*" */
	SESSIONLINT_FILTER_SINCE,    /* not before "2026-01-31" or "2026-01-31T08:00:00Z" */
	SESSIONLINT_FILTER_UNTIL,    /* not after it; a date includes that day */
	SESSIONLINT_FILTER_SEVERITY, /* of findings: "note", "warning", "error" or above */
};

/*
 * Adds a filter. Of several hosts, sessions, users or addresses, one is enough; of the others the
 * last counts. What has no host, session, user, address or time does not pass a filter for it;
 * steps are not filtered by user and address, and annotations not by severity. -EINVAL: there is no
 * such filter, or it cannot have that value; -EBUSY while a log is checked; -ENOMEM.
 */
SESSIONLINT_PUBLIC int sessionlint_add_filter(struct sessionlint *run,
					      enum sessionlint_filter filter, const char *value,
					      size_t size);

/*
 * Whether a value passes the filters of that kind, for what a program makes of steps, such as a
 * session: one from 08:00 to 09:00 is shown if its last time passes SINCE, and its first UNTIL. An
 * empty value, or the severity "off", stands for none.
 */
SESSIONLINT_PUBLIC bool sessionlint_passes_filter(const struct sessionlint *run,
						  enum sessionlint_filter filter, const char *value,
						  size_t size);

/* ---- recognizing files ---- */

enum sessionlint_content {
	SESSIONLINT_CONTENT_LOG,
	SESSIONLINT_CONTENT_FOREIGN, /* a log in a format that cannot be read */
	SESSIONLINT_CONTENT_REPORT,  /* output of sessionlint */
	SESSIONLINT_CONTENT_OTHER,   /* an empty file, too */
};

/*
 * What the file at @path is, by its first bytes. *ret_what is NULL for a log; otherwise as of
 * sessionlint_not_a_log(). Errors are those of opening and reading the file.
 */
SESSIONLINT_PUBLIC int sessionlint_recognize(const char *path,
					     enum sessionlint_content *ret_content,
					     const char **ret_what);

/* ---- checking ---- */

/*
 * Checks one log, which begins at the position of @descriptor. @descriptor stays open and belongs
 * to the caller; its position afterwards is unspecified. @name is the name of the file in findings.
 * Malformed input is a finding, not an error. Errors: -EBADMSG: not a log of a known format;
 * -EILSEQ: a text whose times run backward, which was reported as trace/newest-first and not
 * judged; -ENODATA: empty, or a text without records; -EBUSY: called from one of its own callbacks;
 * -ENOMEM; errors of reading, with -EIO instead of -EBADMSG and -ENODATA; what report returned.
 */
SESSIONLINT_PUBLIC int sessionlint_check_descriptor(struct sessionlint *run, int descriptor,
						    const char *name);
/* The same; opens and closes the file. */
SESSIONLINT_PUBLIC int sessionlint_check_file(struct sessionlint *run, const char *path);

/*
 * The same of @size bytes at @data, in any format: .evtx too. They are read where they are and must
 * not change before the function returns.
 */
SESSIONLINT_PUBLIC int sessionlint_check_buffer(struct sessionlint *run, const void *data,
						size_t size, const char *name);

/*
 * Checks one log that consists of several files, as left by rotation: text in the given order,
 * .evtx files of one channel and computer in the order of EventRecordID. Each is opened by its path
 * when it is needed; for standard input, which can only be text, the path is NULL, and findings
 * call it <stdin>. A file without records is not an error if another has some. Errors are those of
 * sessionlint_check_descriptor(), and -EXDEV: the files are not parts of one log; *ret_part is then
 * the file in question, or @count.
 */
SESSIONLINT_PUBLIC int sessionlint_check_parts(struct sessionlint *run, const char *const *paths,
					       size_t count, size_t *ret_part);

/* ---- an account of a machine ---- */

/*
 * Several logs of one machine show the same transitions. With sessionlint_set_together() the
 * records of sources lsm, winlogon, winlogon-operational, profile and rdp are not judged log by
 * log: they wait until sessionlint_end_machine(), which finds for each session the run of the model
 * in which every record is a witness of one transition, and judges that. Each finding and step then
 * has all its witnesses. Other records are judged as they are read.
 */

/*
 * The logs checked since the last such call, or since the beginning, are all logs of a machine,
 * called @name in findings about it as a whole. Errors: -EINVAL without sessionlint_set_together();
 * -EBUSY as above; -EOVERFLOW: more records than an account can hold (2^29 in a log); -ENOMEM; what
 * report returned.
 */
SESSIONLINT_PUBLIC int sessionlint_end_machine(struct sessionlint *run, const char *name);

/* ---- checking while capturing ---- */

/*
 * A log that the caller hands over record by record. Findings are reported during the call that
 * hands over the record which shows them, or a later one: a record with a seq waits for those
 * before it, for instance. Until sessionlint_feed_end() the run accepts no other log and no
 * settings: -EBUSY. Errors of all four functions: -EINVAL if there is no such log, -EBUSY if called
 * from a callback, -ENOMEM.
 *
 * In findings, line is the number of the call that handed the record over, from 1, and offset
 * counts the bytes of the lines before it. Records are taken in the order in which they come, so
 * neither trace/newest-first nor sessionlint_set_reverse() applies.
 */

/* Begins such a log; findings call it @name, which is copied. -EBUSY: another one is not at its
 * end.
 */
SESSIONLINT_PUBLIC int sessionlint_feed_begin(struct sessionlint *run, const char *name);

/* A key of the trace format, as in "session", and its value. */
struct sessionlint_pair {
	const char *key;
	struct sessionlint_text value; /* UTF-8, without quotes; without data: as if it were not
					  there */
};

/*
 * Hands over a record of @count keys and values. What makes no record is a finding, not an error.
 * Returns 0, or what the report callback returned: that ends the log, all later records of it are
 * refused with the same error. -EINVAL: a key is NULL, or a value has a size and no data.
 */
SESSIONLINT_PUBLIC int sessionlint_feed(struct sessionlint *run,
					const struct sessionlint_pair *pairs, size_t count);

/* The same of a line of a text trace, key=value or NDJSON, with or without its line feed; blank
 * lines and comments are allowed. -EINVAL: it has more than one line. */
SESSIONLINT_PUBLIC int sessionlint_feed_line(struct sessionlint *run, const char *line,
					     size_t size);

/* The values of a key in many records, laid out as a column of Arrow is. */
struct sessionlint_column {
	const char *key;
	const char *data;       /* the values, one after the other; not terminated */
	const int32_t *offsets; /* into data: value i is from offsets[i] to offsets[i + 1] */
	const uint8_t *valid;   /* value i is there if bit i % 8 of byte i / 8 is set; NULL: all */
	size_t first;           /* the i of the first record */
};

/*
 * The same as one call of sessionlint_feed() for each of @rows records, with the keys that have a
 * value. -EINVAL, and no record was handed over: a key or offsets are NULL, offsets decrease, or a
 * value has a size and no data.
 */
SESSIONLINT_PUBLIC int sessionlint_feed_columns(struct sessionlint *run,
						const struct sessionlint_column *columns,
						size_t count, size_t rows);

/* Ends the log: what waits is judged. Returns what ended the log before; -ENODATA: it has no
 * record. */
SESSIONLINT_PUBLIC int sessionlint_feed_end(struct sessionlint *run);

/* ---- a log that several programs read ---- */

/*
 * A partial is what a program knows of a stretch of a log: of the records from one on to another,
 * without those before. Programs make partials of the stretches of a log, side by side; merged in
 * the order of the log and finished, they are judged as one log. Findings, their order and totals
 * are then those of sessionlint_feed() with all records, byte for byte, in whatever groups partials
 * were merged.
 *
 * A partial contains the records that can still matter. What is left out of a condensed one is
 * whole incarnations that conform, whatever came before: the trace shows the end of the one before,
 * every transition is in the published table, and the next one has begun. Of a session there
 * remain the first records of the stretch, the last incarnation, and every one that is not as
 * above. Records with a seq all remain.
 *
 * A partial may be used by one thread at a time, and belongs to the caller.
 */
struct sessionlint_partial;

enum sessionlint_partial_kind {
	SESSIONLINT_PARTIAL_WHOLE, /* nothing is left out: all settings of a run can be used */
	/* The log has no records of drivers (see traces/README.md): with some, what is left out
	 * would not be known to conform. */
	SESSIONLINT_PARTIAL_CONDENSED,
};

/* Makes an empty partial, which reads records as a run like @run does: its source counts, and
 * nothing else. -EINVAL: there is no such kind; -ENOMEM. */
SESSIONLINT_PUBLIC int sessionlint_partial_new(const struct sessionlint *run,
					       enum sessionlint_partial_kind kind,
					       struct sessionlint_partial **ret_partial);
/* NULL is allowed. */
SESSIONLINT_PUBLIC void sessionlint_partial_free(struct sessionlint_partial *partial);

/*
 * Adds records at the end of the stretch, as sessionlint_feed(), _line() and _columns() hand them
 * over. -EINVAL as there; -ENOTSUP: the partial is condensed and the record is of a driver;
 * -ENOMEM. After the last two, all calls but sessionlint_partial_free() return the same error.
 */
SESSIONLINT_PUBLIC int sessionlint_partial_feed(struct sessionlint_partial *partial,
						const struct sessionlint_pair *pairs, size_t count);
SESSIONLINT_PUBLIC int sessionlint_partial_feed_line(struct sessionlint_partial *partial,
						     const char *line, size_t size);
SESSIONLINT_PUBLIC int sessionlint_partial_feed_columns(struct sessionlint_partial *partial,
							const struct sessionlint_column *columns,
							size_t count, size_t rows);

/* Adds the stretch of @next, which follows that of @partial. @next does not change. -EINVAL: they
 * are of different kinds, or read records differently, or are the same one; -ENOMEM. */
SESSIONLINT_PUBLIC int sessionlint_partial_merge(struct sessionlint_partial *partial,
						 const struct sessionlint_partial *next);

/*
 * A partial as bytes, which are the same for all ways of making it from the same records; valid
 * until the next call with @partial. -ENOMEM.
 */
SESSIONLINT_PUBLIC int sessionlint_partial_save(struct sessionlint_partial *partial,
						const void **ret_data, size_t *ret_size);
/* Makes a partial of such bytes, which are copied. -EBADMSG: they are damaged, or of another
 * version of the library; -ENOMEM. */
SESSIONLINT_PUBLIC int sessionlint_partial_load(const void *data, size_t size,
						struct sessionlint_partial **ret_partial);

/*
 * Judges the records of a partial as a log of @run that findings call @name. Findings are reported
 * during the call; @partial stays as it is. Returns what sessionlint_feed_end() returns; -EBUSY:
 * the run has a log that is not at its end; -EINVAL: its source is another than when the partial
 * was made, or the partial is condensed and @run has an observer, replaces names, sorts by time or
 * makes accounts, for which all records are needed.
 */
SESSIONLINT_PUBLIC int sessionlint_partial_finish(struct sessionlint_partial *partial,
						  struct sessionlint *run, const char *name);

/*
 * Hands over the records of a partial, like one of the functions of feeding, after those that the
 * log has so far; @partial stays as it is. With the partials of all stretches, one after the other,
 * the log is judged as with what they are merged to, and need not be in memory as a whole. Errors
 * of sessionlint_feed(), and -EINVAL as above.
 */
SESSIONLINT_PUBLIC int sessionlint_feed_partial(struct sessionlint *run,
						struct sessionlint_partial *partial);

/* ---- after a log ---- */

/*
 * Whether the last checked log continues another one of the run, or the other way round: with the
 * next EventRecordID of the same channel and computer, or the next seq. Then both are parts of one
 * log. The names are valid until the run is freed.
 */
SESSIONLINT_PUBLIC bool sessionlint_continued(const struct sessionlint *run,
					      const char **ret_earlier, const char **ret_later);

/* Whether some logs of the run are of one computer and of different channels: judged one by one,
 * they show its sessions more than once. See sessionlint_set_together(). */
SESSIONLINT_PUBLIC bool sessionlint_has_related_logs(const struct sessionlint *run);

/*
 * Tells the run that the logs checked since the last such call, or since the beginning, are all
 * logs of @name, a file or a folder: reports trace/nothing-judged about @name if nothing in them
 * was judged (no event, state, notification, call or object), unless one of them could not be
 * checked or has an error. Returns what report returned, -EBUSY as above, or -ENOMEM.
 */
SESSIONLINT_PUBLIC int sessionlint_check_judged(struct sessionlint *run, const char *name);

/*
 * After -EBADMSG: what the file is instead and, after a semicolon, how to get a log from it, such
 * as "compressed by gzip; unpack it first". Static text; NULL before.
 */
SESSIONLINT_PUBLIC const char *sessionlint_not_a_log(const struct sessionlint *run);

/* ---- totals ---- */

/* The counts of a run. Later versions add some at the end. */
enum sessionlint_total {
	SESSIONLINT_TOTAL_FILES,
	SESSIONLINT_TOTAL_BYTES,
	SESSIONLINT_TOTAL_RECORDS,       /* records read, of any kind */
	SESSIONLINT_TOTAL_EVENTS,        /* judged */
	SESSIONLINT_TOTAL_MARKERS,       /* boot, shutdown, gap, end */
	SESSIONLINT_TOTAL_NOTED,         /* of a session log, but not a transition: not judged */
	SESSIONLINT_TOTAL_SKIPPED,       /* of other channels and providers */
	SESSIONLINT_TOTAL_UNREADABLE,    /* malformed */
	SESSIONLINT_TOTAL_NOTIFICATIONS, /* of the driver's contract */
	SESSIONLINT_TOTAL_CALLS,         /* likewise */
	SESSIONLINT_TOTAL_OBJECTS,       /* likewise */
	SESSIONLINT_TOTAL_REGISTRATIONS, /* that were made */
	SESSIONLINT_TOTAL_INCARNATIONS,  /* of sessions */
	SESSIONLINT_TOTAL_CONFORMING,    /* incarnations */
	SESSIONLINT_TOTAL_VIOLATING,     /* incarnations */
	SESSIONLINT_TOTAL_UNDETERMINED,  /* incarnations */
	SESSIONLINT_TOTAL_UNFINISHED,    /* incarnations */
	/* sessions that may have ended and that there was no room to remember; sessions that begin
	 * later on their hosts begin in any state */
	SESSIONLINT_TOTAL_FORGOTTEN,
	SESSIONLINT_TOTAL_SESSIONS_PEAK, /* maximum number of sessions alive at once */
	SESSIONLINT_TOTAL_REGISTRATIONS_PEAK,
	/* findings that count; suppressed ones are counted separately */
	SESSIONLINT_TOTAL_ERRORS,
	SESSIONLINT_TOTAL_WARNINGS,
	SESSIONLINT_TOTAL_NOTES,
	SESSIONLINT_TOTAL_CASCADES,
	SESSIONLINT_TOTAL_SUPPRESSED,
	SESSIONLINT_TOTAL_ANNOTATIONS, /* who, from where, and what else happened: not judged */
};

/* One of the counts, of all logs so far; 0 for an invalid number. */
SESSIONLINT_PUBLIC uint64_t sessionlint_total(const struct sessionlint *run, unsigned total);
/* Its name, as in "events"; NULL for an invalid number. The text is static. */
SESSIONLINT_PUBLIC const char *sessionlint_total_name(unsigned total);
/* The number of findings of @rule that count. */
SESSIONLINT_PUBLIC uint64_t sessionlint_findings_of(const struct sessionlint *run, unsigned rule);

#ifdef __cplusplus
}
#endif

#endif
