/* SPDX-License-Identifier: MIT */
/* The cheapest run of the model that explains the records of one session in one boot. */
#ifndef ACCOUNT_SEARCH_H
#define ACCOUNT_SEARCH_H

#include "account/account.h"

/*
 * What is wrong with a run costs more than all that is only less likely:
 *  - a record that is a witness of nothing;
 *  - an unseen end of a session with its user logged on;
 *  - a log that lacks a transition which it should show;
 *  - a record that is later in the run than by the clock, by more than the witnesses of a
 *    transition are apart on any machine;
 *  - an unseen transition, above all one that nothing but a failure explains;
 *  - a connection to a session that nobody is logged on to any more, rather than to a new one;
 *  - a transition: records that can be witnesses of one are not of two;
 *  - the time that the earliest record left waits for the last witness of a transition, at most
 *    1024 for the whole window: witnesses are close, and transitions in the order of time;
 *  - a transition before the first record, of a session that can have begun before the logs: the
 *    fewer are enough, the better;
 *  - to leave out an early record rather than a late one.
 */
#define COST_LEFT_OUT (1ULL << 50)
#define COST_IMPLIED  (1ULL << 49)
#define COST_MISSING  (1ULL << 38)
#define COST_LATE     (1ULL << 23) /* each record */
#define COST_UNSEEN   (1ULL << 20)
#define COST_ODD      (1ULL << 21) /* unseen, and not of an ordinary life */
#define COST_SEEN     (1ULL << 12) /* a transition with witnesses */
#define COST_AGAIN    (1ULL << 13) /* Connected in Disconnected */
#define COST_WINDOW   1024U

enum search_action {
	SEARCH_START,
	SEARCH_TRANSITION, /* with witnesses */
	SEARCH_UNSEEN,
	SEARCH_LEFT_OUT,
	SEARCH_REPORTED,
};

/* A step of a run. */
struct search_step {
	uint32_t before;    /* number of the row that it comes from */
	uint8_t from : 4;   /* state before it */
	uint8_t action : 4; /* enum search_action */
	uint8_t event;
	uint8_t logs;    /* bit n: it consumed a record of log n */
	uint8_t missing; /* bit n: log n should have shown it */
};

/* What the search needs of a record, in one piece: it looks at each many times. */
struct search_record {
	int64_t time; /* as account_time() */
	uint32_t place;
	uint32_t process;
	uint8_t kind, event;
	bool after_gap;
};

/* The records of one session, and the room in which the search works. */
struct search {
	const struct account *account;
	const struct search_record *records[ACCOUNT_LOGS];
	uint32_t counts[ACCOUNT_LOGS];
	uint32_t total;
	/* places at which the boot begins, and at which it began to shut down, or NONE */
	uint32_t begins, shutdown;
	bool known;   /* no record of the session can be from before */
	uint8_t logs; /* bit n: log n can name the session */

	/* private to search.c */
	struct search_level *levels;
	struct search_row *rows;
	size_t row_count, row_capacity;
	bool crowded;
	uint64_t limit; /* only runs that cost less are tried */

	/* the run that was found, in its order */
	struct search_step *steps;
	size_t step_count, step_capacity;
	uint64_t cost;
	/* how many records had been consumed when runs were first given up for want of room, so
	 * that a cheaper one may have been lost; NONE: all were tried */
	uint32_t narrowed;
};

/* Room for searches. -ENOMEM. */
int search_init(struct search *search, const struct account *account);
void search_free(struct search *search);

/* What the search needs of the record at @place. */
struct search_record search_record(const struct account *account, uint32_t place);

/* Finds the run: search->steps, without the start, and search->cost. -ENOMEM. */
int search_run(struct search *search);

#endif
