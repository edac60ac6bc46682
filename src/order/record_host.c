/* SPDX-License-Identifier: MIT */
/* Which host a record is of. */
#include "order/hosts.h"

int hosts_of(struct hosts *hosts, const struct record *record, uint32_t *ret_number)
{
	bool label = record->flags & RECORD_HOST_IS_LABEL;
	int r;

	if (record->flags & RECORD_OF_CHANNEL)
		r = hosts_search(hosts, record->host, (uint8_t)(record->source + 1), ret_number);
	else
		r = hosts_find(hosts, label ? text_of(NULL, 0) : record->host, ret_number);
	if (r == 2)
		r = streams_host(hosts, *ret_number, record_driver(record), ret_number);
	return r < 0 ? r : 0;
}
