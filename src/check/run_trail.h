/* SPDX-License-Identifier: MIT */
/* What a certificate needs of a run: each incarnation with all that its records were, and what the
 * log shows of its own order. */
#ifndef CHECK_RUN_TRAIL_H
#define CHECK_RUN_TRAIL_H

#include "sessionlint.h"

struct batch;
struct hosts;
struct sessionlint;

enum incarnation_verdict {
	INCARNATION_CONFORMING,
	INCARNATION_VIOLATING,
	INCARNATION_UNDETERMINED,
};

/* A registration that was notified of a session, and when; by drivers->now. */
struct trail_notified {
	uint32_t serial, mask, made, at;
};

/* What a follower keeps of a session for its next incarnation; zeroed when the session appears. */
struct incarnation_carried {
	sessionlint_belief all, published; /* sets of states */
	bool vague;                        /* it is not certain where it began */
	bool uncovered : 1; /* its records are not all that is known of the session */
	bool several : 1;   /* not one registration alone has shown it */
};

/* An incarnation that has ended, or is over with its log. Valid during the call. */
struct ended_incarnation {
	struct sessionlint_text host;
	uint32_t number;                /* of the host */
	struct sessionlint_text driver; /* if those of the host number their records apart */
	enum sessionlint_source source;
	uint32_t session;
	enum incarnation_verdict verdict;
	bool inherited;       /* its host began with what was known of another one */
	bool terminated;      /* only Terminated is left of its belief */
	const uint8_t *trail; /* see enum trail_code */
	uint32_t size;
	struct incarnation_carried *carried;
	struct trail_notified next; /* of the record after it, or zeros */
	/* By serial of the registration: until when it has got all that it selects; 0: not known.
	 */
	const uint32_t *ends;
	size_t end_count;
};

/* What the numbers of the records of a log count. */
enum run_numbering {
	NUMBERING_NONE,      /* no record has one */
	NUMBERING_HOST,      /* the records of each host */
	NUMBERING_TRACE,     /* all records */
	NUMBERING_UNSETTLED, /* it is not known which of the two */
	NUMBERING_DRIVERS,   /* those of drivers, in a way that is not certified */
};

struct run_trail {
	/* the records of @batch are judged next */
	void (*batch)(void *userdata, const struct batch *batch);
	void (*incarnation)(void *userdata, const struct ended_incarnation *ended);
	/* The log has ended; @hosts are those of it. @whole: all of it was judged. @failed: memory
	 * ran out, and something is missing. */
	void (*log)(void *userdata, const struct hosts *hosts, enum run_numbering numbering,
		    bool whole, bool failed);
	void *userdata;
};

/* Lets @trail, which must remain valid, follow the run. Before the first log. */
void run_set_trail(struct sessionlint *run, const struct run_trail *trail);

#endif
