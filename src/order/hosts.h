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
	bool split;                   /* into streams that count apart: it is one of several */
	struct arrivals arrivals;
};

#define NO_HOST UINT32_MAX /* the number of none */

struct hosts {
	struct host_name *hosts;
	uint32_t count, capacity;
	uint32_t *slots; /* open addressing: number + 1, 0 is empty */
	uint32_t slot_count;
	uint64_t seed; /* of the hash: nobody can choose names that collide */
};

int hosts_init(struct hosts *hosts);
void hosts_free(struct hosts *hosts);
void hosts_clear(struct hosts *hosts);

/* The number of the host with that name and channel, or NO_HOST. */
uint32_t hosts_known(const struct hosts *hosts, struct sessionlint_text name, uint8_t channel);

/* The number of the host with that name and channel; the name is copied if it is new. Returns 1 if
 * it is new, 0, or -ENOMEM. */
int hosts_search(struct hosts *hosts, struct sessionlint_text name, uint8_t channel,
		 uint32_t *ret_number);

/* Adds a host of the same name as @host, which is not found by it. -ENOMEM. */
int hosts_split(struct hosts *hosts, uint32_t host, uint32_t *ret_number);

/* The number of the next host of the same name; after the last comes the first again. */
uint32_t host_next_of_name(const struct hosts *hosts, uint32_t host);

/*
 * The number of the host that @record is of, which is the nameless one where it names none.
 * -ENOMEM.
 */
int hosts_of(struct hosts *hosts, const struct record *record, uint32_t *ret_number);

#endif
