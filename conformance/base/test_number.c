/* SPDX-License-Identifier: MIT */
/* Numbers as traces and command lines spell them: what is one, and what is none. */
#include <errno.h>
#include <inttypes.h>

#include "base/number.h"
#include "tap.h"

#define NONE UINT64_C(12345) /* what a result is before, and after a failure */

struct spelling {
	const char *text;
	uint64_t limit;
	bool decimal, number; /* whether decimal_parse() and number_parse() accept it */
	uint64_t value;
};

static const struct spelling spellings[] = {
	{ "0", UINT64_MAX, true, true, 0 },
	{ "7", UINT64_MAX, true, true, 7 },
	{ "007", UINT64_MAX, true, true, 7 },
	{ "4294967295", UINT32_MAX, true, true, UINT32_MAX },
	{ "4294967296", UINT32_MAX, false, false, 0 },
	{ "9999999999999999999", UINT64_MAX, true, true, UINT64_C(9999999999999999999) },
	{ "18446744073709551615", UINT64_MAX, true, true, UINT64_MAX },
	{ "18446744073709551616", UINT64_MAX, false, false, 0 },
	{ "18446744073709551625", UINT64_MAX, false, false, 0 },
	{ "99999999999999999999", UINT64_MAX, false, false, 0 },
	{ "00000000000000000001", UINT64_MAX, true, true, 1 },
	{ "000000000000000000001", UINT64_MAX, false, false, 0 }, /* too long to read */
	{ "5", 5, true, true, 5 },
	{ "6", 5, false, false, 0 },
	{ "00000000000000000006", 5, false, false, 0 },
	{ "", UINT64_MAX, false, false, 0 },
	{ "-1", UINT64_MAX, false, false, 0 },
	{ "+1", UINT64_MAX, false, false, 0 },
	{ " 1", UINT64_MAX, false, false, 0 },
	{ "1 ", UINT64_MAX, false, false, 0 },
	{ "1.0", UINT64_MAX, false, false, 0 },
	{ "1e3", UINT64_MAX, false, false, 0 },
	{ "1a", UINT64_MAX, false, false, 0 },
	{ "a", UINT64_MAX, false, false, 0 },
	{ ":", UINT64_MAX, false, false, 0 },
	{ "/", UINT64_MAX, false, false, 0 },
	{ "0x10", UINT64_MAX, false, true, 16 },
	{ "0XfF", UINT64_MAX, false, true, 255 },
	{ "0xffffffffffffffff", UINT64_MAX, false, true, UINT64_MAX },
	{ "0x10000000000000000", UINT64_MAX, false, false, 0 },
	{ "0x00000000000000000001", UINT64_MAX, false, true, 1 },
	{ "0x000000000000000000001", UINT64_MAX, false, false, 0 },
	{ "0xf", 14, false, false, 0 },
	{ "0xf", 15, false, true, 15 },
	{ "0x", UINT64_MAX, false, false, 0 },
	{ "0xg", UINT64_MAX, false, false, 0 },
	{ "x1", UINT64_MAX, false, false, 0 },
	{ "1x1", UINT64_MAX, false, false, 0 },
	{ "0x-1", UINT64_MAX, false, false, 0 },
};

static void test_spelling(const struct spelling *spelling)
{
	struct sessionlint_text text = text_from(spelling->text);
	uint64_t decimal = NONE, number = NONE;
	int r = decimal_parse(text, spelling->limit, &decimal);

	tap_ok(r == (spelling->decimal ? 0 : -EINVAL) &&
		       decimal == (spelling->decimal ? spelling->value : NONE),
	       "decimal '%s' up to %" PRIu64, spelling->text, spelling->limit);
	r = number_parse(text, spelling->limit, &number);
	tap_ok(r == (spelling->number ? 0 : -EINVAL) &&
		       number == (spelling->number ? spelling->value : NONE),
	       "number '%s' up to %" PRIu64, spelling->text, spelling->limit);
}

static void test_32_bits(void)
{
	uint32_t number = 9;

	tap_ok(number32_parse(text_from("0xffffffff"), &number) == 0 && number == UINT32_MAX,
	       "32 bits");
	number = 9;
	tap_ok(number32_parse(text_from("0x100000000"), &number) == -EINVAL && number == 9,
	       "33 bits");
}

static void test_booleans(void)
{
	static const char *const yes[] = { "true", "TRUE", "True", "1" };
	static const char *const no[] = { "false", "FALSE", "0" };
	static const char *const neither[] = { "", "yes", "2", "01", "truer", "tru", "on" };
	bool value;

	for (unsigned i = 0; i < sizeof yes / sizeof yes[0]; i++) {
		value = false;
		tap_ok(boolean_parse(text_from(yes[i]), &value) == 0 && value, "'%s' is true",
		       yes[i]);
	}
	for (unsigned i = 0; i < sizeof no / sizeof no[0]; i++) {
		value = true;
		tap_ok(boolean_parse(text_from(no[i]), &value) == 0 && !value, "'%s' is false",
		       no[i]);
	}
	for (unsigned i = 0; i < sizeof neither / sizeof neither[0]; i++) {
		value = true;
		tap_ok(boolean_parse(text_from(neither[i]), &value) == -EINVAL && value,
		       "'%s' is neither", neither[i]);
	}
}

/* All numbers of digits, and the borders between them, as printf() writes them. */
static void test_decimal_write(void)
{
	static const uint64_t others[] = { 0, INT64_MAX, UINT32_MAX, UINT64_MAX };
	unsigned wrong = 0;

	for (uint64_t power = 1, digits = 1; digits <= DECIMAL_SIZE; digits++, power *= 10) {
		for (unsigned i = 0; i < 3 + sizeof others / sizeof others[0]; i++) {
			uint64_t number = i < 3 ? power + i - 1 : others[i - 3];
			char expected[DECIMAL_SIZE + 1], written[DECIMAL_SIZE];
			int size = snprintf(expected, sizeof expected, "%" PRIu64, number);

			wrong += decimal_write(written, number) != (size_t)size ||
				 memcmp(written, expected, (size_t)size) != 0;
		}
	}
	tap_ok(wrong == 0, "decimal digits of all sizes are written");
}

int main(void)
{
	uint64_t number = NONE;

	for (unsigned i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
		test_spelling(&spellings[i]);
	tap_ok(number_parse(text_of("123", 2), UINT64_MAX, &number) == 0 && number == 12,
	       "what follows a text is not read");
	tap_ok(number_parse(text_of("0x1", 1), UINT64_MAX, &number) == 0 && number == 0,
	       "nor is a sign of hexadecimal numbers");
	tap_ok(number_parse(text_of("1\0", 2), UINT64_MAX, &number) == -EINVAL,
	       "a NUL is no digit");
	test_32_bits();
	test_booleans();
	test_decimal_write();
	return tap_done();
}
