/* SPDX-License-Identifier: MIT */
/* What a host's records show apart from its sessions. */
#ifndef CHECK_HOST_H
#define CHECK_HOST_H

#include "check/context.h"

#define HOST_STARTS "the host starts again while the session is"

/* Adds the hosts up to @number; new ones start in the state in which the log does. -ENOMEM. */
int hosts_meet(struct checker *checker, uint32_t number);

/* The next host with the name of host @number that has been met; others inherit the state of these
 * when they are met. After the last comes the first. */
uint32_t host_next_met(const struct checker *checker, uint32_t number);

/* The hosts with the name of host @number have been split: see struct order_sink. -ENOMEM. */
int hosts_follow_split(struct checker *checker, uint32_t number, bool mixed);

/* Handles the record's seq, boot and time, which may show that subject->host has booted. */
int host_follow(struct subject *subject);

/* subject->host boots: all its sessions are gone. */
int host_reboot(struct subject *subject);

/* Ends all sessions of subject->host; reports the unfinished ones, with @why before their
 * states. */
int host_end_sessions(struct subject *subject, const char *why);

/* A session record after the log's service started without a boot: sessions from before are
 * unknown now. */
int host_follow_service(struct subject *subject);

/* Applies to @host what happened to all hosts. */
void host_refresh(struct checker *checker, struct host *host);

/* Up to @count records of @host are lost; MODEL_LOST_MANY if the number is unknown. */
void host_lose(struct checker *checker, struct host *host, uint64_t count);

/* The same, of any host. */
void hosts_lose(struct checker *checker, uint64_t count);

/* How many records of the current boot may be lost, in which a session that appears now may have
 * begun. */
static inline uint32_t host_lost(const struct host *host)
{
	return host->unknown ? MODEL_LOST_MANY : host->lost - host->lost_before;
}

/* After a possible loss, a record shows that @object, or something else, is registered by the
 * drivers of @host. */
void host_settle_doubt(struct checker *checker, struct host *host, const struct io_object *object);

/* The size of a pointer on @host, in bytes. */
static inline unsigned host_pointer_size(const struct checker *checker, const struct host *host)
{
	if (host->pointer_size)
		return host->pointer_size;
	return checker->pointer_size ? checker->pointer_size : checker->options.pointer_size;
}

/* Finds or adds the drivers of @host; new ones start in the state in which the log does.
 * -ENOMEM. */
int host_drivers(struct host *host, struct drivers **ret_drivers);

#endif
