/* SPDX-License-Identifier: MIT */
#include "check/state/session_details.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

void details_free(struct details *details)
{
	for (uint32_t i = 0; i < details->capacity; i++)
		details_remove(details, i);
	free(details->list);
	*details = (struct details) { 0 };
}

int details_make(struct details *details, uint32_t number, struct session_detail **ret_detail)
{
	struct session_detail **list = array_reach(details->list, number, &details->capacity,
						   sizeof *list);

	if (!list)
		return -ENOMEM;
	details->list = list;
	if (!details->list[number]) {
		details->list[number] = calloc(1, sizeof **details->list);
		if (!details->list[number])
			return -ENOMEM;
	}
	*ret_detail = details->list[number];
	return 0;
}

void detail_forget_views(struct session_detail *detail)
{
	free(detail->views);
	detail->views = NULL;
	detail->view_room = 0;
	detail->view_count = detail->views_over = 0;
	detail->leader_serial = 0;
	detail->notified_at = 0;
}

void detail_lose(struct session_detail *detail)
{
	detail->user_size = detail->address_size = 0;
	detail->complete = false;
	detail->local = 0;
	detail->last_notified = SESSIONLINT_EVENT_IGNORE;
}

void details_remove(struct details *details, uint32_t number)
{
	struct session_detail *detail = details_at(details, number);

	if (!detail)
		return;
	free(detail->user);
	free(detail->views);
	free(detail->lagging);
	free(detail);
	details->list[number] = NULL;
}
