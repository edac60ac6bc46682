/* SPDX-License-Identifier: MIT */
/*
 * The time axis of trace events. It counts ticks of 100 ns and is written in microseconds. The
 * first time of a run is at AXIS_FIRST, because viewers drop what is before 0 and a log that is
 * read later can be older; this is near enough to 0 for viewers that use doubles.
 */
#ifndef REPORT_PERFETTO_TIME_AXIS_H
#define REPORT_PERFETTO_TIME_AXIS_H

#include "base/json_writer.h"

#define AXIS_FIRST        UINT64_C(1000000000000000)  /* 3.2 years */
#define AXIS_END          UINT64_C(90000000000000000) /* viewers count ns in 63 bits */
#define AXIS_MICROSECONDS UINT64_C(10)

struct axis {
	bool begun;
	uint64_t first; /* the time at AXIS_FIRST */
};

/* The position of @time, clamped to the edges; the first call begins the axis. */
uint64_t axis_place(struct axis *axis, uint64_t time);

/* The position of the record in @line of a log without times: a line is a microsecond. */
uint64_t axis_place_line(uint64_t line);

/* Writes the member "ts", and "dur" after it. @end is not before @start. */
void axis_write(struct json_writer *json, uint64_t place);
void axis_write_span(struct json_writer *json, uint64_t start, uint64_t end);

#endif
