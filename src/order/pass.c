/* SPDX-License-Identifier: MIT */
/* Passes records from the window to the checker, and derives from seq what is missing. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "order/order.h"

/* A count at least this long before it continued across a boot did not restart by chance. */
#define LONG_COUNT 16U

/* ---- the batch ---- */

void order_drop_passed(struct order *order)
{
	for (struct waiting_record *waiting = order->passed, *newer; waiting; waiting = newer) {
		newer = waiting->newer;
		free(waiting);
	}
	order->passed = NULL;
	order->batch.count = 0;
	arena_reset(&order->batch.arena);
}

int order_deliver(struct order *order, const struct batch *batch)
{
	int r = order->sink.take(order->sink.userdata, batch);

	if (r < 0)
		order->stopped = r;
	return r;
}

int order_flush(struct order *order)
{
	int r = order->stopped;

	/* what is said of a record may be incomplete */
	if (r >= 0 && order->batch.arena.failed)
		r = -ENOMEM;
	if (r >= 0 && order->batch.count > 0)
		r = order_deliver(order, &order->batch);
	order_drop_passed(order);
	return r;
}

/* Makes room for one more record, at *ret_copy, with its place at *ret_place. */
static int order_reserve(struct order *order, const struct record *record,
			 const struct record_place *place, struct record **ret_copy,
			 struct record_place **ret_place)
{
	int r = 0;

	if (order->batch.count == BATCH_RECORDS)
		r = order_flush(order);
	*ret_place = &order->batch.places[order->batch.count];
	**ret_place = *place;
	*ret_copy = &order->batch.records[order->batch.count++];
	**ret_copy = *record;
	return r;
}

int order_pass_duplicate(struct order *order, const struct record *record, uint64_t line)
{
	const struct record_place nowhere = { .host = NO_HOST };
	struct record_place *place;
	struct record *copy;
	int r = order_reserve(order, record, &nowhere, &copy, &place);

	copy->kind = RECORD_MARKER;
	copy->marker = MARKER_REMARK;
	copy->keys &= ~KEY_BIT(KEY_SEQ);
	copy->allowance = NULL;
	copy->reason = arena_format(
		&order->batch.arena, "the record is the same as the one in line %s; it is ignored",
		log_files_line(order->files, &order->batch.arena, line, record->line));
	return r;
}

/* ---- counts ---- */

struct order_counts order_counts(struct order *order, struct stream *stream)
{
	struct whole *whole = order_arrivals(order, stream)->whole;
	struct numbers *own = whole ? &whole->counting.numbers : &stream->numbers;
	struct order_counts counts = { .finest = own, .coarsest = own, .own = own };

	if (whole && whole->counting.parts == PARTS_UNKNOWN)
		counts.finest = &stream->numbers;
	if (order->trace.parts == PARTS_TOGETHER) {
		counts.of_trace = true;
		counts.finest = counts.coarsest = &order->trace.numbers;
	} else {
		counts.own = counts.finest;
		if (order->trace.parts == PARTS_UNKNOWN && order->hosts > 1)
			counts.coarsest = &order->trace.numbers;
	}
	return counts;
}

struct waiting_record *order_next(const struct order *order, const struct stream *stream)
{
	const struct whole *whole = order_arrivals(order, stream)->whole;

	if (order->trace.parts == PARTS_TOGETHER)
		return heap_first(&order->buffer.all);
	if (whole && whole->counting.parts == PARTS_TOGETHER)
		return heap_first(&whole->heap);
	return heap_first(&stream->heap);
}

enum numbering_place order_place(struct order *order, struct stream *stream, uint64_t number)
{
	struct order_counts counts = order_counts(order, stream);
	const struct waiting_record *first = order_next(order, stream);
	/* a count that wrapped to 0 does not start there, nor one that will have when what waits
	 * has been passed on */
	bool wraps = first && first->number < NUMBER_ZERO && first->number < number;
	bool begins = (number == NUMBER_ZERO && order->base != BASE_UNKNOWN) ||
		      (number == NUMBER_ZERO + 1 && order->base == BASE_ONE);

	return numbering_place(counts.finest, counts.coarsest, counts.own, number,
			       begins && !wraps);
}

/* How many records may be missing before one that does not continue @numbers. */
static uint64_t lost_before(const struct order *order, const struct numbers *numbers,
			    uint64_t number, uint64_t seq)
{
	bool begins = seq == 0 || (seq == 1 && order->base != BASE_ZERO);

	if (!numbers->has)
		return begins ? 0 : RECORDS_UNCOUNTED;
	/* starting at 0 or 1, unless it has wrapped */
	if (numbers->restarts && !(seq < numbers->seq && number > numbers->number))
		return begins ? 0 : seq;
	return number - numbers->number - 1;
}

static uint64_t add_lost(uint64_t a, uint64_t b)
{
	return a > RECORDS_UNCOUNTED - b ? RECORDS_UNCOUNTED : a + b;
}

