/* SPDX-License-Identifier: MIT */
/*
 * The hosts of one log, and what is known of each in its present boot. Letter case does not tell
 * names of hosts apart; the first spelling is the one that is shown. In a log of several channels
 * each channel of a host is a host: nothing says how their records are ordered.
 */
#ifndef CHECK_HOSTS_H
#define CHECK_HOSTS_H

#include "base/text.h"
#include "check/drivers.h"
#include "check/sessions.h"
#include "check/streams.h"

struct agreement;

struct host {
	struct sessionlint_text name; /* owned by the table */
	bool split; /* into streams that count apart: never among the recent ones */
	struct sessionlint_text label; /* what the log calls it, where that is no key; owned */
	struct sessionlint_text boot;  /* the value of the key boot, if the trace gives it; owned */
	uint64_t boot_ordinal;         /* boot markers, or new values of boot, so far */

	uint32_t hash;        /* of the name and the channel */
	uint32_t generation;  /* counts boots, for sessions */
	uint32_t lost;        /* how many records are lost: lost_weight() */
	uint32_t lost_before; /* those of earlier boots */
	uint32_t boot_lost;   /* those before its last record with the key boot */
	bool unknown;         /* a session that appears now may have begun before */
	bool busy;            /* there was a record of a session since the last boot marker */
	bool listed;          /* it is in the list of busy hosts */
	uint8_t channel;      /* what host_find() makes of it; 0: all channels, or none */

	uint64_t boots_known; /* of those that the checker counts for all hosts */
	uint32_t lost_known, shutdowns_known;

	struct arrivals arrivals;

	uint64_t time; /* of its last record that had one, or SESSIONLINT_NO_TIME */

	/* where the log's service started and no boot is known yet; line 0: nowhere */
	struct {
		uint64_t line, offset, time;
	} service;

	struct session_list sessions; /* alive, in order of appearance */

	uint8_t pointer_size;    /* in bytes, as its records say; 0: they do not */
	bool shutdown;           /* the host is going down: drivers are not unloaded */
	bool events;             /* the trace holds session events as the kernel has them */
	struct drivers *drivers; /* NULL: the trace shows none; owned */

	struct agreement *agreements; /* of its sessions */
};

#define HOSTS_RECENT 64

#define NO_HOST UINT32_MAX /* the number of none */

struct hosts {
	struct host *hosts;
	uint32_t count, capacity;
	uint32_t *slots; /* open addressing: number + 1, 0 is empty */
	uint32_t slot_count;
	uint32_t recent[HOSTS_RECENT]; /* those asked for last, by a cheap hash */
	uint32_t *busy;                /* those that may have sessions */
	uint32_t busy_count;
	uint64_t seed; /* of the hash: nobody can choose names that collide */
};

int hosts_init(struct hosts *hosts);
void hosts_free(struct hosts *hosts);
void hosts_clear(struct hosts *hosts);

/* The number of the host with that name and channel; the name is copied if it is new. Returns 1 if
 * it is new, 0, or -ENOMEM. */
int hosts_search(struct hosts *hosts, struct sessionlint_text name, uint8_t channel,
		 uint32_t *ret_number);

/* Adds a host of the same name as @host, which is not found by it, and of which the same is known.
 * -ENOMEM. */
int hosts_split(struct hosts *hosts, uint32_t host, uint32_t *ret_number);

/* The number of the next host of the same name; after the last comes the first again. */
uint32_t host_next_of_name(const struct hosts *hosts, const struct host *host);

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

/* Notes that the host has a session. */
static inline void hosts_occupy(struct hosts *hosts, uint32_t number)
{
	struct host *host = &hosts->hosts[number];

	host->busy = true;
	if (!host->listed)
		hosts->busy[hosts->busy_count++] = number;
	host->listed = true;
}

/* Notes that no host has one. */
void hosts_idle(struct hosts *hosts);

#endif
