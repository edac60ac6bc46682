/* SPDX-License-Identifier: MIT */
/* Hosts whose drivers number their records apart, and what shows that: a number that two of them
 * have. */
#include <errno.h>

#include "base/array.h"
#include "certificate/log_order.h"

void log_apart_forget(struct log_order *order)
{
	for (size_t i = 0; i < order->apart_count; i++)
		text_disown(&order->apart[i].host);
	order->apart_count = 0;
}

/* Whether the two records are certainly of one boot. */
static bool is_one_boot(const struct log_order *order, const struct log_number *one,
			const struct log_number *other)
{
	uint64_t first = one->line < other->line ? one->line : other->line;
	uint64_t last = one->line < other->line ? other->line : one->line;

	if (order->numbers.named)
		return one->boot && one->boot == other->boot;
	for (size_t i = 0; i < order->marker_count; i++) {
		const struct log_marker *marker = &order->markers[i];

		if (marker->marker == MARKER_BOOT && marker->line >= first && marker->line <= last)
			return false;
	}
	return true;
}

/* Finds a number that both have. Whether there is one. */
static bool find_shared(const struct log_order *order, const struct log_stream *one,
			const struct log_stream *other, struct log_apart *apart)
{
	for (unsigned i = 0; i < one->count; i++)
		for (unsigned j = 0; j < other->count; j++)
			if (one->list[i].seq == other->list[j].seq &&
			    is_one_boot(order, &one->list[i], &other->list[j])) {
				apart->seq = one->list[i].seq;
				apart->lines[0] = one->list[i].line;
				apart->lines[1] = other->list[j].line;
				return true;
			}
	return false;
}

/* The numbers of the host, which are those of one driver; NULL: it has none. */
static const struct log_stream *numbers_of(const struct log_order *order, uint32_t host)
{
	return host < order->numbers.room ? order->numbers.hosts[host].streams : NULL;
}

/* Finds a number that two drivers of the name of @host have. Whether there is one. */
static bool find_of_name(const struct log_order *order, const struct hosts *hosts, uint32_t host,
			 struct log_apart *apart)
{
	for (uint32_t i = host_next_of_name(hosts, host); i != host;
	     i = host_next_of_name(hosts, i))
		for (uint32_t j = host; j != i; j = host_next_of_name(hosts, j)) {
			const struct log_stream *one = numbers_of(order, j),
						*other = numbers_of(order, i);

			if (one && other && find_shared(order, one, other, apart))
				return true;
		}
	return false;
}

/* Whether records or incarnations of the host are not those of one driver alone. */
static bool is_unshown(const struct log_order *order, const struct host_name *name, uint32_t number)
{
	const struct arrivals *arrivals = &name->arrivals;
	const struct log_host *host;

	if (!(name->split || arrivals->split_off) || number >= order->numbers.room)
		return false;
	host = &order->numbers.hosts[number];
	/* a common record has no order with those of other drivers */
	return arrivals->was_mixed || host->common ||
	       (host->nameless && arrivals->streams->driver.size > 0);
}

int log_apart_find(struct log_order *order, const struct hosts *hosts)
{
	for (uint32_t i = 0; i < hosts->count; i++) {
		const struct host_name *name = &hosts->hosts[i];
		struct log_apart apart = { 0 }, *list;

		order->unshown |= is_unshown(order, name, i);
		if (!name->split)
			continue;
		if (!find_of_name(order, hosts, i, &apart)) {
			order->unshown = true;
			continue;
		}
		/* one that was judged before may be of another driver */
		order->unshown |= order->unnumbered;
		list = array_grow(order->apart, order->apart_count, &order->apart_capacity,
				  sizeof *list);
		if (!list)
			return -ENOMEM;
		order->apart = list;
		if (text_own(name->name, &apart.host) < 0)
			return -ENOMEM;
		list[order->apart_count++] = apart;
	}
	return 0;
}
