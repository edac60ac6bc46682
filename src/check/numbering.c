/* SPDX-License-Identifier: MIT */
#include "check/numbering.h"

/* A single record can be late or lie; so many in a row do not. */
#define DOUBTS_MAX 16

/* Recorders count from one of them. */
static bool is_beginning(uint64_t seq)
{
	return seq <= 1;
}

static bool goes_on(const struct numbering *trace, uint64_t seq)
{
	return trace->has && seq == trace->seq + 1;
}

static enum numbering_place place_in_trace(const struct numbering *trace,
					   const struct numbers *host, uint64_t seq)
{
	bool begins = !trace->has || trace->restarts;

	if (goes_on(trace, seq))
		return trace->restarts ? PLACE_UNSURE : PLACE_NEXT;
	if (is_beginning(seq) && (begins || !host->has || host->restarts))
		return PLACE_NEXT;
	if (!trace->has || (begins && seq <= trace->seq))
		return PLACE_FIRST;
	return seq <= trace->seq ? PLACE_LATE : PLACE_AHEAD;
}

static enum numbering_place place_in_host(const struct numbering *trace, const struct numbers *host,
					  uint64_t seq)
{
	bool begins = !host->has || host->restarts;

	if (is_beginning(seq) && (begins || host->booted))
		return PLACE_NEXT;
	if (!begins && seq <= host->seq)
		return PLACE_LATE;
	if (host->has && seq == host->seq + 1)
		return PLACE_UNSURE;
	if (trace->kind == NUMBERING_UNKNOWN && goes_on(trace, seq))
		return PLACE_UNSURE;
	return !host->has || seq <= host->seq ? PLACE_FIRST : PLACE_AHEAD;
}

enum numbering_place numbering_place(const struct numbering *trace, const struct numbers *host,
				     uint64_t seq)
{
	bool by_trace = trace->kind == NUMBERING_BY_TRACE;

	/* what goes on with its host does so in any case */
	if (host->has && seq == host->seq + 1 && !(by_trace ? trace->restarts : host->restarts))
		return PLACE_NEXT;
	return by_trace ? place_in_trace(trace, host, seq) : place_in_host(trace, host, seq);
}

enum numbering_kind numbering_learn(struct numbering *trace, const struct numbers *host,
				    uint32_t number, uint64_t seq)
{
	bool again = host->has && !host->restarts && seq <= host->seq;

	if (!trace->has || trace->restarts || trace->host == number || again)
		return trace->kind;
	if (seq > trace->seq) {
		if (seq == trace->seq + 1)
			trace->doubts = 0;
		return trace->kind;
	}
	/* the trace has come by this number already, and it was no record of this host */
	if (trace->kind == NUMBERING_UNKNOWN)
		return NUMBERING_BY_HOST;
	if (trace->kind == NUMBERING_BY_TRACE && ++trace->doubts >= DOUBTS_MAX)
		return NUMBERING_BY_HOST;
	return trace->kind;
}

void numbering_take(struct numbering *trace, struct numbers *host, uint32_t number, uint64_t seq,
		    enum numbering_place place)
{
	bool back = (host->restarts || host->booted) && trace->host == number;

	if (place == PLACE_LATE) {
		host->late = true;
		host->late_seq = seq;
		return;
	}
	if (!trace->has || trace->restarts || back || seq > trace->seq) {
		trace->seq = seq;
		trace->host = number;
	}
	trace->has = true;
	trace->restarts = false;
	host->seq = seq;
	host->has = true;
	host->restarts = false;
	host->booted = false;
	host->late = false;
}
