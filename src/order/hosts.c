/* SPDX-License-Identifier: MIT */
#include "order/hosts.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/fold.h"
#include "base/seed.h"

#define SLOTS_MIN 64U

int hosts_init(struct hosts *hosts)
{
	*hosts = (struct hosts) { .slot_count = SLOTS_MIN, .seed = random_seed() };
	hosts->slots = calloc(hosts->slot_count, sizeof *hosts->slots);
	return hosts->slots ? 0 : -ENOMEM;
}

void hosts_clear(struct hosts *hosts)
{
	for (uint32_t i = 0; i < hosts->count; i++) {
		text_disown(&hosts->hosts[i].name);
		arrivals_free(&hosts->hosts[i].arrivals);
	}
	/* NULL if hosts_init() failed */
	if (hosts->slots)
		memset(hosts->slots, 0, hosts->slot_count * sizeof *hosts->slots);
	hosts->count = 0;
	/* searches find the first one */
	hosts->last = 0;
}

void hosts_free(struct hosts *hosts)
{
	hosts_clear(hosts);
	free(hosts->hosts);
	free(hosts->slots);
}

static void slot_fill(uint32_t *slots, uint32_t count, uint32_t hash, uint32_t number)
{
	uint32_t at = hash & (count - 1);

	while (slots[at])
		at = (at + 1) & (count - 1);
	slots[at] = number + 1;
}

static int hosts_grow(struct hosts *hosts)
{
	uint32_t count = hosts->slot_count * 2;
	struct host_name *grown = array_grow(hosts->hosts, hosts->count, &hosts->capacity,
					     sizeof *grown);
	uint32_t *slots;

	if (!grown)
		return -ENOMEM;
	hosts->hosts = grown;
	if (hosts->count * 2 < hosts->slot_count)
		return 0;
	slots = calloc(count, sizeof *slots);
	if (!slots)
		return -ENOMEM;
	for (uint32_t i = 0; i < hosts->count; i++)
		if (!hosts->hosts[i].arrivals.split_off)
			slot_fill(slots, count, hosts->hosts[i].hash, i);
	free(hosts->slots);
	hosts->slots = slots;
	hosts->slot_count = count;
	return 0;
}

static uint32_t key_hash(const struct hosts *hosts, struct sessionlint_text name, uint8_t channel)
{
	return text_hash_alike(name, hosts->seed) + channel;
}

static uint32_t find(const struct hosts *hosts, uint32_t hash, struct sessionlint_text name,
		     uint8_t channel)
{
	uint32_t mask = hosts->slot_count - 1;

	for (uint32_t at = hash & mask; hosts->slots[at]; at = (at + 1) & mask) {
		uint32_t number = hosts->slots[at] - 1;

		if (hosts->hosts[number].hash == hash && hosts->hosts[number].channel == channel &&
		    text_alike(hosts->hosts[number].name, name))
			return number;
	}
	return NO_HOST;
}

static uint32_t find_and_note(struct hosts *hosts, uint32_t hash, struct sessionlint_text name,
			      uint8_t channel)
{
	uint32_t number = find(hosts, hash, name, channel);

	if (number != NO_HOST)
		hosts->last = number;
	return number;
}

uint32_t hosts_find(struct hosts *hosts, struct sessionlint_text name, uint8_t channel)
{
	return find_and_note(hosts, key_hash(hosts, name, channel), name, channel);
}

int hosts_search(struct hosts *hosts, struct sessionlint_text name, uint8_t channel,
		 uint32_t *ret_number)
{
	struct sessionlint_text copy;
	uint32_t hash, number;
	int r;

	if (hosts_is_last(hosts, name, channel)) {
		*ret_number = hosts->last;
		return 0;
	}
	hash = key_hash(hosts, name, channel);
	number = find_and_note(hosts, hash, name, channel);
	if (number != NO_HOST) {
		*ret_number = number;
		return 0;
	}
	r = hosts_grow(hosts);
	if (r < 0)
		return r;
	r = text_own(name, &copy);
	if (r < 0)
		return r;
	hosts->hosts[hosts->count] = (struct host_name) {
		.name = copy,
		.hash = hash,
		.channel = channel,
	};
	slot_fill(hosts->slots, hosts->slot_count, hash, hosts->count);
	*ret_number = hosts->count++;
	return 1;
}

int hosts_split(struct hosts *hosts, uint32_t host, uint32_t *ret_number)
{
	struct host_name split;
	int r = hosts_grow(hosts);

	if (r < 0)
		return r;
	split = (struct host_name) { .hash = hosts->hosts[host].hash };
	r = text_own(hosts->hosts[host].name, &split.name);
	if (r < 0)
		return r;
	split.arrivals.next_of_name = hosts->hosts[host].arrivals.next_of_name;
	*ret_number = hosts->count;
	hosts->hosts[host].arrivals.next_of_name = hosts->count;
	hosts->hosts[hosts->count++] = split;
	return 0;
}

uint32_t host_next_of_name(const struct hosts *hosts, uint32_t host)
{
	const struct arrivals *arrivals = &hosts->hosts[host].arrivals;

	if (arrivals->next_of_name)
		return arrivals->next_of_name;
	return arrivals->split_off ? arrivals->split_from : host;
}
