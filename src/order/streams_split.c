/* SPDX-License-Identifier: MIT */
/* Turns streams of a host that have their own counts into hosts. */
#include "order/streams.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fold.h"
#include "order/hosts.h"

/* Turns a stream of @host into a host. -ENOMEM. */
static int stream_part(struct hosts *hosts, uint32_t host, struct stream *stream,
		       uint32_t *ret_number)
{
	struct arrivals arrivals = { .split_off = true, .split_from = host, .stream_count = 1 },
			*split;
	int r = text_set(&arrivals.boot, hosts->hosts[host].arrivals.boot);

	if (r >= 0)
		r = hosts_split(hosts, host, ret_number);
	if (r < 0) {
		free((void *)(uintptr_t)arrivals.boot.data);
		return r;
	}
	split = &hosts->hosts[host].arrivals;
	arrivals.next_of_name = hosts->hosts[*ret_number].arrivals.next_of_name;
	arrivals.boots = split->boots;
	arrivals.over_boots = split->over_boots;
	arrivals.streams = arrivals.recent = stream;
	arrivals.was_mixed = stream->numbers.has;
	hosts->hosts[*ret_number].arrivals = arrivals;
	split->stream_count++;
	stream->host = *ret_number;
	stream->part = 0;
	return 0;
}

int streams_split(struct hosts *hosts, uint32_t host)
{
	struct arrivals *arrivals = &hosts->hosts[host].arrivals;
	struct stream *stream = arrivals->streams->next;
	bool mixed = false;

	whole_free(arrivals);
	arrivals->split = true;
	hosts->hosts[host].split = true;
	arrivals->recent = arrivals->streams;
	arrivals->stream_count = 1;
	while (stream) {
		struct stream *next = stream->next;
		uint32_t number;
		int r = stream_part(hosts, host, stream, &number);

		/* the caller gives up; the remaining streams stay with the host */
		if (r < 0)
			return r;
		arrivals = &hosts->hosts[host].arrivals;
		arrivals->streams->next = next;
		stream->next = NULL;
		mixed |= stream->numbers.has;
		stream = next;
	}
	return mixed;
}

int streams_host(struct hosts *hosts, uint32_t host, struct sessionlint_text driver,
		 uint32_t *ret_number)
{
	const struct arrivals *arrivals = &hosts->hosts[host].arrivals;
	uint32_t number = host, hash = driver_hash(driver);
	struct stream *stream;
	int r;

	do {
		const struct stream *first = hosts->hosts[number].arrivals.streams;

		if (first->hash == hash && text_alike(first->driver, driver)) {
			*ret_number = number;
			return 0;
		}
		number = hosts->hosts[number].arrivals.next_of_name;
	} while (number);
	*ret_number = host;
	if (arrivals->stream_count >= STREAMS_OF_HOST)
		return 0;
	stream = stream_new(driver, host, 0);
	if (!stream)
		return -ENOMEM;
	r = stream_part(hosts, host, stream, ret_number);
	if (r < 0)
		stream_free(stream);
	return r;
}
