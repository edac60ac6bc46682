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

#include "sessionlint_finding.h"
#include "sessionlint_model.h"
#include "sessionlint_partial.h"
#include "sessionlint_text.h"

#ifdef __cplusplus
extern "C" {
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
