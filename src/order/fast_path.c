/* SPDX-License-Identifier: MIT */
#include "order/fast_path.h"

#include "order/arrive.h"
#include "order/wait.h"
#include "order/window.h"

/* Whether the record simply continues the count of its host or of the trace, as most do. If so,
 * the count has been updated. */
static inline bool order_go_on(struct order *order, const struct record *record,
			       struct stream *stream)
{
	struct counting *trace = &order->trace;
	struct arrivals *arrivals = order_arrivals(order, stream);
	struct whole *whole = arrivals->whole;
	struct numbers *own = whole ? &whole->counting.numbers : &stream->numbers;
	uint64_t seq = record->seq, number;
	bool goes_on = own->has && seq == own->seq + 1 &&
		       (trace->last == stream->host || order_is_apart(order));

	if (!trace->numbers.has || trace->numbers.restarts || own->restarts || own->booted ||
	    arrivals->late ||
	    (whole && (whole->counting.parts != PARTS_TOGETHER || stream->numbers.restarts)))
		return false;
	if (!goes_on && (trace->parts != PARTS_TOGETHER || seq != trace->numbers.seq + 1))
		return false;
	if (record_has(record, KEY_BOOT) && !text_equal(arrivals->boot, record->boot))
		return false;
	number = (goes_on ? own->number : trace->numbers.number) + 1;
	if (number > trace->numbers.number) {
		trace->numbers.number = number;
		trace->numbers.seq = seq;
		trace->last = stream->host;
	}
	if (!goes_on)
		trace->doubts = 0;
	own->number = stream->numbers.number = number;
	own->seq = stream->numbers.seq = seq;
	own->has = stream->numbers.has = true;
	if (whole)
		whole->counting.last = stream->part;
	return true;
}

/* Whether the record may duplicate one from before the count restarted. */
static bool may_be_of_earlier(const struct order *order, const struct record *record,
			      struct stream *stream)
{
	if (stream->era == 0 || !record_has(record, KEY_TIME))
		return false;
	if (stream->era_known != stream->era)
		stream->era_begun = order->duplicates.count;
	stream->era_known = stream->era;
	return order->duplicates.count - stream->era_begun < DUPLICATES_WINDOW;
}

/* The stream of a record that continues the count of its host, which has been updated; NULL,
 * with nothing changed, if it needs a closer look. */
static inline struct stream *find_continued_stream(struct order *order, const struct record *record)
{
	struct hosts *hosts = &order->names;
	uint32_t number = hosts_known(hosts, record->host, 0);
	struct arrivals *arrivals;
	struct stream *stream;

	if (number == NO_HOST)
		return NULL;
	arrivals = &hosts->hosts[number].arrivals;
	if (arrivals->split || arrivals->boots != order->boots || order->base == BASE_UNKNOWN ||
	    order->lost_pending || record->flags & RECORD_HOST_IS_LABEL ||
	    record->kind == RECORD_MARKER)
		return NULL;
	stream = streams_recent(arrivals, record_driver(record));
	if (!stream || stream->era)
		return NULL;
	return order_go_on(order, record, stream) ? stream : NULL;
}

/* Passes on a record with a number, while nothing is buffered, that needs a closer look. Returns
 * 1; 0 if it has to be buffered. */
static int fast_path_check(struct order *order, const struct record *record,
			   struct stream **ret_stream)
{
	struct stream *stream;
	const struct numbers *own;
	struct arrivals *arrivals;
	uint64_t number;
	int r = order_find(order, record, ret_stream, &number);