void order_meet_host(struct order *order)
{
	if (order->hosts++ == 0)
		return;
	order->lost_pending = add_lost(order->lost_pending, order->lost_alone);
	order->lost_alone = 0;
}

/* Notes that records are, or may be, missing before this one. */
static void order_take_gap(struct order *order, const struct record *record,
			   struct record_place *found, struct stream *stream, uint64_t number,
			   enum numbering_place place)
{
	struct order_counts counts = order_counts(order, stream);
	const struct numbers *coarsest = counts.coarsest;
	bool certain = coarsest == counts.finest;
	uint64_t lost = lost_before(order, counts.finest, number, record->seq);
	bool hole = certain || !coarsest->has || coarsest->restarts ||
		    number > coarsest->number + 1;

	/* its number may only be large because that of another count is */
	if (place == PLACE_UNSURE && certain && counts.finest->seq >= LONG_COUNT &&
	    !counts.finest->again)
		lost = 0;
	if (lost == 0)
		return;
	found->lost = lost;
	if (order->hosts == 1)
		order->lost_alone = add_lost(order->lost_alone, lost);
	/* a record without a host can be a marker for all */
	found->lost_of_all = counts.of_trace || (!record_has(record, KEY_HOST) && order->hosts > 1);
	found->seq_before = coarsest->seq;
	if (place == PLACE_UNSURE || !hole)
		found->sequel = SEQUEL_DOUBTFUL;
	else
		found->sequel = place == PLACE_FIRST ? SEQUEL_BEGINS : SEQUEL_MISSING;
	if (coarsest == &order->trace.numbers && !certain && hole)
		order->lost_pending = add_lost(order->lost_pending,
					       lost_before(order, coarsest, number, record->seq));
}

/* Losses of the trace from before its hosts were known to share a count apply to every host. */
static void order_spread_loss(struct order *order, struct record_place *found)
{
	if (order->lost_pending == 0 || order->trace.parts != PARTS_TOGETHER ||
	    found->sequel == SEQUEL_LATE)
		return;
	if (found->sequel == SEQUEL_NEXT)
		found->sequel = SEQUEL_DOUBTFUL;
	found->lost = add_lost(found->lost, order->lost_pending);
	found->lost_of_all = true;
	order->lost_pending = 0;
}

/* Updates every count that the number may belong to. */
static void order_count(struct order *order, struct stream *stream, uint64_t number, uint64_t seq)
{
	struct arrivals *arrivals = order_arrivals(order, stream);
	struct whole *whole = arrivals->whole;
	const struct numbers *own = whole ? &whole->counting.numbers : &stream->numbers;
	struct numbers *finest = order_counts(order, stream).finest;
	bool back = own->restarts || own->booted;

	if (finest->restarts && number <= finest->number)
		finest->again = true;
	if (!stream->numbers.has || stream->numbers.restarts) {
		if (number == NUMBER_ZERO)
			order->base = BASE_ZERO;
		else if (number == NUMBER_ZERO + 1 && order->base == BASE_UNKNOWN)
			order->base = BASE_ONE;
	}
	counting_agree(&order->trace, stream->host, number, 1);
	counting_take(&order->trace, stream->host, number, seq, back);
	if (whole) {
		counting_agree(
			&whole->counting, stream->part, number,
			streams_weight(stream_of_part(arrivals, whole->counting.last), stream));
		counting_take(&whole->counting, stream->part, number, seq,
			      stream->numbers.restarts || stream->numbers.booted);
	}
	numbers_take(&stream->numbers, number, seq);
}

/* A record that starts its own count may instead continue the count of the trace, if that has
 * wrapped. And after a reload, it is unknown how many of the driver's last records are missing. */
static void order_take_beginning(struct order *order, struct record_place *found,
				 struct stream *stream, uint64_t number)
{
	struct order_counts counts = order_counts(order, stream);
	bool wrapped = !counts.finest->has && counts.coarsest != counts.finest &&
		       counts.coarsest->has && number > counts.coarsest->number;

	if (!wrapped && !stream->gap_before)
		return;
	stream->gap_before = false;
	found->lost = RECORDS_UNCOUNTED;
	if (found->sequel == SEQUEL_NEXT)
		found->sequel = SEQUEL_DOUBTFUL;
}

/* Evaluates the seq of a record and updates the counts. */
static void order_take_seq(struct order *order, const struct record *record,
			   struct record_place *found, struct stream *stream, uint64_t number)
{
	struct arrivals *arrivals = order_arrivals(order, stream);
	bool late = arrivals->late;
	enum numbering_place place;

