/* SPDX-License-Identifier: MIT */
#include "order/boots.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

unsigned boots_find(const struct boots *boots, struct sessionlint_text name)
{
	for (unsigned i = 0; i < boots->count; i++)
		if (boots->list[i].name.data && text_equal(boots->list[i].name, name))
			return i;
	return BOOTS_MAX;
}

int boots_add(struct boots *boots, struct sessionlint_text name, uint64_t since)
{
	struct sessionlint_text copy = { 0 };

	if (name.data && text_own(name, &copy) < 0)
		return -ENOMEM;
	boots->list[boots->count].name = copy;
	boots->list[boots->count].since = since;
	boots->latest = boots->count++;
	return 0;
}

void boots_forget(struct boots *boots)
{
	uint32_t remaining = 0;

	free((void *)(uintptr_t)boots->list[0].name.data);
	memmove(boots->list, boots->list + 1, (BOOTS_MAX - 1) * sizeof boots->list[0]);
	boots->count--;
	boots->latest -= boots->latest > 0;
	for (uint32_t i = 0; i < boots->range_count; i++) {
		if (boots->ranges[i].boot == 0)
			continue;
		boots->ranges[remaining] = boots->ranges[i];
		boots->ranges[remaining++].boot--;
	}
	boots->range_count = remaining;
}

int boots_take(struct boots *boots, unsigned boot, const struct stream *stream, uint64_t number)
{
	struct boot_range *ranges = boots->ranges;

	for (uint32_t i = 0; i < boots->range_count; i++) {
		if (ranges[i].stream != stream || ranges[i].boot != boot)
			continue;
		if (number < ranges[i].low)
			ranges[i].low = number;
		if (number > ranges[i].high)
			ranges[i].high = number;
		return 0;
	}
	ranges = array_grow(ranges, boots->range_count, &boots->range_capacity, sizeof *ranges);
	if (!ranges)
		return -ENOMEM;
	boots->ranges = ranges;
	ranges[boots->range_count++] = (struct boot_range) { stream, boot, number, number };
	return 0;
}

static const struct boot_range *boots_range(const struct boots *boots, unsigned boot,
					    const struct stream *stream)
{
	for (uint32_t i = 0; i < boots->range_count; i++)
		if (boots->ranges[i].stream == stream && boots->ranges[i].boot == boot)
			return &boots->ranges[i];
	return NULL;
}

bool boots_mixed(struct boots *boots, unsigned boot, const struct stream *stream, bool together)
{
	const struct boot_range *own = boots_range(boots, boot, stream);

	for (uint32_t i = 0; own && i < boots->range_count; i++) {
		const struct boot_range *other = &boots->ranges[i];

		if (other->boot == boot || (other->stream != stream && !together))
			continue;
		if (own->low <= other->high && other->low <= own->high)
			return true;
		boots->reversed |= (boot < other->boot) != (own->high < other->low);
	}
	return false;
}

bool boots_reach(const struct boots *boots, unsigned boot, uint64_t number)
{
	for (uint32_t i = 0; i < boots->range_count; i++) {
		const struct boot_range *range = &boots->ranges[i];

		if (range->boot < boot && range->low <= number && number <= range->high)
			return true;
	}
	return false;
}

void boots_free(struct boots *boots)
{
	if (!boots)
		return;
	for (unsigned i = 0; i < boots->count; i++)
		free((void *)(uintptr_t)boots->list[i].name.data);
	free(boots->ranges);
	free(boots);
}
