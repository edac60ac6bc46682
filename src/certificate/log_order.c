/* SPDX-License-Identifier: MIT */
#include "certificate/log_order.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "trace/keys.h"

void log_order_forget_inputs(struct log_order *order)
{
	for (size_t i = 0; i < order->input_count; i++)
		free(order->inputs[i].name);
	order->input_count = 0;
}

void log_order_free(struct log_order *order)
{
	log_order_forget_inputs(order);
	free(order->inputs);
	log_apart_forget(order);
	free(order->apart);
	free(order->losses);
	free(order->markers);
	free(order->unreadable.list);
	free(order->late.list);
	log_numbers_forget(&order->numbers);
}

/* ---- following a log ---- */

static int add_loss(struct log_order *order, const struct record *record, uint64_t count,
		    bool of_all)
{
	struct log_loss *losses = array_grow(order->losses, order->loss_count,
					     &order->loss_capacity, sizeof *losses);

	if (!losses)
		return -ENOMEM;
	order->losses = losses;
	order->own_loss |= !of_all;
	losses[order->loss_count++] = (struct log_loss) {
		.line = record->line,
		.count = count,
		.of_all = of_all,
	};
	return 0;
}

static int add_marker(struct log_order *order, const struct record *record)
{
	struct log_marker *markers = array_grow(order->markers, order->marker_count,
						&order->marker_capacity, sizeof *markers);

	if (!markers)
		return -ENOMEM;
	order->markers = markers;
	markers[order->marker_count++] = (struct log_marker) { record->line, record->marker };
	return 0;
}

static int add_line(struct log_lines *lines, uint64_t line)
{
	uint64_t *list = array_grow(lines->list, lines->count, &lines->capacity, sizeof *list);

	if (!list)
		return -ENOMEM;
	lines->list = list;
	list[lines->count++] = line;
	return 0;
}

static int follow_unreadable(struct log_order *order, const struct record *record)
{
	order->aside++;
	order->of_all |= record_has(record, KEY_SEQ);
	/* if the first one is the header of a table, it is not certain what the others say */
	order->headless |= order->records == 0 && order->last_line == 0;
	return add_line(&order->unreadable, record->line);
}

static int follow_marker(struct log_order *order, const struct record *record)
{
	switch ((enum record_marker)record->marker) {
	case MARKER_GAP:
		/* of a Windows log, whose records are numbered */
		if (record->lost) {
			order->aside++;
			order->damaged |= record->lost == RECORDS_UNCOUNTED;
			return add_loss(order, record, record->lost, true);
		}
		return add_marker(order, record);
	case MARKER_BOOT:
		order->boots_all |= (record->keys & (KEY_BIT(KEY_SEQ) | KEY_BIT(KEY_HOST))) ==
				    KEY_BIT(KEY_SEQ);
		return add_marker(order, record);
	case MARKER_SHUTDOWN:
	case MARKER_END:
	case MARKER_REPORTED:
		return add_marker(order, record);
	case MARKER_REMARK:
	case MARKER_SERVICE:
	case MARKER_LEFTOVER:
	case MARKER_NONE:
		order->aside++;
		break;
	}
	return 0;
}

/* A record that came too late for its time. If it is not of a session, others of its host can have
 * been before it. */
static int add_untimely(struct log_order *order, const struct record *record,
			const struct record_place *place)
{
	int r = add_line(&order->late, record->line);

	if (r == 0 && record->kind != RECORD_EVENT && record->kind != RECORD_STATE)
		r = add_loss(order, record, place->lost, place->lost_of_all);
	return r;
}

/* Whether so many records are missing by the numbers of the host or driver alone. */
static bool is_hole_of_host(const struct log_order *order, const struct record *record,
			    const struct record_place *place)
{
	const struct log_stream *stream = log_numbers_stream(&order->numbers, record, place->host);

	return place->lost == (stream ? record->seq - stream->seq - 1 : RECORDS_UNCOUNTED);
}

