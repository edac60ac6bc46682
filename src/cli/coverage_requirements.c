/* SPDX-License-Identifier: MIT */
#include "cli/coverage_requirements.h"

#include <errno.h>

#include "base/number.h"
#include "coverage/coverage.h"

#define ALL 10000U /* hundredths of a percent */

/* Reads "80%" or "87.5%", with at most two decimal places. -EINVAL. */
static int percent_parse(struct sessionlint_text text, unsigned *ret_hundredths)
{
	const char *point;
	uint64_t whole, part = 0;
	size_t places = 0;

	if (text.size < 2 || text.data[text.size - 1] != '%')
		return -EINVAL;
	text.size--;
	point = memchr(text.data, '.', text.size);
	if (point) {
		places = text.size - (size_t)(point + 1 - text.data);
		if (places < 1 || places > 2 ||
		    decimal_parse(text_of(point + 1, places), 99, &part) < 0)
			return -EINVAL;
		text.size = (size_t)(point - text.data);
	}
	if (decimal_parse(text, 100, &whole) < 0)
		return -EINVAL;
	whole = whole * 100 + (places == 1 ? part * 10 : part);
	if (whole > ALL)
		return -EINVAL;
	*ret_hundredths = (unsigned)whole;
	return 0;
}

/* Reads "pairs=80%", the @size bytes at @value. */
static int add_one(struct requirements *requirements, const struct command *command,
		   const char *value, size_t size)
{
	const char *equals = memchr(value, '=', size);
	unsigned hundredths;
	char name[80];
	int group;

	if (!equals)
		return usage_error(command, "--require needs NAME=PERCENT, not '%.*s'", (int)size,
				   value);
	snprintf(name, sizeof name, "%.*s", (int)(equals - value), value);
	group = word_find(command, "group", name, ledger_group_name);
	if (group < 0)
		return STATUS_FAILED;
	equals++;
	if (percent_parse(text_of(equals, size - (size_t)(equals - value)), &hundredths) < 0)
		return usage_error(command, "--require needs a percentage such as 80%%, not '%.*s'",
				   (int)(size - (size_t)(equals - value)), equals);
	requirements->given[group] = true;
	requirements->hundredths[group] = hundredths;
	return STATUS_CLEAN;
}

int requirements_add(struct requirements *requirements, const struct command *command,
		     const char *value)
{
	for (;;) {
		size_t size = strcspn(value, ",");

		if (add_one(requirements, command, value, size) != STATUS_CLEAN)
			return STATUS_FAILED;
		if (!value[size])
			return STATUS_CLEAN;
		value += size + 1;
	}
}

static void write_missing(struct ledger *ledger, enum ledger_group group)
{
	struct ledger_item item;
	char name[LEDGER_NAME_SIZE];

	for (unsigned i = 0; ledger_item_at(ledger, group, i, &item); i++) {
		if (ledger_item_count(&item))
			continue;
		ledger_item_name(&item, name);
		fprintf(stderr, "  missing: %s%s\n", name,
			item.tally && item.tally->possible ? " (possible, but not certain)" : "");
	}
}

bool requirements_met(const struct requirements *requirements, struct ledger *ledger)
{
	bool met = true;

	for (unsigned group = 0; group < LEDGER_GROUPS; group++) {
		struct ledger_share share = ledger_share(ledger, group);
		unsigned required = requirements->hundredths[group];
		char percent[PERCENT_SIZE];

		if (!requirements->given[group] || share.covered * ALL >= required * share.total)
			continue;
		met = false;
		coverage_percent(share, percent);
		fprintf(stderr, "sessionlint: %s: %u of %u covered (%s), %u.%02u %% required\n",
			ledger_group_name(group), share.covered, share.total, percent,
			required / 100, required % 100);
		write_missing(ledger, group);
	}
	return met;
}
