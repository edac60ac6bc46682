/* SPDX-License-Identifier: MIT */
#include "check/state/session_views.h"

#include <errno.h>

#include "base/array.h"

/* The place of the view with that number, or of the first one after it. */
static uint32_t view_place(const struct session_detail *detail, uint32_t number)
{
	uint32_t first = 0, end = detail->view_count;

	/* where all registrations are notified */
	if (number < end && detail->views[number].number == number)
		return number;
	while (first < end) {
		uint32_t middle = first + (end - first) / 2;

		if (detail->views[middle].number < number)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

struct view *view_at(const struct session_detail *detail, uint32_t number)
{
	uint32_t place = view_place(detail, number);

	if (place == detail->view_count || detail->views[place].number != number)
		return NULL;
	return &detail->views[place];
}

int view_make(struct session_detail *detail, uint32_t number, struct view **ret_view)
{
	uint32_t place = view_place(detail, number);
	struct view *views;

	if (place == detail->view_count || detail->views[place].number != number) {
		views = array_grow(detail->views, detail->view_count, &detail->view_room,
				   sizeof *views);
		if (!views)
			return -ENOMEM;
		detail->views = views;
		memmove(views + place + 1, views + place,
			(detail->view_count - place) * sizeof *views);
		views[place] = (struct view) { .number = number };
		detail->view_count++;
	}
	if (place < detail->views_over)
		detail->views_over = place;
	*ret_view = &detail->views[place];
	return 0;
}
