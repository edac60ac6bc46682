/* SPDX-License-Identifier: MIT */
#include "check/state/hosts.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

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
	struct host *grown = array_grow(hosts->hosts, hosts->count, &hosts->capacity,
					sizeof *grown);
	uint32_t *busy;

	if (!grown)
		return -ENOMEM;
	hosts->hosts = grown;
	/* all of them can be busy */
	busy = array_grow(hosts->busy, hosts->count, &hosts->busy_capacity, sizeof *busy);
	if (!busy)
		return -ENOMEM;
	hosts->busy = busy;
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
