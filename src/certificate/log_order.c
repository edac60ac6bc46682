/* SPDX-License-Identifier: MIT */
#include "certificate/log_order.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "trace/keys.h"

struct log_input {
	char *name;
	const char *format;
	uint64_t size;
	bool hashed;
	char sha256[SHA256_HEX_SIZE];
};

static void forget_inputs(struct log_order *order)
{
	for (size_t i = 0; i < order->input_count; i++)
		free(order->inputs[i].name);
	order->input_count = 0;
}

void log_order_free(struct log_order *order)
{
	forget_inputs(order);
	free(order->inputs);
	free(order->losses);
	free(order->markers);
	free(order->unreadable);
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

static int add_unreadable(struct log_order *order, const struct record *record)
{
	uint64_t *lines = array_grow(order->unreadable, order->unreadable_count,
				     &order->unreadable_capacity, sizeof *lines);

	if (!lines)
		return -ENOMEM;
	order->unreadable = lines;
	lines[order->unreadable_count++] = record->line;
	order->aside++;
	/* if the first one is the header of a table, it is not certain what the others say */
	order->headless |= order->records == 0 && order->last_line == 0;
	return 0;
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

static int follow_place(struct log_order *order, const struct record *record,
			const struct record_place *place)
{
	switch ((enum record_sequel)place->sequel) {
	case SEQUEL_BEGINS:
	case SEQUEL_MISSING:
		return add_loss(order, record, place->lost, place->lost_of_all);
	case SEQUEL_DOUBTFUL:
		/* the number goes on, but after a boot it may have begun again */
		if (place->lost == record->seq && record->seq == place->seq_before + 1)
			return add_loss(order, record, place->lost, place->lost_of_all);
		order->doubtful = true;
		break;
	case SEQUEL_LATE:
	case SEQUEL_AFTER_LATE:
	case SEQUEL_UNTIMELY:
		order->doubtful = true;
		break;
	case SEQUEL_NEXT:
		break;
	}
	return 0;
}

/* A record that is not an event in its place. */
static int follow_other(struct log_order *order, const struct record *record,
			const struct record_place *place)
{
	int r = follow_place(order, record, place);

	order->moved |= record->line <= order->last_line;
	order->channels |= record->flags & RECORD_OF_CHANNEL;
	order->exported |= record->flags & RECORD_RENUMBERED;
	order->aside += record->kind == RECORD_ANNOTATION;
	if (r == 0 && record->kind == RECORD_MALFORMED)
		r = add_unreadable(order, record);
	if (r == 0 && record->kind == RECORD_MARKER)
		r = follow_marker(order, record);
	return r;
}

/* Whether it marks a record that is ignored because it repeats another one. */
static bool is_repeated(const struct record *record)
{
	return record->kind == RECORD_MARKER && record->marker == MARKER_REMARK;
}

static enum log_naming naming_of(uint64_t keys)
{
	return (keys >> KEY_SEQ & 1) * NAMED_NUMBER + (keys >> KEY_HOST & 1) * NAMED_HOST;
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
		r = log_numbers_follow(&order->numbers, like, series->host);
	order->keys |= like->keys;
	order->named |= 1U << naming_of(like->keys);
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
			r = log_numbers_follow(&order->numbers, record, place->host);
		order->keys |= record->keys;
		order->named |= 1U << naming_of(record->keys);
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
		.hashed = input->digest == DIGEST_WHOLE,
	};
	if (!inputs->name)
		return -ENOMEM;
	order->input_count++;
	memcpy(inputs->sha256, input->sha256, sizeof inputs->sha256);
	return 0;
}

void log_order_end(struct log_order *order, enum run_numbering numbering, bool whole,
		   bool forgotten)
{
	order->ended = true;
	order->whole = whole;
	order->numbering = numbering;
	order->forgotten = forgotten;
}

/* ---- its line ---- */

/* Why it takes more than a look at the numbers to see in which order the records are; or NULL. */
static const char *find_intricacy(const struct log_order *order)
{
	const struct log_numbers *numbers = &order->numbers;

	if (order->numbering == NUMBERING_NONE)
		return order->moved ? "unnumbered" : NULL;
	if (order->doubtful || numbers->wrapped)
		return "doubtful";
	if (order->numbering == NUMBERING_UNSETTLED)
		return "unsettled";
	if (order->keys & KEY_BIT(KEY_PHASE))
		return "phases";
	if (!order->moved)
		return NULL;
	if (order->numbering != NUMBERING_TRACE && order->hosts &&
	    order->named & 1U << NAMED_NUMBER)
		return "hosts";
	if (order->numbering == NUMBERING_TRACE ? numbers->again_in_trace
						: numbers->again && numbers->mixed)
		return "boots";
	/* such a record keeps its place among those of its host, whatever others there are */
	if (order->numbering == NUMBERING_TRACE && order->hosts && order->named & 1U << NAMED_HOST)
		return "unnumbered";
	return NULL;
}

/* Whether records are in the order of their ids; they are numbered, and have no seq. */
static bool is_windows_log(const struct log_order *order)
{
	return order->input_count == 1 && strcmp(order->inputs->format, "evtx") == 0;
}

/* In which order they are, if that is certified. */
static const char *order_name(const struct log_order *order)
{
	if (is_windows_log(order))
		return "id";
	if (!order->moved)
		return "file";
	return order->numbering != NUMBERING_TRACE && order->numbers.again ? "boots" : "seq";
}

/* Why the order of the log is not certified, or NULL. */
static const char *find_reason(const struct log_order *order)
{
	if (order->reading)
		return order->reading;
	if (!order->whole)
		return "incomplete";
	if (order->channels)
		return "channels";
	if (order->exported)
		return "export";
	if (order->damaged || (is_windows_log(order) && order->unreadable_count > 0))
		return "damaged";
	if (order->input_count != 1)
		return "join";
	if (order->headless && strcmp(order->inputs->format, "csv") == 0)
		return "header";
	if (strcmp(order->inputs->format, "debugview") == 0)
		return "debug output";
	if (order->forgotten)
		return "forgotten";
	return is_windows_log(order) ? NULL : find_intricacy(order);
}

static const char *numbering_name(enum run_numbering numbering)
{
	switch (numbering) {
	case NUMBERING_NONE:
		return "none";
	case NUMBERING_HOST:
		return "host";
	case NUMBERING_TRACE:
		return "trace";
	case NUMBERING_UNSETTLED:
		break;
	}
	return "unsettled";
}

static void put_inputs(const struct log_order *order, struct witness_text *text)
{
	for (size_t i = 0; i < order->input_count; i++) {
		const struct log_input *input = &order->inputs[i];

		put(text, i > 0 ? ",{\"path\":" : "{\"path\":");
		put_string(text, text_from(input->name));
		put(text, ",\"format\":\"");
		put(text, input->format);
		put(text, "\",\"size\":");
		put_number(text, input->size);
		if (input->hashed) {
			put(text, ",\"sha256\":\"");
			put(text, input->sha256);
			put(text, "\"");
		}
		put(text, "}");
	}
}

static void put_losses(const struct log_order *order, struct witness_text *text)
{
	for (size_t i = 0; i < order->loss_count; i++) {
		const struct log_loss *loss = &order->losses[i];

		put(text, i > 0 ? ",[" : "[");
		put_number(text, loss->line);
		put_char(text, ',');
		if (loss->count == RECORDS_UNCOUNTED)
			put(text, "null");
		else
			put_number(text, loss->count);
		put(text, loss->of_all ? ",\"all\"]" : ",\"host\"]");
	}
}

/* Writes the lines of repeated records, or the others with their names. */
static void put_markers(const struct log_order *order, bool repeated, struct witness_text *text)
{
	const char *separator = "";

	for (size_t i = 0; i < order->marker_count; i++) {
		const struct log_marker *marker = &order->markers[i];

		if (repeated != (marker->marker == MARKER_REMARK))
			continue;
		put(text, separator);
		separator = ",";
		put(text, repeated ? "" : "[");
		put_number(text, marker->line);
		if (repeated)
			continue;
		put(text, ",\"");
		put(text, marker_name(marker->marker));
		put(text, "\"]");
	}
}

static void put_unreadable(const struct log_order *order, struct witness_text *text)
{
	for (size_t i = 0; i < order->unreadable_count; i++) {
		if (i > 0)
			put_char(text, ',');
		put_number(text, order->unreadable[i]);
	}
}

void log_order_put_counts(const struct log_counts *counts, struct witness_text *text)
{
	put(text, "\"conforming\":");
	put_number(text, counts->verdicts[INCARNATION_CONFORMING]);
	put(text, ",\"violating\":");
	put_number(text, counts->verdicts[INCARNATION_VIOLATING]);
	put(text, ",\"undetermined\":");
	put_number(text, counts->verdicts[INCARNATION_UNDETERMINED]);
	put(text, ",\"uncertified\":");
	put_number(text, counts->uncertified);
}

static void put_line(const struct log_order *order, struct witness_text *text)
{
	const char *reason = find_reason(order);

	put(text, "{\"log\":[");
	put_inputs(order, text);
	put(text, "],\"records\":");
	put_number(text, order->records - order->repeated - order->aside);
	if (reason) {
		put(text, ",\"order\":null,\"reason\":\"");
		put(text, reason);
	} else {
		put(text, ",\"order\":\"");
		put(text, order_name(order));
	}
	put(text, "\",\"numbering\":\"");
	put(text, numbering_name(order->numbering));
	put(text, "\",\"losses\":[");
	put_losses(order, text);
	put(text, "],\"markers\":[");
	put_markers(order, false, text);
	put(text, "],\"repeated\":[");
	/* elsewhere those are remarks about bytes */
	if (!is_windows_log(order))
		put_markers(order, true, text);
	put(text, "],\"unreadable\":[");
	put_unreadable(order, text);
	put(text, "],");
	log_order_put_counts(&order->log, text);
	put(text, "}\n");
}

void log_order_put(struct log_order *order, struct witness_text *text)
{
	if (!order->ended)
		return;
	put_line(order, text);
	for (unsigned i = 0; i < 3; i++)
		order->all.verdicts[i] += order->log.verdicts[i];
	order->all.uncertified += order->log.uncertified;
	order->log = (struct log_counts) { 0 };
	forget_inputs(order);
	log_numbers_forget(&order->numbers);
	order->loss_count = order->marker_count = order->unreadable_count = 0;
	order->records = order->last_line = order->keys = 0;
	order->named = 0;
	order->ended = order->begun = order->moved = order->hosts = false;
	order->channels = order->exported = order->damaged = order->headless = order->doubtful =
		false;
	order->repeated = order->aside = 0;
}
