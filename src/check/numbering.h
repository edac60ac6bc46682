/* SPDX-License-Identifier: MIT */
/*
 * What seq tells: whether a record is the next one, has others missing before it, or comes too
 * late. It may count the records of each host or those of the whole trace, and no trace says which.
 */
#ifndef CHECK_NUMBERING_H
#define CHECK_NUMBERING_H

#include <stdbool.h>
#include <stdint.h>

enum numbering_kind {
	NUMBERING_UNKNOWN, /* as long as the records seen agree with both */
	NUMBERING_BY_HOST,
	NUMBERING_BY_TRACE,
};

/* The numbers of one host. */
struct numbers {
	uint64_t seq; /* the largest so far */
	uint64_t late_seq;
	bool has;
	bool restarts; /* they may begin anew after a boot */
	bool booted;   /* the last record was a boot that went on with them */
	bool late;     /* the last record came too late: its number is late_seq */
};

/* The numbers of the trace. */
struct numbering {
	enum numbering_kind kind;
	uint64_t seq;  /* the largest so far */
	uint32_t host; /* whose record had it */
	bool has;
	bool restarts;   /* they may begin anew after a boot of all hosts */
	unsigned doubts; /* how much has spoken against by_trace since something spoke for it */
};

/* Where a record belongs. */
enum numbering_place {
	PLACE_NEXT,   /* goes on from the last, or begins a numbering with 0 or 1 */
	PLACE_FIRST,  /* begins a numbering with another number: there may be smaller ones */
	PLACE_UNSURE, /* goes on if seq counts the records of the trace, or was not begun anew */
	PLACE_AHEAD,  /* records are missing before it */
	PLACE_LATE,   /* twice, or too late */
};

enum numbering_place numbering_place(const struct numbering *trace, const struct numbers *host,
				     uint64_t seq);

/* What the trace counts, judging by a record of host @number that has arrived as well. */
enum numbering_kind numbering_learn(struct numbering *trace, const struct numbers *host,
				    uint32_t number, uint64_t seq);

/* Goes on to a record of host @number whose place is @place. */
void numbering_take(struct numbering *trace, struct numbers *host, uint32_t number, uint64_t seq,
		    enum numbering_place place);

/*
 * Goes on to a record where that needs no thought, as nearly always. Returns false, and has done
 * nothing, where it does.
 */
static inline bool numbering_go_on(struct numbering *trace, struct numbers *host, uint32_t number,
				   uint64_t seq)
{
	bool own = host->has && seq == host->seq + 1 &&
		   (trace->host == number || trace->kind == NUMBERING_BY_HOST);

	if (!trace->has || trace->restarts || host->restarts || host->booted || host->late)
		return false;
	if (!own && (trace->kind != NUMBERING_BY_TRACE || seq != trace->seq + 1))
		return false;
	if (seq > trace->seq) {
		trace->seq = seq;
		trace->host = number;
	}
	if (!own)
		trace->doubts = 0;
	host->seq = seq;
	host->has = true;
	return true;
}

#endif
