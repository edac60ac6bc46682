/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <errno.h>
#include <string.h>

static int digits_parse(struct sessionlint_text text, unsigned base, uint64_t limit,
			uint64_t *ret_number)
{
	uint64_t number = 0;

	/* leading zeros are no reason to read for ever */
	if (text.size == 0 || text.size > 20)
		return -EINVAL;
	for (size_t i = 0; i < text.size; i++) {
		char c = ascii_lower(text.data[i]);
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
							: base;

		if (digit >= base || digit > limit || number > (limit - digit) / base)
			return -EINVAL;
		number = number * base + digit;
	}
	*ret_number = number;
	return 0;
}

int decimal_parse(struct sessionlint_text text, uint64_t limit, uint64_t *ret_number)
{
	uint64_t number = 0;

	/* of so many digits no number overflows */
	if (text.size == 0 || text.size > 19)
		return digits_parse(text, 10, limit, ret_number);
	for (size_t i = 0; i < text.size; i++) {
		unsigned digit = (unsigned char)text.data[i] - (unsigned)'0';

		if (digit > 9)
			return -EINVAL;
		number = number * 10 + digit;
	}
	if (number > limit)
		return -EINVAL;
	*ret_number = number;
	return 0;
}

int number_parse(struct sessionlint_text text, uint64_t limit, uint64_t *ret_number)
{
	if (text.size > 2 && text.data[0] == '0' && ascii_lower(text.data[1]) == 'x')
		return digits_parse(text_of(text.data + 2, text.size - 2), 16, limit, ret_number);
	return decimal_parse(text, limit, ret_number);
}

int number32_parse(struct sessionlint_text text, uint32_t *ret_number)
{
	uint64_t number;

	if (number_parse(text, UINT32_MAX, &number) < 0)
		return -EINVAL;
	*ret_number = (uint32_t)number;
	return 0;
}

size_t decimal_write(char *to, uint64_t number)
{
	char digits[DECIMAL_SIZE];
	size_t size = 0;

	do {
		digits[DECIMAL_SIZE - ++size] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	memcpy(to, digits + DECIMAL_SIZE - size, size);
	return size;
}

void decimal_print(FILE *file, uint64_t number)
{
	char digits[DECIMAL_SIZE];

	fwrite(digits, 1, decimal_write(digits, number), file);
}

int boolean_parse(struct sessionlint_text text, bool *ret_value)
{
	bool yes = text_is(text, "true") || text_is(text, "1");

	if (!yes && !text_is(text, "false") && !text_is(text, "0"))
		return -EINVAL;
	*ret_value = yes;
	return 0;
}
