/* SPDX-License-Identifier: MIT */
/* The line of a certificate about a log: why its order is certified, or why it is not. */
#include "certificate/log_order.h"

/* Whether the order is not that of the file. Between hosts that number their own records there is
 * none, unless a record with a number may be of all hosts. */
static bool is_moved(const struct log_order *order)
{
	bool all = order->named & 1U << NAMED_NUMBER || order->of_all;

	if (order->numbering == NUMBERING_NONE || order->numbering == NUMBERING_TRACE || all)
		return order->moved;
	return order->numbers.moved;
}

/* Why it takes more than a look at the numbers to see in which order the records are; or NULL. */
static const char *find_intricacy(const struct log_order *order)
{
	const struct log_numbers *numbers = &order->numbers;

	if (order->by_time)
		return order->numbering == NUMBERING_NONE ? NULL : "reorder";
	if (order->numbering == NUMBERING_NONE)
		return order->moved ? "unnumbered" : NULL;
	if (order->numbering == NUMBERING_DRIVERS || order->unshown || order->inherited ||
	    numbers->crowded || (numbers->loaded && is_moved(order)))
		return "drivers";
	/* as long as it is not known what the numbers count, each host is taken for itself */
	if (order->doubtful || (order->unsure && order->numbering != NUMBERING_UNSETTLED))
		return "doubtful";
	/* hosts were taken for themselves before that was known */
	if (order->own_loss && order->numbering == NUMBERING_TRACE)
		return "doubtful";
	/* that a 0 is missing before the 1 was seen too late */
	if (numbers->zero &&
	    (order->numbering == NUMBERING_TRACE ? numbers->one_in_trace : numbers->one))
		return "doubtful";
	if (order->late_number && (is_moved(order) || order->numbering == NUMBERING_TRACE))
		return "doubtful";
	if (numbers->wrapped && ((numbers->large && numbers->several) || is_moved(order)))
		return "doubtful";
	if (order->numbering != NUMBERING_TRACE && order->hosts && order->boots_all)
		return "hosts";
	if (!is_moved(order))
		return NULL;
	if (order->numbering != NUMBERING_TRACE && order->hosts &&
	    (order->named & 1U << NAMED_NUMBER || order->of_all))
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
	if (order->by_time)
		return "time";
	if (!is_moved(order))
		return "file";
	return order->numbering != NUMBERING_TRACE && order->numbers.again ? "boots" : "seq";
}

/* Whether a line does not say which of its records is meant. */
static bool is_ambiguous(const struct log_order *order)
{
	return order->beside && strcmp(order->inputs->format, "debugview") == 0 &&
	       (order->numbering != NUMBERING_NONE || order->unreadable.count > 0);
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
	if (order->damaged || (is_windows_log(order) && order->unreadable.count > 0))
		return "damaged";
	if (order->input_count != 1)
		return "join";
	if (order->headless && strcmp(order->inputs->format, "csv") == 0)
		return "header";
	if (order->inputs->is_intricate || is_ambiguous(order))
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
	case NUMBERING_DRIVERS:
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

static void put_apart(const struct log_order *order, struct witness_text *text)
{
	for (size_t i = 0; i < order->apart_count; i++) {
		const struct log_apart *apart = &order->apart[i];

		put(text, i > 0 ? ",[" : "[");
		put_string(text, apart->host);
		put_char(text, ',');
		put_number(text, apart->seq);
		put_char(text, ',');
		put_number(text, apart->lines[0]);
		put_char(text, ',');
		put_number(text, apart->lines[1]);
		put_char(text, ']');
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

static void put_lines(const struct log_lines *lines, struct witness_text *text)
{
	for (size_t i = 0; i < lines->count; i++) {
		if (i > 0)
			put_char(text, ',');
		put_number(text, lines->list[i]);
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
	put_char(text, '"');
	if (order->apart_count > 0) {
		put(text, ",\"apart\":[");
		put_apart(order, text);
		put_char(text, ']');
	}
	put(text, ",\"losses\":[");
	put_losses(order, text);
	put(text, "],\"markers\":[");
	put_markers(order, false, text);
	put(text, "],\"repeated\":[");
	/* elsewhere those are remarks about bytes */
	if (!is_windows_log(order))
		put_markers(order, true, text);
	put(text, "],\"unreadable\":[");
	put_lines(&order->unreadable, text);
	if (order->by_time) {
		put(text, "],\"late\":[");
		put_lines(&order->late, text);
	}
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
	log_order_forget_inputs(order);
	log_apart_forget(order);
	log_numbers_forget(&order->numbers);
	order->loss_count = order->marker_count = 0;
	order->unreadable.count = order->late.count = 0;
	order->records = order->last_line = 0;
	order->named = 0;
	order->ended = order->begun = order->moved = order->hosts = false;
	order->beside = order->unsure = order->unnumbered = order->own_loss = order->late_number =
		false;
	order->of_all = order->boots_all = order->unshown = order->inherited = false;
	order->channels = order->exported = order->damaged = order->headless = order->doubtful =
		false;
	order->repeated = order->aside = 0;
}
