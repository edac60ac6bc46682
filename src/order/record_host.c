/* SPDX-License-Identifier: MIT */
/* Finds the host of a record. */
#include "order/hosts.h"

int hosts_of(struct hosts *hosts, const struct record *record, uint32_t *ret_number)
{
	const uint8_t channel = record->flags & RECORD_OF_CHANNEL ? (uint8_t)(record->source + 1)
								  : 0;
	bool label = !channel && record->flags & RECORD_HOST_IS_LABEL;
	int r = hosts_search(hosts, label ? text_of(NULL, 0) : record->host, channel, ret_number);

	if (r == 0 && hosts->hosts[*ret_number].split)
		r = streams_host(hosts, *ret_number, record_driver(record), ret_number);
	return r < 0 ? r : 0;
}
