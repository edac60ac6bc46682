/* SPDX-License-Identifier: MIT */
/*
 * The hosts of one log: their names, their numbers, and how their records arrive. Host names are
 * compared without letter case; the first spelling is shown. In a log of several channels each
 * channel of a host counts as a host, since nothing says how their records are ordered.
 */
#ifndef ORDER_HOSTS_H
#define ORDER_HOSTS_H

#include "base/text.h"
#include "order/streams.h"

struct host_name {
	struct sessionlint_text name; /* owned */
	uint32_t hash;                /* of the name and the channel */
	uint8_t channel;              /* in a log of several channels; 0: all, or none */
	/* one of several hosts with this name, whose streams have counts of their own */
	bool split;
	struct arrivals arrivals;
};

#define NO_HOST UINT32_MAX /* no host */

struct hosts {
	struct host_name *hosts;
	uint32_t count;
	size_t capacity;
	uint32_t *slots; /* open addressing: number + 1, 0 is empty */
	uint32_t slot_count;
	uint64_t seed; /* of the hash, so that nobody can choose names that collide */
	uint32_t last; /* the one that was found last */
};

int hosts_init(struct hosts *hosts);
void hosts_free(struct hosts *hosts);
void hosts_clear(struct hosts *hosts);

/* Whether the host that was found last is the one with that channel and name, spelled like that. */
static inline bool hosts_is_last(const struct hosts *hosts, struct sessionlint_text name,
				 uint8_t channel)
{
	return hosts->last < hosts->count && hosts->hosts[hosts->last].channel == channel &&
	       text_equal(hosts->hosts[hosts->last].name, name);
}

uint32_t hosts_find(struct hosts *hosts, struct sessionlint_text name, uint8_t channel);

/* The number of the host with that name and channel, or NO_HOST. */
static inline uint32_t hosts_known(struct hosts *hosts, struct sessionlint_text name,
				   uint8_t channel)
{
	return hosts_is_last(hosts, name, channel) ? hosts->last : hosts_find(hosts, name, channel);
}

/* Finds the number of the host with that name and channel, or adds it, with a copy of the name.
 * Returns 1 if it was added, 0, or -ENOMEM. */
int hosts_search(struct hosts *hosts, struct sessionlint_text name, uint8_t channel,
		 uint32_t *ret_number);

/* Adds a host with the name of @host that searches do not find. -ENOMEM. */
int hosts_split(struct hosts *hosts, uint32_t host, uint32_t *ret_number);

/* The number of the next host of the same name; the last is followed by the first. */
uint32_t host_next_of_name(const struct hosts *hosts, uint32_t host);

/* Finds the number of the host of @record, or of the nameless host if it names none. -ENOMEM. */
int hosts_of(struct hosts *hosts, const struct record *record, uint32_t *ret_number);

#endif
