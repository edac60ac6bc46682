/* SPDX-License-Identifier: MIT */
/* A ledger as one JSON object, which can be read back: docs/coverage.schema.json. */
#include "base/json_writer.h"
#include "coverage/coverage.h"

/* The numbers of certain and of possible ones. */
static void write_tally(struct json_writer *json, const char *certain, const char *possible,
			const struct ledger_tally *tally)
{
	json_member_number(json, certain, tally->certain);
	json_member_number(json, possible, tally->possible);
}

static void write_dwell(struct json_writer *json, const struct dwell *dwell, bool histogram)
{
	json_member_open(json, "dwell", '{');
	json_member_number(json, "count", dwell->count);
	json_member_number(json, "least", dwell->min);
	json_member_number(json, "median", dwell_median(dwell));
	json_member_number(json, "most", dwell->max);
	if (histogram) {
		json_member_open(json, "histogram", '[');
		for (unsigned i = 0; i < DWELL_BUCKETS; i++) {
			if (!dwell->buckets[i])
				continue;
			json_open(json, '[');
			json_number(json, i);
			json_number(json, dwell->buckets[i]);
			json_close(json);
		}
		json_close(json);
	}
	json_close(json);
}

static void write_cell(struct json_writer *json, const struct ledger_item *item)
{
	json_member_string(json, "from", sessionlint_state_name(item->from));
	json_member_string(json, "event", sessionlint_event_name(item->event));
	if (item->to)
		json_member_string(json, "to", sessionlint_state_name(item->to));
	if (item->then) {
		json_member_string(json, "then", sessionlint_event_name(item->then));
		json_member_string(json, "end", sessionlint_state_name(item->end));
	}
	if (item->line)
		json_member_number(json, "line", item->line);
	write_tally(json, "count", "possible", item->tally);
	if (item->refused)
		write_tally(json, "refused", "refused_possible", item->refused);
	if (item->dwell)
		write_dwell(json, item->dwell, true);
	if (!item->shown_by || !*item->shown_by)
		return;
	json_member_open(json, "shown_by", '[');
	for (unsigned source = 0; source < SOURCE_COUNT; source++)
		if (*item->shown_by >> source & 1)
			json_string(json, sessionlint_source_name(source));
	json_close(json);
}

static void write_group(struct json_writer *json, struct ledger *ledger, enum ledger_group group)
{
	struct ledger_item item;

	json_line(json, "\n");
	json_member_open(json, ledger_group_name(group), '[');
	for (unsigned i = 0; ledger_item_at(ledger, group, i, &item); i++) {
		json_line(json, "\n  ");
		json_open(json, '{');
		if (item.rule) {
			json_member_string(json, "rule", item.rule);
			json_member_number(json, "count", *item.findings);
		} else {
			write_cell(json, &item);
		}
		json_close(json);
	}
	json_close(json);
}

static void write_states(struct json_writer *json, const struct ledger *ledger)
{
	json_line(json, "\n");
	json_member_open(json, "states", '[');
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		struct dwell dwell;

		ledger_state_dwell(ledger, state, &dwell);
		json_line(json, "\n  ");
		json_open(json, '{');
		json_member_string(json, "state", sessionlint_state_name(state));
		write_dwell(json, &dwell, false);
		json_close(json);
	}
	json_close(json);
}

static void write_shares(struct json_writer *json, struct ledger *ledger)
{
	json_line(json, "\n");
	json_member_open(json, "coverage", '{');
	for (unsigned group = 0; ledger_group_name(group); group++) {
		struct ledger_share share = ledger_share(ledger, group);

		json_line(json, "\n  ");
		json_member_open(json, ledger_group_name(group), '{');
		json_member_number(json, "covered", share.covered);
		json_member_number(json, "total", share.total);
		json_close(json);
	}
	json_close(json);
}

static void write(FILE *file, struct ledger *ledger, const char *chart)
{
	struct json_writer json;

	(void)chart;
	json_writer_init(&json, file, NULL);
	json_open(&json, '{');
	json_member_string(&json, "ledger", "sessionlint");
	json_member_number(&json, "version", 1);
	json_line(&json, "\n");
	json_member_open(&json, "counts", '{');
	for (unsigned i = 0; ledger_count_name(i); i++)
		json_member_number(&json, ledger_count_name(i), ledger->counts[i]);
	json_close(&json);
	write_shares(&json, ledger);
	for (unsigned group = 0; ledger_group_name(group); group++)
		write_group(&json, ledger, group);
	write_states(&json, ledger);
	json_finish(&json);
}

const struct coverage_format coverage_json = { .name = "json", .write = write };
