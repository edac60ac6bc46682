/* SPDX-License-Identifier: MIT */
#include "report/perfetto/time_axis.h"

#include <inttypes.h>

#define TEXT_SIZE 32

uint64_t axis_place(struct axis *axis, uint64_t time)
{
	if (!axis->begun)
		*axis = (struct axis) { .begun = true, .first = time };
	if (time < axis->first)
		return axis->first - time < AXIS_FIRST ? AXIS_FIRST - (axis->first - time) : 0;
	return time - axis->first < AXIS_END - AXIS_FIRST ? AXIS_FIRST + (time - axis->first)
							  : AXIS_END;
}

uint64_t axis_place_line(uint64_t line)
{
	uint64_t last = (AXIS_END - AXIS_FIRST) / AXIS_MICROSECONDS;

	return AXIS_FIRST + (line < last ? line : last) * AXIS_MICROSECONDS;
}

static void print_place(uint64_t place, char text[TEXT_SIZE])
{
	uint64_t whole = place / AXIS_MICROSECONDS;
	unsigned tenth = (unsigned)(place % AXIS_MICROSECONDS);

	if (tenth)
		snprintf(text, TEXT_SIZE, "%" PRIu64 ".%u", whole, tenth);
	else
		snprintf(text, TEXT_SIZE, "%" PRIu64, whole);
}

void axis_write(struct json_writer *json, uint64_t place)
{
	char text[TEXT_SIZE];

	print_place(place, text);
	json_key(json, "ts");
	fputs(text, json_value(json));
}

/*
 * Viewers convert to nanoseconds through doubles: fractions of a microsecond can be off, and slices
 * that then overlap are dropped. So such a slice is one tick shorter.
 */
void axis_write_span(struct json_writer *json, uint64_t start, uint64_t end)
{
	bool exact = start % AXIS_MICROSECONDS == 0 && end % AXIS_MICROSECONDS == 0;
	char text[TEXT_SIZE];

	axis_write(json, start);
	print_place(end - start - (!exact && end > start), text);
	json_key(json, "dur");
	fputs(text, json_value(json));
}
