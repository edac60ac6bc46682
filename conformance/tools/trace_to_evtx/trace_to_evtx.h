/* SPDX-License-Identifier: MIT */
/*
 * The parts of the command trace_to_evtx. It reads text traces with a tokenizer of its own, so
 * that a mistake of the project's reader does not hide in the files that test it.
 */
#ifndef TRACE_TO_EVTX_H
#define TRACE_TO_EVTX_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "evtx_writer.h"

enum trace_kind {
	TRACE_LOGON,
	TRACE_LOGOFF,
	TRACE_DISCONNECTED,
	TRACE_CONNECTED,
	TRACE_BOOT,
	TRACE_SHUTDOWN,
	TRACE_FAILED,     /* Windows' own report of a transition that failed, 36 */
	TRACE_INVALID,    /* and of one that is invalid, 37 */
	TRACE_TRANSITION, /* a whole transition with both states, 38 */
	TRACE_GAP,        /* no record, but a record id is skipped */
	TRACE_CREATED,    /* of Winlogon's own log */
	TRACE_TERMINATED,
};

/* The log that an event is of. */
enum trace_origin {
	TRACE_OF_LSM,
	TRACE_OF_WINLOGON,
	TRACE_OF_WINLOGON_OPERATIONAL, /* the session is a process id */
	TRACE_OF_PROFILE,
	TRACE_OF_RDP,
};

/* One line of a trace. The texts live as long as the line. */
struct trace_event {
	enum trace_kind kind;
	enum trace_origin source;
	const char *annotation; /* NULL: an event or a marker */
	uint64_t time;          /* FILETIME */
	uint64_t sequence;      /* the record's id; 0: not given */
	uint32_t session;
	const char *host;            /* NULL: not given */
	const char *user;            /* likewise */
	const char *address;         /* likewise */
	const char *domain, *client; /* of an annotation, likewise */
	uint64_t logon_id;
	uint32_t process; /* 0: not given */
	uint32_t reason;  /* of a disconnect; NO_REASON: not given */
	const char *state_name;
	const char *new_state_name;
	const char *event_name;
	uint32_t error_code;
};

enum {
	TRACE_NO_REASON = 0x7fffffff,
};

/* Whether the line says nothing: blank, or a comment. */
bool trace_line_is_empty(const char *line);

/*
 * Reads one line, without its line end, and changes it while doing so.
 * Errors: -EINVAL; *ret_message then says what is wrong with the line.
 */
int trace_line_parse(char *line, struct trace_event *ret_event, const char **ret_message);

/* Where events come from: the lines of a file, or a counter. */
struct trace_source {
	const char *path;
	FILE *file; /* NULL: generated */
	char *line;
	size_t line_size;
	unsigned long long line_number;
	const char *message; /* what is wrong with the line */

	/* generated: `events` events, shared out among the hosts one after the other */
	uint64_t events;
	uint64_t sessions;
	uint64_t hosts;
	uint64_t position;
	char texts[3][64];
};

/* Errors: what fopen() says. The caller closes the source. */
int trace_source_open(struct trace_source *source, const char *path);
int trace_source_rewind(struct trace_source *source);
void trace_source_close(struct trace_source *source);

/*
 * The next event; its texts live until the next call.
 * Errors: -ENODATA (no more), -EINVAL (source->message says why), -ENOMEM, -EIO.
 */
int trace_source_next(struct trace_source *source, struct trace_event *ret_event);

/* Writes what the session manager logs of an event. */
struct trace_log {
	struct evtx_writer *writer;
	bool noise;       /* also the records that surround an event in real logs */
	uint64_t padding; /* records of no session before each */
	bool event_xml;   /* 36, 37 and 38 have their fields in EventXML; otherwise in EventData */
	uint32_t boots;
	uint64_t logged_off; /* the session that logged off last; UINT64_MAX: none */
	uint64_t next_id;
	uint64_t record_count;
};

/* Whether the name is of an annotation. */
bool trace_annotation_exists(const char *name);

/* Writes an annotation, or what another log than the session manager's holds of an event. Errors:
 * those of evtx_writer_add(). */
int trace_channels_add(struct trace_log *log, const struct trace_event *event);

/* Writes a record of the System log that says nothing of a session. Errors: likewise. */
int trace_channels_pad(struct trace_log *log, const struct trace_event *event);

/* Errors: those of evtx_writer_add(). */
int trace_log_add(struct trace_log *log, const struct trace_event *event);

#endif
