/* SPDX-License-Identifier: MIT */
#include "trace/evtx/value.h"

#include "base/bytes.h"
#include "base/fold.h"
#include "base/number.h"
#include "base/utf.h"
#include "trace/time.h"

/* A hexadecimal number in text, as "0x3e7"; without a template, logon ids look like that. */
/*@ requires 2 <= units <= 0x7fffffff && \valid(ret_number);
    requires \valid_read(bytes + (0 .. 2 * units - 1));
    requires \separated(ret_number, bytes + (0 .. 2 * units - 1));
    assigns *ret_number;
    ensures !\result ==> *ret_number == \old(*ret_number); */
static bool hexadecimal_number(const unsigned char *bytes, uint32_t units, uint64_t *ret_number)
{
	uint64_t number = 0;
	uint32_t i;

	/*@ loop invariant 2 <= i <= units;
	    loop assigns i, number;
	    loop variant units - i; */
	for (i = 2; i < units; i++) {
		uint16_t c = read_u16(bytes + 2 * i);
		uint16_t lower = c | 0x20;

		if (c == 0 && i > 2)
			break;
		if (number >> 60 ||
		    !((c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f' && c < 0x80)))
			return false;
		number = number << 4 | (uint64_t)(c <= '9' ? c - '0' : lower - 'a' + 10);
	}
	if (i > 2)
		*ret_number = number;
	return i > 2;
}

bool value_number(const struct evtx_value *value, uint64_t *ret_number)
{
	const unsigned char *b = value->bytes;
	uint64_t number = 0;

	if (value->type == EVTX_STRING) {
		/* classic providers write numbers as text */
		if (value->size < 2 || value->size > 40)
			return false;
		if (value->size > 4 && read_u16(b) == '0' && read_u16(b + 2) == 'x')
			return hexadecimal_number(b, value->size / 2, ret_number);
		/*@ loop invariant 0 <= i <= value->size;
		    loop assigns i, number;
		    loop variant value->size - i; */
		for (uint32_t i = 0; i + 1 < value->size; i += 2) {
			uint16_t c = read_u16(b + i);

			if (c == 0 && i > 0)
				break;
			if (c < '0' || c > '9' || number > UINT32_MAX)
				return false;
			number = number * 10 + (uint64_t)(c - '0');
		}
		*ret_number = number;
		return true;
	}
	if (value->type == EVTX_NULL || value->type > EVTX_HEX64)
		return false;
	switch (value->size) {
	case 1:
		*ret_number = b[0];
		return true;
	case 2:
		*ret_number = read_u16(b);
		return true;
	case 4:
		*ret_number = read_u32(b);
		return true;
	case 8:
		*ret_number = read_u64(b);
		return true;
	default:
		return false;
	}
}

uint64_t value_time(const struct evtx_value *value)
{
	uint32_t units = value->size / 2;
	char text[40];
	uint64_t ticks;

	if (value->type == EVTX_FILETIME && value->size == 8)
		return read_u64(value->bytes);
	if (value->type != EVTX_STRING || units > sizeof text)
		return 0;
	for (uint32_t i = 0; i < units; i++)
		text[i] = value->bytes[2 * i + 1] ? '?' : (char)value->bytes[2 * i];
	return time_parse(text_of(text, units), &ticks) == 0 ? ticks : 0;
}

static struct sessionlint_text utf16_text(const struct evtx_value *value, struct arena *arena)
{
	uint32_t units = value->size / 2;
	size_t plain;
	char *text;

	while (units > 0 && read_u16(value->bytes + 2 * (units - 1)) == 0)
		units--;
	text = arena_allocate(arena, (size_t)units * 3 + 1);
	if (!text)
		return text_of(NULL, 0);
	plain = utf16_plain(value->bytes, units, text);
	return text_of(text, plain + utf16_to_utf8(value->bytes + 2 * plain, units - plain, false,
						   text + plain, NULL));
}

/* Windows' own limit; a SID has room for 255. */
#define SID_AUTHORITIES_MAX 15U
#define SID_TEXT_SIZE       (2 + 2 * DECIMAL_SIZE + (1 + DECIMAL_SIZE) * SID_AUTHORITIES_MAX)

/* A security identifier in its usual notation, S-1-5-21-... */
static struct sessionlint_text sid_text(const struct evtx_value *value, struct arena *arena)
{
	uint64_t authority = 0;
	uint32_t count;
	char *text, *at;

	if (value->size < 8)
		return text_of(NULL, 0);
	count = value->bytes[1];
	if (count > SID_AUTHORITIES_MAX || value->size < 8 + 4 * count)
		return text_of(NULL, 0);
	text = at = arena_allocate(arena, SID_TEXT_SIZE);
	if (!text)
		return text_of(NULL, 0);
	for (unsigned i = 2; i < 8; i++)
		authority = authority << 8 | value->bytes[i];
	*at++ = 'S';
	*at++ = '-';
	at += decimal_write(at, value->bytes[0]);
	*at++ = '-';
	at += decimal_write(at, authority);
	for (uint32_t i = 0; i < count; i++) {
		*at++ = '-';
		at += decimal_write(at, read_u32(value->bytes + 8 + 4 * i));
	}
	return text_of(text, (size_t)(at - text));
}

struct sessionlint_text value_text(const struct evtx_value *value, struct arena *arena)
{
	uint64_t number;

	if (value->type == EVTX_STRING)
		return utf16_text(value, arena);
	if (value->type == EVTX_SID)
		return sid_text(value, arena);
	if (value->type == EVTX_ANSI)
		return text_of((const char *)value->bytes,
			       strnlen((const char *)value->bytes, value->size));
	if (!value_number(value, &number))
		return text_of(NULL, 0);
	if (value->type == EVTX_HEX32 || value->type == EVTX_HEX64)
		return arena_format(arena, "0x%llx", (unsigned long long)number);
	return arena_format(arena, "%llu", (unsigned long long)number);
}

enum windows_provider value_provider(const struct evtx_value *value)
{
	uint32_t characters = value->size / 2;

	if (value->type != EVTX_STRING)
		return WINDOWS_OTHER;
	while (characters > 0 && read_u16(value->bytes + 2 * (characters - 1)) == 0)
		characters--;
	return windows_provider_find(value->bytes, characters);
}

uint64_t value_hash(const struct evtx_value *value)
{
	uint64_t hash = value->size ? 0xcbf29ce484222325U : 0;
	uint32_t size = value->size;

	if (value->type != EVTX_STRING) {
		for (uint32_t i = 0; i < size; i++)
			hash = (hash ^ value->bytes[i]) * 0x100000001b3U;
		return hash;
	}
	/* it may end with a NUL */
	while (size >= 2 && read_u16(value->bytes + size - 2) == 0)
		size -= 2;
	for (uint32_t i = 0; i + 1 < size; i += 2)
		hash = (hash ^ fold_code(read_u16(value->bytes + i))) * 0x100000001b3U;
	return hash;
}