	/* a record that waits has number 0: a count that begins with 1 lacks one */
	if (order->base == BASE_UNKNOWN && order->zeros > 0)
		order->base = BASE_ZERO;
	/* its boot may have restarted the count */
	if (order->trace.parts != PARTS_TOGETHER && order_boot_differs(arrivals, record))
		order_counts(order, stream).finest->restarts = true;
	place = order_place(order, stream, number);
	if (place == PLACE_FIRST || place == PLACE_UNSURE || place == PLACE_AHEAD)
		order_take_gap(order, record, found, stream, number, place);
	if (place != PLACE_LATE)
		order_take_beginning(order, found, stream, number);
	/* records that continue a late one are late with it */
	if (late && number == arrivals->late_number + 1) {
		found->sequel = SEQUEL_NEXT;
	} else if (place == PLACE_LATE) {
		found->sequel = SEQUEL_LATE;
		found->seq_before = order_counts(order, stream).finest->seq;
	} else if (late && found->sequel == SEQUEL_NEXT) {
		found->sequel = SEQUEL_AFTER_LATE;
	}
	/* gaps before late records belong to no count */
	if (found->sequel == SEQUEL_LATE || (late && found->sequel != SEQUEL_NEXT))
		found->lost = RECORDS_UNCOUNTED;
	arrivals->late = place == PLACE_LATE;
	arrivals->late_number = number;
	if (place != PLACE_LATE)
		order_count(order, stream, number, record->seq);
	order_spread_loss(order, found);
}

/* ---- boots ---- */

void order_restart(struct order *order, const struct record *record, uint32_t host)
{
	struct hosts *hosts = &order->names;
	uint32_t other = host;

	/* a boot affects all hosts of that name, whichever of them the marker is of */
	do {
		arrivals_restart(&hosts->hosts[other].arrivals);
		other = host_next_of_name(hosts, other);
	} while (other != host);
	if (!order_is_for_all(record))
		return;
	hosts->hosts[host].arrivals.boots = ++order->boots;
	order->trace.numbers.restarts = true;
}

int order_take_boot(struct order *order, const struct record *record, uint32_t host)
{
	struct arrivals *arrivals = &order->names.hosts[host].arrivals;
	bool boots = order_is_boot(record);
	int r = 0;

	/* if the record has a number, that shows whether the count has restarted */
	if (!record_has(record, KEY_SEQ) && (boots || order_boot_differs(arrivals, record)))
		order_restart(order, record, host);
	if (order->reorder && order_boot_differs(arrivals, record))
		r = text_set(&arrivals->boot_before, arrivals->boot);
	if (r < 0)
		return r;
	return record_has(record, KEY_BOOT) ? text_set(&arrivals->boot, record->boot) : 0;
}

/* ---- records ---- */

int order_find_host(struct order *order, const struct record *record, uint32_t *ret_host)
{
	/* a remark is about the log; a malformed record may name its host, or nothing */
	bool aside = record->kind == RECORD_MARKER && record->marker >= MARKER_REMARK;
	bool named = record->flags & RECORD_NAMES_SESSION || record_has(record, KEY_SEQ);

	*ret_host = NO_HOST;
	if (aside || (record->kind == RECORD_MALFORMED && !named))
		return 0;
	return hosts_of(&order->names, record, ret_host);
}

uint64_t order_hash(const struct order *order, const struct record *record,
		    const struct stream *stream)
{
	/* a boot is handled after this; other records with a boot or a time are distinct anyway */
	bool by_era = !order_is_boot(record) && !record_has(record, KEY_BOOT) &&
		      !record_has(record, KEY_TIME);

	return record_hash(&order->duplicates, record, by_era ? stream->era : 0);
}

int order_remember(struct order *order, const struct record *record, const struct stream *stream)
{
	if (record->kind == RECORD_MALFORMED)
		return 0;
	return duplicates_add(&order->duplicates, order_hash(order, record, stream), record->line);
}

int order_pass(struct order *order, const struct record *record, struct stream *stream,
	       uint64_t number)
{
	const struct record_place place = { .host = stream->host };
	struct record_place *found;
	struct record *copy;
	int r = order_reserve(order, record, &place, &copy, &found), taken;

	order_take_seq(order, record, found, stream, number);
	stream->numbers.booted = order_is_boot(record);
	if (record->contract)
		stream_follow(stream, record);
	taken = order_take_boot(order, record, stream->host);
	return r < 0 ? r : taken;
}

int order_pass_unnumbered(struct order *order, const struct record *record,
			  const struct record_place *place)
{
	bool known = place->host != NO_HOST;
	struct record_place *found;
	struct record *copy;
	int r = order_reserve(order, record, place, &copy, &found), taken;

	taken = known ? order_take_boot(order, record, place->host)
		      : order_find_host(order, record, &found->host);
	/* what is flushed has a host */
	if (taken < 0)
		order->batch.count--;
	return r < 0 ? r : taken;
}

int order_pass_uncopied(struct order *order, const struct record *record, struct stream *stream,
			uint64_t number)
{
	order_count(order, stream, number, record->seq);
	return order_take_boot(order, record, stream->host);
}
