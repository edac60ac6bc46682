/* SPDX-License-Identifier: MIT */
/* What a certificate says of a log: in which order its records were judged, and what is missing. */
#ifndef CERTIFICATE_LOG_ORDER_H
#define CERTIFICATE_LOG_ORDER_H

#include "certificate/log_numbers.h"
#include "certificate/witness_text.h"
#include "check/run_inputs.h"
#include "check/run_trail.h"
#include "order/hosts.h"
#include "trace/record.h"

struct log_counts {
	uint64_t verdicts[3]; /* by enum incarnation_verdict */
	uint64_t uncertified;
};

/* Records that are missing, or may be, before a line. */
struct log_loss {
	uint64_t line, count; /* or RECORDS_UNCOUNTED */
	bool of_all;          /* of any host, not only that of the record */
};

/* Which of the two keys a record has. */
enum log_naming {
	NAMED_NOTHING,
	NAMED_NUMBER,
	NAMED_HOST,
	NAMED_BOTH,
};

struct log_marker {
	uint64_t line;
	uint8_t marker;
};

struct log_input {
	char *name;
	const char *format;
	uint64_t size;
	bool is_intricate; /* see struct run_input */
	bool hashed;
	char sha256[SHA256_HEX_SIZE];
};

struct log_lines {
	uint64_t *list;
	size_t count, capacity;
};

/* A host whose drivers number their records apart: two of them have the same number. */
struct log_apart {
	struct sessionlint_text host; /* owned */
	uint64_t seq, lines[2];
};

struct log_order {
	const char *reading; /* see struct certificate_premises */
	bool by_time;        /* text records without numbers are sorted by time */
	bool ended;          /* the log has ended and is not written yet */
	enum run_numbering numbering;
	uint64_t records, last_line;
	uint64_t repeated; /* records among them that are ignored */
	uint64_t aside;    /* those of Windows logs that no certificate is about */
	unsigned named;    /* whether by number and host: a set of enum log_naming */
	uint32_t host;     /* of the first record */
	bool begun;        /* there was a record */
	bool moved;        /* a record came before one of a smaller line */
	bool beside;       /* a record is in the line of the one before */
	bool unsure;       /* what is missing depends on what the numbers count */
	bool unnumbered;   /* a record has no number that is not a marker */
	bool own_loss;     /* records of one host are missing */
	bool of_all;       /* a record with a number can be of all hosts */
	bool boots_all;    /* and is a boot */
	bool late_number;  /* a number came too late, or twice */
	bool hosts;        /* there are several */
	bool inherited;    /* a host with sessions began with what was known of another one */
	bool unshown; /* not all is certified of a host whose drivers number their records apart */
	struct log_numbers numbers;
	/* what is not certified */
	bool channels, exported, damaged, headless, doubtful, forgotten, whole;

	struct log_loss *losses;
	size_t loss_count, loss_capacity;
	struct log_apart *apart; /* owned */
	size_t apart_count, apart_capacity;
	struct log_lines unreadable; /* records that cannot be read */
	struct log_lines late;       /* records that came too late for their time */
	struct log_marker *markers;
	size_t marker_count, marker_capacity;
	struct log_input *inputs;
	size_t input_count, input_capacity;
	struct log_counts log, all;
};

void log_order_free(struct log_order *order);

/* Follows the records that are judged next. -ENOMEM. */
int log_order_follow(struct log_order *order, const struct batch *batch);

/* Counts an incarnation. */
void log_order_count(struct log_order *order, enum incarnation_verdict verdict, bool certified);

/* Notes a file of the log. -ENOMEM. */
int log_order_input(struct log_order *order, const struct run_input *input);

/* Forgets the files of the log. */
void log_order_forget_inputs(struct log_order *order);

/* ---- log_apart.c ---- */

/* Notes which hosts of the log have drivers that number their records apart. -ENOMEM. */
int log_apart_find(struct log_order *order, const struct hosts *hosts);

/* Forgets them. */
void log_apart_forget(struct log_order *order);

/* The log has ended; its hosts are @hosts. @whole: all of it was judged. @forgotten: sessions were
 * forgotten that may not have ended. -ENOMEM. */
int log_order_end(struct log_order *order, const struct hosts *hosts, enum run_numbering numbering,
		  bool whole, bool forgotten);

/* Writes the line of the log that has ended, and forgets it. */
void log_order_put(struct log_order *order, struct witness_text *text);

void log_order_put_counts(const struct log_counts *counts, struct witness_text *text);

#endif