	if (r < 0)
		return r;
	if (order_is_apart(order))
		order->lost_pending = 0;
	stream = *ret_stream;
	arrivals = order_arrivals(order, stream);
	own = arrivals->whole ? &arrivals->whole->counting.numbers : &stream->numbers;
	if (record->kind == RECORD_MARKER || may_be_of_earlier(order, record, stream) ||
	    (order->lost_pending && order->trace.parts == PARTS_TOGETHER) || arrivals->late)
		return 0;
	if (!order_go_on(order, record, stream)) {
		if (order_place(order, stream, number) != PLACE_NEXT ||
		    counting_learn(&order->trace, own, stream->host, number) !=
			    order->trace.parts ||
		    (arrivals->whole &&
		     counting_learn(&arrivals->whole->counting, &stream->numbers, stream->part,
				    number) != arrivals->whole->counting.parts) ||
		    !order_is_ready(order, stream, record, number))
			return 0;
		r = order_pass_uncopied(order, record, stream, number);
	}
	order_watch(order, stream, number, record->seq);
	return r < 0 ? r : 1;
}

static int fast_path_numbered(struct order *order, const struct record *record, uint32_t *ret_host)
{
	struct stream *stream = find_continued_stream(order, record);
	int r = 1;

	if (!stream)
		r = fast_path_check(order, record, &stream);
	if (r <= 0)
		return r;
	*ret_host = stream->host;
	if (record->contract)
		stream_follow(stream, record);
	r = order_remember(order, record, stream);
	return r < 0 ? r : 1;
}

/* Whether only the number of a record needs to be checked against @before. */
static inline bool is_plain_next(const struct record *before, const struct record *record)
{
	const uint64_t keys = KEY_BIT(KEY_SEQ) | KEY_BIT(KEY_BOOT);

	return record->seq == before->seq + 1 && (record->keys & keys) == KEY_BIT(KEY_SEQ) &&
	       !record->contract && record->kind != RECORD_MARKER &&
	       text_equal(record->host, before->host);
}

/* Takes the records of @batch that simply follow the one before @at, often all the rest. Returns
 * how many. -ENOMEM. */
static int fast_path_run(struct order *order, struct batch *batch, unsigned at)
{
	const struct record *before = &batch->records[at - 1];
	struct arrivals *arrivals;
	struct stream *stream;
	unsigned count = 0;
	uint32_t number;
	int r = 0;

	/* without a number, the host is unknown here */
	if (!record_has(before, KEY_SEQ) || before->contract || order->base == BASE_UNKNOWN)
		return 0;
	number = batch->places[at - 1].host;
	arrivals = &order->names.hosts[number].arrivals;
	stream = arrivals->recent;
	/* all records take the state of the last one, which must be the last of the trace too */
	if (!stream || stream->era || arrivals->whole || arrivals->split || arrivals->late ||
	    order->trace.numbers.restarts || stream->numbers.restarts || stream->numbers.booted ||
	    order->trace.last != number || order->trace.numbers.seq != before->seq ||
	    stream->numbers.seq != before->seq || stream->driver.size)
		return 0;
	for (; at + count < batch->count && is_plain_next(before, before + 1); before++, count++) {
		batch->places[at + count].host = number;
		r = order_remember(order, before + 1, stream);
		if (r < 0)
			return r;
	}
	order->trace.numbers.seq += count;
	order->trace.numbers.number += count;
	stream->numbers.seq += count;
	stream->numbers.number += count;
	return (int)count;
}

static int fast_path_record(struct order *order, const struct record *record, uint32_t *ret_host)
{
	int r;

	if (record_has(record, KEY_SEQ))
		return fast_path_numbered(order, record, ret_host);
	r = order_unnumbered(order, record, ret_host);
	if (r >= 0 && *ret_host != NO_HOST)
		r = order_take_boot(order, record, *ret_host);
	else if (r >= 0)
		r = order_find_host(order, record, ret_host);
	return r < 0 ? r : 1;
}

int order_fast_path(struct order *order, struct batch *batch, unsigned *ret_count)
{
	unsigned i = 0;
	int r = 1;

	while (i < batch->count && !order->buffer.oldest && !order->reorder) {
		r = fast_path_record(order, &batch->records[i], &batch->places[i].host);
		if (r <= 0)
			break;
		i++;
		r = fast_path_run(order, batch, i);
		if (r < 0)
			break;
		i += (unsigned)r;
	}
	*ret_count = i;
	return r < 0 ? r : 0;
}
