/* SPDX-License-Identifier: MIT */
/*
 * The hosts of one log: their names, their numbers, and how their records arrive. Letter case does
 * not tell names of hosts apart; the first spelling is the one that is shown. In a log of several
 * channels each channel of a host is a host: nothing says how their records are ordered.
 */
#ifndef ORDER_HOSTS_H
#define ORDER_HOSTS_H

#include "base/text.h"
#include "order/streams.h"

struct host_name {
	struct sessionlint_text name; /* owned */
	uint32_t hash;                /* of the name and the channel */
	uint8_t channel;              /* of a log of several channels; 0: all, or none */
	bool split; /* into streams that count apart: never among the recent ones */
	struct arrivals arrivals;
};

#define HOSTS_RECENT 64

#define NO_HOST UINT32_MAX /* the number of none */

struct hosts {
	struct host_name *hosts;
	uint32_t count, capacity;
	uint32_t *slots; /* open addressing: number + 1, 0 is empty */
	uint32_t slot_count;
	uint32_t recent[HOSTS_RECENT]; /* those asked for last, by a cheap hash */
	uint64_t seed;                 /* of the hash: nobody can choose names that collide */
};

int hosts_init(struct hosts *hosts);
void hosts_free(struct hosts *hosts);
void hosts_clear(struct hosts *hosts);

/* The number of the host with that name and channel; the name is copied if it is new. Returns 1 if
 * it is new, 0, or -ENOMEM. */
int hosts_search(struct hosts *hosts, struct sessionlint_text name, uint8_t channel,
		 uint32_t *ret_number);

/* Adds a host of the same name as @host, which is not found by it. -ENOMEM. */
int hosts_split(struct hosts *hosts, uint32_t host, uint32_t *ret_number);

/* The number of the next host of the same name; after the last comes the first again. */
uint32_t host_next_of_name(const struct hosts *hosts, uint32_t host);

/* Where a name lies among the recent ones: by its end, where names of hosts differ. */
static inline uint32_t hosts_recent_at(struct sessionlint_text name)
{
	uint64_t word = name.size;

	if (name.size >= sizeof word)
		memcpy(&word, name.data + name.size - sizeof word, sizeof word);
	else if (name.size > 0)
		word = (unsigned char)name.data[name.size - 1];
	return (uint32_t)(word * 0x9e3779b97f4a7c15U >> 58);
}

/* The same without a channel; most records are of a host that had one lately. Returns 2 for a host
 * that has been split: it is one of several. */
static inline int hosts_find(struct hosts *hosts, struct sessionlint_text name,
			     uint32_t *ret_number)
{
	uint32_t at = hosts_recent_at(name), recent = hosts->recent[at];
	int r;

	if (recent < hosts->count && text_equal(hosts->hosts[recent].name, name) &&
	    hosts->hosts[recent].channel == 0) {
		*ret_number = recent;
		return 0;
	}
	r = hosts_search(hosts, name, 0, ret_number);
	if (r >= 0 && hosts->hosts[*ret_number].split)
		return 2;
	if (r >= 0)
		hosts->recent[at] = *ret_number;
	return r;
}

/*
 * The number of the host that @record is of, which is the nameless one where it names none.
 * -ENOMEM.
 */
int hosts_of(struct hosts *hosts, const struct record *record, uint32_t *ret_number);

#endif
