/* SPDX-License-Identifier: MIT */
/*
 * The axis of time of trace events. It counts ticks of 100 ns and is written in microseconds. The
 * first time of a run lies at AXIS_FIRST, because viewers drop what lies before 0, and a log that
 * is read later can be older; near enough to 0 for readers that take numbers for doubles.
 */
#ifndef REPORT_AXIS_H
#define REPORT_AXIS_H

#include "base/json_writer.h"

#define AXIS_FIRST        UINT64_C(1000000000000000)  /* 3.2 years */
#define AXIS_END          UINT64_C(90000000000000000) /* readers count ns in 63 bits */
#define AXIS_MICROSECONDS UINT64_C(10)

struct axis {
	bool begun;
	uint64_t first; /* what lies at AXIS_FIRST */
};

/* Where @time lies, which is at an edge for one that is too far away; the first begins the axis. */
uint64_t axis_place(struct axis *axis, uint64_t time);

/* Where the record in @line lies in a log without times: lines are microseconds. */
uint64_t axis_place_line(uint64_t line);

/* Writes the member "ts", and "dur" after it. @end is not before @start. */
void axis_write(struct json_writer *json, uint64_t place);
void axis_write_span(struct json_writer *json, uint64_t start, uint64_t end);

#endif
