/* SPDX-License-Identifier: MIT */
/*
 * The values that session_trace.h writes: bytes of texts, numbers and times, which are those that
 * the C library makes of them.
 */
#include <session_trace.h>

#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void line_of_text(char *buffer, size_t size, const void *text, size_t length)
{
	struct session_trace_line line;

	session_trace_begin(&line, buffer, size);
	session_trace_put_bytes(&line, "x", text, length);
	session_trace_end(&line);
}

static void test_bytes(void)
{
	unsigned wrong = 0;

	for (unsigned byte = 0; byte < 256; byte++) {
		const char one = (char)byte;
		char buffer[32], expected[32];

		if (byte < ' ' || byte == 0x7f)
			snprintf(expected, sizeof expected, "x=\"\\u%04x\"", byte);
		else if (byte == '"' || byte == ' ')
			snprintf(expected, sizeof expected, "x=\"%s%c\"", byte == '"' ? "\\" : "",
				 one);
		else
			snprintf(expected, sizeof expected, "x=%c", one);
		line_of_text(buffer, sizeof buffer, &one, 1);
		wrong += strcmp(buffer, expected) != 0;
	}
	tap_ok(wrong == 0, "each byte alone: bare, in quotes, or escaped");
}

/* A length that no buffer has stays the largest, and does not begin anew. */
static void test_saturation(void)
{
	char buffer[4] = "abc";
	struct session_trace_line line;

	session_trace_begin(&line, buffer, sizeof buffer);
	line.length = ~(session_trace_size)0 - 1;
	session_trace_put_text(&line, "key", "value");
	tap_ok(session_trace_end(&line) == ~(session_trace_size)0 && buffer[0] == '\0',
	       "a length beyond all buffers stays there");
}

/* What the C library makes of a time. */
static void time_expected(uint64_t ticks, char text[64])
{
	time_t seconds = (time_t)(ticks / 10000000) - 11644473600;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	snprintf(text, 64, "t=%04d-%02d-%02dT%02d:%02d:%02d.%07uZ", tm.tm_year + 1900,
		 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		 (unsigned)(ticks % 10000000));
}

static bool time_is_right(uint64_t ticks)
{
	char expected[64], buffer[64];
	struct session_trace_line line;

	time_expected(ticks, expected);
	session_trace_begin(&line, buffer, sizeof buffer);
	session_trace_put_time(&line, "t", ticks);
	session_trace_end(&line);
	if (strcmp(buffer, expected) == 0)
		return true;
	tap_note("%" PRIu64 ": %s, not %s", ticks, buffer, expected);
	return false;
}

#define TICKS_PER_DAY 864000000000U
#define DAYS_TO_10000 3067671U

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void test_times(void)
{
	const uint64_t end = (uint64_t)DAYS_TO_10000 * TICKS_PER_DAY;
	const uint64_t none[] = { 0, end, end + 1, INT64_MAX, (uint64_t)INT64_MIN, UINT64_MAX };
	uint64_t state = 88172645463325252, wrong = 0;

	/* the first and the last instant of every day */
	for (uint64_t day = 1; day <= DAYS_TO_10000; day++) {
		wrong += day % 7 == 0 && !time_is_right(day * TICKS_PER_DAY - 1);
		wrong += day < DAYS_TO_10000 && day % 5 == 0 && !time_is_right(day * TICKS_PER_DAY);
		if (wrong > 4)
			break;
	}
	tap_ok(wrong == 0 && time_is_right(1) && time_is_right(end - 1),
	       "dates from 1601 to 9999 are those of the C library");
	for (unsigned i = 0; i < 100000 && wrong < 5; i++)
		wrong += !time_is_right(random_next(&state) % (end - 1) + 1);
	tap_ok(wrong == 0, "100,000 random times are those of the C library");
	for (unsigned i = 0; i < COUNT(none); i++) {
		struct session_trace_origin origin = { .time = none[i] };
		char buffer[64];

		session_trace_marker(buffer, sizeof buffer, &origin, "gap", NULL);
		tap_ok(strcmp(buffer, "marker=gap") == 0, "%" PRIu64 " is no time", none[i]);
	}
}

static bool number_is_right(uint64_t number)
{
	char expected[64], buffer[64];
	struct session_trace_line line;

	snprintf(expected, sizeof expected, "d=%" PRIu64 " x=0x%" PRIx64, number, number);
	session_trace_begin(&line, buffer, sizeof buffer);
	session_trace_put_number(&line, "d", number);
	session_trace_put_hex(&line, "x", number);
	session_trace_end(&line);
	return strcmp(buffer, expected) == 0;
}

static void test_numbers(void)
{
	uint64_t state = 88172645463325252;
	unsigned wrong = !number_is_right(0) || !number_is_right(UINT64_MAX);

	for (unsigned shift = 0; shift < 64; shift++)
		for (int near = -1; near <= 1; near++)
			wrong += !number_is_right(((uint64_t)1 << shift) + (uint64_t)near);
	for (uint64_t ten = 1; ten <= UINT64_MAX / 10; ten *= 10)
		wrong += !number_is_right(ten * 10) || !number_is_right(ten * 10 - 1);
	for (unsigned i = 0; i < 100000; i++)
		wrong += !number_is_right(random_next(&state) >> i % 64);
	tap_ok(wrong == 0, "numbers are those of the C library");
}

static void test_names(void)
{
	char name[200], buffer[512];
	struct session_trace_origin origin = { .driver = name };
	const char *at;

	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = '\0';
	session_trace_object(buffer, sizeof buffer, &origin, 1, NULL, 0);
	at = strstr(buffer, "driver=");
	tap_ok(at && strspn(at + 7, "n") == SESSION_TRACE_DRIVER_MAX,
	       "a driver's name is cut to what can be read");
}

int main(void)
{
	test_bytes();
	test_saturation();
	test_times();
	test_numbers();
	test_names();
	return tap_done();
}