/* Whether a driver may have been loaded again there, but as something is missing the record may
 * also be late. */
static bool is_load_or_late(const struct log_order *order, const struct record *record,
			    const struct record_place *place)
{
	return record->seq <= 1 && place->lost == RECORDS_UNCOUNTED &&
	       record_has(record, KEY_DRIVER) &&
	       log_numbers_stream(&order->numbers, record, place->host);
}

/* Whether the number goes on, but the marker of a boot is between the two records in the file, and
 * not by its number: it is late, or the count has begun again with it. */
static bool is_around_marker(const struct log_order *order, const struct record *record,
			     const struct record_place *place)
{
	const struct log_stream *stream = log_numbers_stream(&order->numbers, record, place->host);

	return stream && stream->marker && place->lost == RECORDS_UNCOUNTED &&
	       record->seq == stream->seq + 1 &&
	       (stream->line < stream->marker) != (record->line < stream->marker);
}

static bool goes_back(const struct log_order *order, const struct record *record,
		      const struct record_place *place)
{
	const struct log_stream *stream = log_numbers_stream(&order->numbers, record, place->host);

	return stream && record->seq <= stream->seq;
}

static int follow_place(struct log_order *order, const struct record *record,
			const struct record_place *place)
{
	switch ((enum record_sequel)place->sequel) {
	case SEQUEL_BEGINS:
		order->doubtful |= is_load_or_late(order, record, place);
		return add_loss(order, record, place->lost, place->lost_of_all);
	case SEQUEL_MISSING:
		return add_loss(order, record, place->lost, place->lost_of_all);
	case SEQUEL_DOUBTFUL:
		/* the number goes on, but after a boot it may have begun again */
		if (place->lost == record->seq && record->seq == place->seq_before + 1)
			return add_loss(order, record, place->lost, place->lost_of_all);
		if (is_around_marker(order, record, place))
			return add_loss(order, record, place->lost, place->lost_of_all);
		/* the count of another host or driver may have wrapped */
		order->unsure |= record->seq <= 1 && place->lost == RECORDS_UNCOUNTED;
		order->own_loss = true;
		order->doubtful |= !is_hole_of_host(order, record, place);
		return add_loss(order, record, place->lost, place->lost_of_all);
	case SEQUEL_UNTIMELY:
		return add_untimely(order, record, place);
	case SEQUEL_AFTER_LATE:
		/* it may be late, too, or begin the count again */
		order->doubtful |= goes_back(order, record, place);
		return add_loss(order, record, place->lost, place->lost_of_all);
	case SEQUEL_LATE:
		order->late_number = true;
		order->doubtful |= !log_numbers_is_late(&order->numbers, record, place->host,
							place->seq_before);
		return add_loss(order, record, place->lost, place->lost_of_all);
	case SEQUEL_NEXT:
		break;
	}
	return 0;
}

/* Whether the count of a driver begins again there, though nothing shows that after its last
 * number. */
static bool is_late_restart(const struct log_order *order, const struct record *record,
			    const struct record_place *place)
{
	const struct log_stream *stream;

	if (place->lost == 0 || place->lost != record->seq)
		return false;
	stream = log_numbers_stream(&order->numbers, record, place->host);
	return stream && record->seq > stream->seq &&
	       !log_numbers_may_restart(&order->numbers, stream, record, place->host);
}

/* A record that is not an event in its place. */
static int follow_other(struct log_order *order, const struct record *record,
			const struct record_place *place)
{
	int r;

	order->doubtful |= is_late_restart(order, record, place);
	r = follow_place(order, record, place);

	order->moved |= record->line < order->last_line;
	order->beside |= record->line == order->last_line;
	order->channels |= record->flags & RECORD_OF_CHANNEL;
	order->exported |= record->flags & RECORD_RENUMBERED;
	order->aside += record->kind == RECORD_ANNOTATION;
	if (r == 0 && record->kind == RECORD_MALFORMED)
		r = follow_unreadable(order, record);
	if (r == 0 && record->kind == RECORD_MARKER)
		r = follow_marker(order, record);
	return r;
}

