/* SPDX-License-Identifier: MIT */
/* What a run of sessionlint.h reports: findings, steps and annotations. It includes this. */
#ifndef SESSIONLINT_FINDING_H
#define SESSIONLINT_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sessionlint_model.h"
#include "sessionlint_text.h"

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif
