/* SPDX-License-Identifier: MIT */
/* What a host's own records say beyond its sessions. */
#ifndef CHECK_HOST_H
#define CHECK_HOST_H

#include "check/context.h"

#define HOST_STARTS "the host starts again while the session is"

/* Host @number and those before it are met, as far as they have not been: a new one begins as the
 * log does. -ENOMEM. */
int hosts_meet(struct checker *checker, uint32_t number);

/* The hosts of the name of host @number have been split: see struct order_sink. -ENOMEM. */
int hosts_follow_split(struct checker *checker, uint32_t number, bool mixed);

/* Follows the record's seq, boot and time through subject->host, which may show that it starts
 * again. */
int host_follow(struct subject *subject);

/* subject->host starts: whatever ran there is gone. */
int host_reboot(struct subject *subject);

/* Ends all sessions of subject->host; reports those that are unfinished, with @why before their
 * states. */
int host_end_sessions(struct subject *subject, const char *why);

/* A session's record follows a start of the log's service without a boot: sessions of before it are
 * not known any more. */
int host_follow_service(struct subject *subject);

/* Learns what has happened to all hosts. */
void host_refresh(struct checker *checker, struct host *host);

/* At most @count records of @host have been lost; MODEL_LOST_MANY where nobody knows how many. */
void host_lose(struct checker *checker, struct host *host, uint64_t count);

/* The same, of any host. */
void hosts_lose(struct checker *checker, uint64_t count);

/* How many records of the present boot may be lost, from which a session that appears now may be.
 */
static inline uint32_t host_lost(const struct host *host)
{
	return host->unknown ? MODEL_LOST_MANY : host->lost - host->lost_before;
}

/* A record shows something of the drivers of @host after a record may have been lost: @object, if
 * it is registered still, or something else. */
void host_settle_doubt(struct checker *checker, struct host *host, const struct io_object *object);

/* The bytes of a pointer of @host. */
static inline unsigned host_pointer_size(const struct checker *checker, const struct host *host)
{
	if (host->pointer_size)
		return host->pointer_size;
	return checker->pointer_size ? checker->pointer_size : checker->options.pointer_size;
}

/* The drivers of @host; those of a host that has had none begin as the log does. -ENOMEM. */
int host_drivers(struct host *host, struct drivers **ret_drivers);

#endif