/* Whether it marks a record that is ignored because it repeats another one. */
static bool is_repeated(const struct record *record)
{
	return record->kind == RECORD_MARKER && record->marker == MARKER_REMARK;
}

static inline enum log_naming naming_of(uint64_t keys)
{
	static_assert(KEY_HOST == KEY_SEQ + 1, "the two keys are one number");
	return (enum log_naming)(keys >> KEY_SEQ & NAMED_BOTH);
}

/* What the first record of a log is of. */
static void begin(struct log_order *order, uint32_t host)
{
	if (order->begun)
		return;
	order->begun = true;
	order->host = host;
}

static int follow_series(struct log_order *order, const struct series *series)
{
	const struct record_place place = { .host = series->host };
	const struct record *like = &series->like;
	int r;

	begin(order, series->host);
	r = follow_other(order, like, &place);
	if (r == 0 && record_has(like, KEY_BOOT))
		r = log_numbers_follow(&order->numbers, like, series->host, false);
	order->named |= 1U << naming_of(like->keys);
	order->unnumbered = true;
	order->hosts |= series->host != order->host;
	order->last_line = like->line + series->count - 1;
	order->records += series->count;
	return r;
}

int log_order_follow(struct log_order *order, const struct batch *batch)
{
	int r = 0;

	if (batch_is_series(batch))
		return follow_series(order, &batch->series);

	for (unsigned i = 0; i < batch->count && r == 0; i++) {
		const struct record *record = &batch->records[i];
		const struct record_place *place = &batch->places[i];
		enum log_naming naming;

		if (is_repeated(record)) {
			r = add_marker(order, record);
			order->repeated++;
			continue;
		}
		begin(order, place->host);
		if (record->kind != RECORD_EVENT || place->sequel != SEQUEL_NEXT ||
		    record->line <= order->last_line || record->flags)
			r = follow_other(order, record, place);
		if (r == 0 && place->host != NO_HOST && log_numbers_concern(record))
			r = log_numbers_follow(&order->numbers, record, place->host,
					       place->lost > 0);
		order->unnumbered |= !record_has(record, KEY_SEQ) && record->kind != RECORD_MARKER;
		naming = naming_of(record->keys);
		order->named |= 1U << naming;
		if (naming == NAMED_NOTHING)
			order->numbers.stop = record->line;
		order->hosts |= place->host != order->host;
		order->last_line = record->line;
	}
	order->records += batch->count;
	return r;
}

void log_order_count(struct log_order *order, enum incarnation_verdict verdict, bool certified)
{
	order->log.verdicts[verdict]++;
	order->log.uncertified += !certified;
}

int log_order_input(struct log_order *order, const struct run_input *input)
{
	struct log_input *inputs = array_grow(order->inputs, order->input_count,
					      &order->input_capacity, sizeof *inputs);

	if (!inputs)
		return -ENOMEM;
	order->inputs = inputs;
	inputs += order->input_count;
	*inputs = (struct log_input) {
		.name = strdup(input->name),
		.format = input->format,
		.size = input->size,
		.is_intricate = input->is_intricate,
		.hashed = input->digest == DIGEST_WHOLE,
	};
	if (!inputs->name)
		return -ENOMEM;
	order->input_count++;
	memcpy(inputs->sha256, input->sha256, sizeof inputs->sha256);
	return 0;
}

int log_order_end(struct log_order *order, const struct hosts *hosts, enum run_numbering numbering,
		  bool whole, bool forgotten)
{
	order->ended = true;
	order->whole = whole;
	/* hosts are told apart where records are sorted by time, too */
	order->numbering = order->named & (1U << NAMED_NUMBER | 1U << NAMED_BOTH) ? numbering
										  : NUMBERING_NONE;
	order->forgotten = forgotten;
	return log_apart_find(order, hosts);
}
