/* SPDX-License-Identifier: MIT */
/* What the numbers of the records of a log show, in the order in which these are judged. */
#ifndef CERTIFICATE_LOG_NUMBERS_H
#define CERTIFICATE_LOG_NUMBERS_H

#include "trace/keys.h"
#include "trace/record.h"

/* The records of a host so far. */
struct log_host {
	struct sessionlint_text boot; /* the last value of that key; owned */
	uint64_t seq;
	uint64_t first;      /* number */
	uint64_t row;        /* so many numbers went on from the one before */
	uint64_t line;       /* the largest one */
	uint64_t begin;      /* of the current boot; all its lines are larger */
	uint64_t first_line; /* of it, so far */
	bool numbered;
};

struct log_numbers {
	struct log_host *hosts; /* by number */
	size_t room;
	uint64_t last_seq;
	uint64_t stop;              /* line of the last record that has neither number nor host */
	bool numbered;              /* a record has one */
	bool wrapped;               /* a count of 32 bits may have begun again */
	bool loaded;                /* a driver may have been loaded again */
	bool zero, one;             /* a count has begun with that number */
	bool again, again_in_trace; /* numbers of a host, or of all, begin again */
	bool moved;                 /* the records of a host are not in the order of the file */
	bool mixed;                 /* the records of a boot are not together in the file */
};

/* Follows the next record, of the host with that number: its count may begin again, or go on, with
 * a boot. @lost: something is missing before it. -ENOMEM. */
int log_numbers_follow(struct log_numbers *numbers, const struct record *record, uint32_t number,
		       bool lost);

/* Whether the number of the record shows that it came too late: it is @before, the last one of its
 * host, again; or a record without a number has stopped those that wait; or 32 in a row have shown
 * with which one the count begins. */
bool log_numbers_is_late(const struct log_numbers *numbers, const struct record *record,
			 uint32_t number, uint64_t before);

/* Whether the record may matter to log_numbers_follow(). */
static inline bool log_numbers_concern(const struct record *record)
{
	return record->keys & (KEY_BIT(KEY_SEQ) | KEY_BIT(KEY_BOOT)) ||
	       record->kind == RECORD_MARKER;
}

void log_numbers_forget(struct log_numbers *numbers);

#endif
