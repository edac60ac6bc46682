/* SPDX-License-Identifier: MIT */
#include "base/format.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

/* As long as a number with flags, width and precision can be here. */
#define NUMBER_SIZE 64

struct sink {
	char *to;
	size_t room, size;
};

/* A list of arguments that functions take turns with. */
struct arguments {
	va_list list;
};

/* What follows a percent sign. */
struct conversion {
	const char *flags; /* with width and precision */
	size_t flags_size;
	bool is_measured; /* the precision is an argument */
	bool is_long, is_size;
	char letter;
};

static void put(struct sink *sink, const char *bytes, size_t size)
{
	size_t left = sink->size < sink->room ? sink->room - sink->size : 0;

	if (size > 0 && left > 0)
		memcpy(sink->to + sink->size, bytes, size < left ? size : left);
	sink->size += size;
}

/* Reads the conversion at @at, and returns where the format goes on. */
static const char *read_conversion(const char *at, struct conversion *ret_conversion)
{
	struct conversion conversion = { .flags = at };

	at += strspn(at, "-+ #.0123456789");
	conversion.flags_size = (size_t)(at - conversion.flags);
	if (*at == '*') {
		conversion.is_measured = true;
		at++;
	}
	if (strncmp(at, "I64", 3) == 0) { /* how PRIu64 can be spelt on Windows */
		conversion.is_long = true;
		at += 3;
	} else if (strncmp(at, "ll", 2) == 0) {
		conversion.is_long = true;
		at += 2;
	} else if (*at == 'l') { /* how it can be spelt elsewhere */
		conversion.is_long = sizeof(long) == sizeof(int64_t);
		at++;
	} else if (*at == 'z') {
		conversion.is_size = true;
		at++;
	}
	conversion.letter = *at;
	*ret_conversion = conversion;
	return at + 1;
}

static void put_number(struct sink *sink, const struct conversion *conversion, uint64_t number)
{
	char format[NUMBER_SIZE], text[NUMBER_SIZE];
	int size;

	/* nearly every number of a report */
	if (conversion->letter == 'u' && conversion->flags_size == 0) {
		put(sink, text, decimal_write(text, number));
		return;
	}
	snprintf(format, sizeof format, "%%%.*s%s", (int)conversion->flags_size, conversion->flags,
		 conversion->letter == 'd'   ? PRId64
		 : conversion->letter == 'u' ? PRIu64
		 : conversion->letter == 'x' ? PRIx64
					     : PRIX64);
	size = snprintf(text, sizeof text, format, number);
	if (size > 0)
		put(sink, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
}

static uint64_t take_number(const struct conversion *conversion, struct arguments *arguments)
{
	if (conversion->is_long)
		return va_arg(arguments->list, uint64_t);
	if (conversion->is_size)
		return va_arg(arguments->list, size_t);
	if (conversion->letter == 'd')
		return (uint64_t)(int64_t)va_arg(arguments->list, int);
	return va_arg(arguments->list, unsigned);
}

static void put_conversion(struct sink *sink, const struct conversion *conversion,
			   struct arguments *arguments)
{
	const char *text;
	size_t size;
	char c;

	switch (conversion->letter) {
	case 's':
		size = conversion->is_measured ? (size_t)va_arg(arguments->list, int) : SIZE_MAX;
		text = va_arg(arguments->list, const char *);
		put(sink, text, size == SIZE_MAX ? strlen(text) : size);
		break;
	case 'c':
		c = (char)va_arg(arguments->list, int);
		put(sink, &c, 1);
		break;
	case '%':
		put(sink, "%", 1);
		break;
	default:
		put_number(sink, conversion, take_number(conversion, arguments));
	}
}

size_t format_bytes(char *to, size_t room, const char *format, va_list list)
{
	struct sink sink = { .to = to, .room = room };
	struct arguments arguments;

	va_copy(arguments.list, list);
	while (*format) {
		size_t plain = strcspn(format, "%");
		struct conversion conversion;

		put(&sink, format, plain);
		format += plain;
		if (!*format)
			break;
		format = read_conversion(format + 1, &conversion);
		put_conversion(&sink, &conversion, &arguments);
	}
	va_end(arguments.list);
	return sink.size;
}
