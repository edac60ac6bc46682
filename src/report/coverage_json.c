/* SPDX-License-Identifier: MIT */
/* A ledger as one JSON object, from which it can be read again: docs/coverage.schema.json. */
#include <inttypes.h>

#include "report/coverage.h"

static void write_name(FILE *file, const char *key, const char *name)
{
	fprintf(file, "\"%s\":\"%s\",", key, name);
}

static void write_tally(FILE *file, const char *certain, const char *possible,
			const struct ledger_tally *tally)
{
	fprintf(file, "\"%s\":%" PRIu64 ",\"%s\":%" PRIu64, certain, tally->certain, possible,
		tally->possible);
}

static void write_dwell(FILE *file, const struct dwell *dwell, bool histogram)
{
	const char *before = "";

	fprintf(file,
		",\"dwell\":{\"count\":%" PRIu64 ",\"least\":%" PRIu64 ",\"median\":%" PRIu64
		",\"most\":%" PRIu64,
		dwell->count, dwell->least, dwell_median(dwell), dwell->most);
	if (!histogram) {
		putc('}', file);
		return;
	}
	fputs(",\"histogram\":[", file);
	for (unsigned i = 0; i < DWELL_BUCKETS; i++) {
		if (!dwell->buckets[i])
			continue;
		fprintf(file, "%s[%u,%" PRIu64 "]", before, i, dwell->buckets[i]);
		before = ",";
	}
	fputs("]}", file);
}

static void write_item(FILE *file, const struct ledger_item *item)
{
	putc('{', file);
	if (item->rule) {
		write_name(file, "rule", item->rule);
		fprintf(file, "\"count\":%" PRIu64 "}", *item->findings);
		return;
	}
	write_name(file, "from", sessionlint_state_name(item->from));
	write_name(file, "event", sessionlint_event_name(item->event));
	if (item->to)
		write_name(file, "to", sessionlint_state_name(item->to));
	if (item->then) {
		write_name(file, "then", sessionlint_event_name(item->then));
		write_name(file, "end", sessionlint_state_name(item->end));
	}
	if (item->line)
		fprintf(file, "\"line\":%u,", item->line);
	write_tally(file, "count", "possible", item->tally);
	if (item->refused) {
		putc(',', file);
		write_tally(file, "refused", "refused_possible", item->refused);
	}
	if (item->dwell)
		write_dwell(file, item->dwell, true);
	putc('}', file);
}

static void write_group(FILE *file, struct ledger *ledger, enum ledger_group group)
{
	struct ledger_item item;

	fprintf(file, ",\n\"%s\":[", ledger_group_name(group));
	for (unsigned i = 0; ledger_item_at(ledger, group, i, &item); i++) {
		fputs(i ? ",\n  " : "\n  ", file);
		write_item(file, &item);
	}
	putc(']', file);
}

static void write_states(FILE *file, const struct ledger *ledger)
{
	fputs(",\n\"states\":[", file);
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		struct dwell dwell;

		ledger_state_dwell(ledger, state, &dwell);
		fprintf(file, "%s{\"state\":\"%s\"", state > 1 ? ",\n  " : "\n  ",
			sessionlint_state_name(state));
		write_dwell(file, &dwell, false);
		putc('}', file);
	}
	putc(']', file);
}

static void write(FILE *file, struct ledger *ledger, const char *chart)
{
	(void)chart;
	fputs("{\"ledger\":\"sessionlint\",\"version\":1,\n\"counts\":{", file);
	for (unsigned i = 0; ledger_count_name(i); i++)
		fprintf(file, "%s\"%s\":%" PRIu64, i ? "," : "", ledger_count_name(i),
			ledger->counts[i]);
	fputs("},\n\"coverage\":{", file);
	for (unsigned group = 0; ledger_group_name(group); group++) {
		struct ledger_share share = ledger_share(ledger, group);

		fprintf(file, "%s\n  \"%s\":{\"covered\":%u,\"total\":%u}", group ? "," : "",
			ledger_group_name(group), share.covered, share.total);
	}
	putc('}', file);
	for (unsigned group = 0; ledger_group_name(group); group++)
		write_group(file, ledger, group);
	write_states(file, ledger);
	fputs("}\n", file);
}

const struct coverage_format coverage_json = { .name = "json", .write = write };
