/* SPDX-License-Identifier: MIT */
#include "trace/time.h"

#include <errno.h>
#include <stdio.h>

#define TICKS_PER_SECOND 10000000ULL
#define TICKS_PER_DAY    (86400 * TICKS_PER_SECOND)

/* Days from 1601-01-01 to the given day of the Gregorian calendar; @year is at least 1601. */
static uint64_t days_since_1601(unsigned year, unsigned month, unsigned day)
{
	static const uint16_t before_month[] = { 0,   31,  59,  90,  120, 151,
						 181, 212, 243, 273, 304, 334 };
	unsigned years = year - 1601;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return (uint64_t)years * 365 + years / 4 - years / 100 + years / 400 +
	       before_month[month - 1] + (leap && month > 2) + day - 1;
}

/* Parses exactly @count digits. */
static int digits_parse(const char *at, unsigned count, unsigned *ret_number)
{
	unsigned number = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned digit = (unsigned)(unsigned char)at[i] - '0';

		if (digit > 9)
			return -EINVAL;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return 0;
}

int day_parse(const char *at, uint64_t *ret_ticks)
{
	static const uint8_t month_days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned year, month, day;

	if (digits_parse(at, 4, &year) < 0 || at[4] != '-' || digits_parse(at + 5, 2, &month) < 0 ||
	    at[7] != '-' || digits_parse(at + 8, 2, &day) < 0)
		return -EINVAL;
	if (year < 1601 || month < 1 || month > 12 || day < 1 || day > month_days[month - 1])
		return -EINVAL;
	if (month == 2 && day == 29 && !((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
		return -EINVAL;
	*ret_ticks = days_since_1601(year, month, day) * TICKS_PER_DAY;
	return 0;
}

/* Parses Z or an offset; subtract *ret_ticks from the local time. */
static int zone_parse(const char *at, const char *end, int64_t *ret_ticks)
{
	unsigned hours, minutes;
	int64_t ticks;

	if (end - at == 1 && ascii_lower(*at) == 'z') {
		*ret_ticks = 0;
		return 0;
	}
	if (end - at != 6 || (at[0] != '+' && at[0] != '-') || at[3] != ':' ||
	    digits_parse(at + 1, 2, &hours) < 0 || digits_parse(at + 4, 2, &minutes) < 0 ||
	    hours > 23 || minutes > 59)
		return -EINVAL;
	ticks = (int64_t)((hours * 60 + minutes) * 60 * TICKS_PER_SECOND);
	*ret_ticks = at[0] == '+' ? ticks : -ticks;
	return 0;
}

int clock_parse(const char *at, const char *end, int64_t *ret_ticks)
{
	unsigned hours, minutes, seconds;
	uint64_t fraction = 0;
	int64_t offset;

	if (end - at < 9 || digits_parse(at, 2, &hours) < 0 || at[2] != ':' ||
	    digits_parse(at + 3, 2, &minutes) < 0 || at[5] != ':' ||
	    digits_parse(at + 6, 2, &seconds) < 0)
		return -EINVAL;
	/* RFC 3339 allows leap seconds */
	if (hours > 23 || minutes > 59 || seconds > 60)
		return -EINVAL;
	at += 8;
	if (*at == '.') {
		uint64_t unit = TICKS_PER_SECOND;

		for (at++; at < end && *at >= '0' && *at <= '9'; at++) {
			unit /= 10;
			if (unit == 0)
				return -EINVAL;
			fraction += (uint64_t)(*at - '0') * unit;
		}
		if (unit == TICKS_PER_SECOND)
			return -EINVAL;
	}
	if (zone_parse(at, end, &offset) < 0)
		return -EINVAL;
	*ret_ticks =
		(int64_t)(((hours * 60 + minutes) * 60 + seconds) * TICKS_PER_SECOND + fraction) -
		offset;
	return 0;
}

int time_parse(struct sessionlint_text text, uint64_t *ret_ticks)
{
	uint64_t day;
	int64_t clock;

	if (text.size < 20 || day_parse(text.data, &day) < 0 ||
	    (ascii_lower(text.data[10]) != 't' && text.data[10] != ' ') ||
	    clock_parse(text.data + 11, text.data + text.size, &clock) < 0)
		return -EINVAL;
	if (clock < 0 && day < (uint64_t)-clock)
		return -EINVAL;
	*ret_ticks = day + (uint64_t)clock;
	return 0;
}

/* Writes so many digits, and what comes after them. */
static char *digits_write(char *to, unsigned number, unsigned digits, char after)
{
	for (unsigned i = digits; i-- > 0; number /= 10)
		to[i] = (char)('0' + number % 10);
	to[digits] = after;
	return to + digits + 1;
}

void time_format(uint64_t ticks, char text[TIME_TEXT_SIZE])
{
	uint64_t days = ticks / TICKS_PER_DAY, seconds = ticks % TICKS_PER_DAY / TICKS_PER_SECOND;
	unsigned fraction = (unsigned)(ticks % TICKS_PER_SECOND), digits = 7;
	unsigned year = 1601 + (unsigned)(days / 366), month = 1;
	char *to = text;

	/* the estimate is a day too early for each common year: at most some decades */
	while (year < UINT16_MAX && days_since_1601(year + 1, 1, 1) <= days)
		year++;
	days -= days_since_1601(year, 1, 1);
	while (month < 12 &&
	       days_since_1601(year, month + 1, 1) - days_since_1601(year, 1, 1) <= days)
		month++;
	days -= days_since_1601(year, month, 1) - days_since_1601(year, 1, 1);

	to = digits_write(to, year, year > 9999 ? 5 : 4, '-');
	to = digits_write(to, month, 2, '-');
	to = digits_write(to, (unsigned)days + 1, 2, 'T');
	to = digits_write(to, (unsigned)(seconds / 3600), 2, ':');
	to = digits_write(to, (unsigned)(seconds / 60 % 60), 2, ':');
	to = digits_write(to, (unsigned)(seconds % 60), 2, fraction ? '.' : 'Z');
	if (fraction) {
		for (; fraction % 10 == 0; fraction /= 10)
			digits--;
		to = digits_write(to, fraction, digits, 'Z');
	}
	*to = '\0';
}

int duration_parse(struct sessionlint_text text, uint64_t *ret_ticks)
{
	static const struct {
		const char *name;
		uint64_t ticks;
	} units[] = {
		{ "ms", TICKS_PER_SECOND / 1000 },
		{ "s", TICKS_PER_SECOND },
		{ "m", 60 * TICKS_PER_SECOND },
		{ "h", 3600 * TICKS_PER_SECOND },
		{ "d", TICKS_PER_DAY },
	};
	uint64_t number = 0;
	size_t digits = 0;

	for (; digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9';
	     digits++) {
		if (number > UINT32_MAX)
			return -ERANGE;
		number = number * 10 + (uint64_t)(text.data[digits] - '0');
	}
	if (digits == 0)
		return -EINVAL;
	text = text_of(text.data + digits, text.size - digits);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (!text_equal(text, text_from(units[i].name)))
			continue;
		if (number > INT64_MAX / units[i].ticks)
			return -ERANGE;
		*ret_ticks = number * units[i].ticks;
		return 0;
	}
	return -EINVAL;
}

void duration_format(uint64_t ticks, char text[DURATION_TEXT_SIZE])
{
	uint64_t seconds = ticks / TICKS_PER_SECOND, minutes = seconds / 60, hours = minutes / 60;

	if (hours >= 24)
		snprintf(text, DURATION_TEXT_SIZE, "%u d %u h", (unsigned)(hours / 24),
			 (unsigned)(hours % 24));
	else if (hours > 0)
		snprintf(text, DURATION_TEXT_SIZE, "%u h %u min", (unsigned)hours,
			 (unsigned)(minutes % 60));
	else if (minutes > 0)
		snprintf(text, DURATION_TEXT_SIZE, "%u min %u s", (unsigned)minutes,
			 (unsigned)(seconds % 60));
	else if (ticks >= TICKS_PER_SECOND)
		snprintf(text, DURATION_TEXT_SIZE, "%u.%u s", (unsigned)seconds,
			 (unsigned)(ticks % TICKS_PER_SECOND / (TICKS_PER_SECOND / 10)));
	else
		snprintf(text, DURATION_TEXT_SIZE, "%u.%04u ms", (unsigned)(ticks / 10000),
			 (unsigned)(ticks % 10000));
}
