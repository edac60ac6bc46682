/* SPDX-License-Identifier: MIT */
#include "check/state/hosts.h"

#include <errno.h>
#include <stdlib.h>

void host_states_clear(struct host_states *hosts)
{
	for (uint32_t i = 0; i < hosts->count; i++) {
		text_disown(&hosts->hosts[i].label);
		text_disown(&hosts->hosts[i].boot);
		drivers_free(hosts->hosts[i].drivers);
	}
	hosts->count = hosts->busy_count = 0;
}

void host_states_free(struct host_states *hosts)
{
	host_states_clear(hosts);
	free(hosts->hosts);
	free(hosts->busy);
}

int host_states_add(struct host_states *hosts, struct sessionlint_text name)
{
	if (hosts->count == hosts->capacity) {
		uint32_t capacity = hosts->capacity ? hosts->capacity * 2 : 16;
		struct host *grown = realloc(hosts->hosts, capacity * sizeof *grown);
		uint32_t *busy;

		if (!grown)
			return -ENOMEM;
		hosts->hosts = grown;
		busy = realloc(hosts->busy, capacity * sizeof *busy);
		if (!busy)
			return -ENOMEM;
		hosts->busy = busy;
		hosts->capacity = capacity;
	}
	hosts->hosts[hosts->count++] = (struct host) {
		.name = name,
		.time = SESSIONLINT_NO_TIME,
	};
	return 0;
}

void hosts_idle(struct host_states *hosts)
{
	for (uint32_t i = 0; i < hosts->busy_count; i++) {
		hosts->hosts[hosts->busy[i]].busy = false;
		hosts->hosts[hosts->busy[i]].listed = false;
	}
	hosts->busy_count = 0;
}
