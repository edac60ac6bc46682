/* SPDX-License-Identifier: MIT */
/* Numbers and times of a trace. */
#include "trace_to_evtx_time.h"

#include <stddef.h>

/* Takes up to `limit` digits; returns their number. */
static size_t take_digits(const char **at, size_t limit, uint64_t *ret_number)
{
	size_t count = 0;

	*ret_number = 0;
	while (count < limit && **at >= '0' && **at <= '9') {
		*ret_number = *ret_number * 10 + (uint64_t)(**at - '0');
		(*at)++;
		count++;
	}
	return count;
}

static bool take_number(const char **at, size_t digits, char separator, uint64_t least,
			uint64_t most, uint64_t *ret_number)
{
	if (take_digits(at, digits, ret_number) != digits)
		return false;
	if (separator && *(*at)++ != separator)
		return false;
	return *ret_number >= least && *ret_number <= most;
}

static uint64_t days_in_month(uint64_t year, uint64_t month)
{
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month == 2)
		return leap ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Days since 1601-01-01, the first day of a 400-year cycle of the calendar. */
static uint64_t count_days(uint64_t year, uint64_t month, uint64_t day)
{
	uint64_t years = year - 1601;
	uint64_t days = years * 365 + years / 4 - years / 100 + years / 400;

	for (uint64_t earlier = 1; earlier < month; earlier++)
		days += days_in_month(year, earlier);
	return days + day - 1;
}

/* The offset from UTC in minutes; the time must end with it. */
static bool take_zone(const char *at, int64_t *ret_minutes)
{
	uint64_t hours;
	uint64_t minutes;
	int64_t sign = *at == '-' ? -1 : 1;

	*ret_minutes = 0;
	if (*at == 'Z' || *at == 'z')
		return at[1] == '\0';
	if (*at != '+' && *at != '-')
		return false;
	at++;
	if (!take_number(&at, 2, ':', 0, 23, &hours) || !take_number(&at, 2, 0, 0, 59, &minutes))
		return false;
	*ret_minutes = sign * (int64_t)(hours * 60 + minutes);
	return *at == '\0';
}

bool trace_time_parse(const char *at, uint64_t *ret_time)
{
	uint64_t year, month, day, hour, minute, second;
	uint64_t fraction = 0;
	int64_t zone;
	int64_t seconds;

	if (!take_number(&at, 4, '-', 1601, 9999, &year) ||
	    !take_number(&at, 2, '-', 1, 12, &month) ||
	    !take_number(&at, 2, 0, 1, days_in_month(year, month), &day) ||
	    (*at != 'T' && *at != 't'))
		return false;
	at++;
	if (!take_number(&at, 2, ':', 0, 23, &hour) || !take_number(&at, 2, ':', 0, 59, &minute) ||
	    !take_number(&at, 2, 0, 0, 59, &second))
		return false;
	if (*at == '.') {
		size_t digits;

		at++;
		digits = take_digits(&at, 7, &fraction);
		if (digits == 0)
			return false;
		for (; digits < 7; digits++)
			fraction *= 10;
	}
	if (!take_zone(at, &zone))
		return false;

	seconds = (int64_t)(count_days(year, month, day) * 86400 + hour * 3600 + minute * 60 +
			    second) -
		  zone * 60;
	if (seconds < 0)
		return false;
	*ret_time = (uint64_t)seconds * 10000000 + fraction;
	return true;
}

bool trace_number_parse(const char *text, uint64_t most, uint64_t *ret_number)
{
	size_t digits = take_digits(&text, 19, ret_number);

	return digits > 0 && *text == '\0' && *ret_number <= most;
}
