/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <errno.h>
#include <string.h>

/*@ requires is_readable(text) && \valid(ret_number) && (base == 10 || base == 16);
    requires \separated(text.data + (0 .. text.size - 1), ret_number);
    assigns *ret_number;
    ensures \result == 0 || \result < 0 && *ret_number == \old(*ret_number);
    ensures \result == 0 ==> 0 < text.size <= 20 && are_digits(text.data, text.size, base) &&
	*ret_number == value_of(text.data, text.size, base) <= limit;
    ensures \result != 0 ==> !(0 < text.size <= 20) || !are_digits(text.data, text.size, base) ||
	too_large(text.data, text.size, base, limit); */
static int digits_parse(struct sessionlint_text text, unsigned base, uint64_t limit,
			uint64_t *ret_number)
{
	uint64_t number = 0;

	/* leading zeros are no reason to read for ever */
	if (text.size == 0 || text.size > 20)
		return -EINVAL;
	/*@ loop invariant 0 <= i <= text.size && are_digits(text.data, i, base);
	    loop invariant number == value_of(text.data, i, base) <= limit;
	    loop assigns i, number;
	    loop variant text.size - i; */
	for (size_t i = 0; i < text.size; i++) {
		char c = ascii_lower(text.data[i]);
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
							: base;

		if (digit >= base || digit > limit || number > (limit - digit) / base) {
			/*@ assert digit < base ==>
			      value_of(text.data, i + 1, base) == number * base + digit > limit; */
			return -EINVAL;
		}
		number = number * base + digit;
	}
	*ret_number = number;
	return 0;
}

/*@ logic integer ten(integer n) = n <= 0 ? 1 : 10 * ten(n - 1);
    lemma ten5: ten(5) == 100000;
    lemma ten10: ten(10) == 10000000000;
    lemma ten15: ten(15) == 1000000000000000;
    lemma ten19: ten(19) == 10000000000000000000;
    lemma ten_small: \forall integer n; 0 <= n <= 19 ==> ten(n) <= ten(19); */
int decimal_parse(struct sessionlint_text text, uint64_t limit, uint64_t *ret_number)
{
	uint64_t number = 0;

	/* of so many digits no number overflows */
	if (text.size == 0 || text.size > 19)
		return digits_parse(text, 10, limit, ret_number);
	/*@ loop invariant 0 <= i <= text.size && are_digits(text.data, i, 10);
	    loop invariant number == value_of(text.data, i, 10) < ten(i) <= 10000000000000000000;
	    loop assigns i, number;
	    loop variant text.size - i; */
	for (size_t i = 0; i < text.size; i++) {
		unsigned digit = (unsigned char)text.data[i] - (unsigned)'0';

		if (digit > 9)
			return -EINVAL;
		//@ assert '0' <= text.data[i] <= '9' && digit == text.data[i] - '0';
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

/*@ // @number without its last @count digits
    logic integer without(integer number, integer count) =
	count <= 0 ? number : without(number, count - 1) / 10; */
size_t decimal_write(char *to, uint64_t number)
{
	char digits[DECIMAL_SIZE];
	size_t size = 0;

	/*@ loop invariant size < DECIMAL_SIZE && number < 2 * ten(19 - size);
	    loop invariant number == without(\at(number, Pre), size) && (size > 0 ==> number > 0);
	    loop invariant \forall integer k; DECIMAL_SIZE - size <= k < DECIMAL_SIZE ==>
		'0' <= digits[k] <= '9' &&
		digits[k] == '0' + without(\at(number, Pre), DECIMAL_SIZE - 1 - k) % 10;
	    loop assigns size, number, digits[0 .. DECIMAL_SIZE - 1];
	    loop variant number; */
	do {
		digits[DECIMAL_SIZE - ++size] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	/*@ assert \forall integer k; 0 <= k < size ==> digits[DECIMAL_SIZE - size + k] ==
	      '0' + without(\at(number, Pre), size - 1 - k) % 10; */
	memcpy(to, digits + DECIMAL_SIZE - size, size);
	//@ assert \forall integer k; 0 <= k < size ==> to[k] == digits[DECIMAL_SIZE - size + k];
	//@ assert are_digits(to, size, 10);
	/*@ assert \forall integer k; 0 <= k < size ==>
	      to[k] == '0' + without(\at(number, Pre), size - 1 - k) % 10; */
	/*@ ghost
	    size_t i = 0;
	    /@ loop invariant 0 <= i <= size;
	       loop invariant value_of(to, i, 10) == without(\at(number, Pre), size - i);
	       loop assigns i;
	       loop variant size - i; @/
	    while (i < size) {
		//@ assert digit(to[i]) == without(\at(number, Pre), size - 1 - i) % 10;
		/@ assert without(\at(number, Pre), size - i) ==
		      without(\at(number, Pre), size - 1 - i) / 10; @/
		/@ assert value_of(to, i + 1, 10) == value_of(to, i, 10) * 10 + digit(to[i]); @/
		i++;
	    } */
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
