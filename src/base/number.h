/* SPDX-License-Identifier: MIT */
/* Numbers as traces and command lines spell them. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdio.h>

#include "base/text.h"

/*@ logic integer digit(integer c) = '0' <= c <= '9' ? c - '0' :
	'a' <= c <= 'f' ? c - 'a' + 10 : 'A' <= c <= 'F' ? c - 'A' + 10 : 16;
    predicate are_digits(char *text, integer size, integer base) =
	\forall integer i; 0 <= i < size ==> digit(text[i]) < base;
    logic integer value_of(char *text, integer size, integer base) =
	size <= 0 ? 0 : value_of(text, size - 1, base) * base + digit(text[size - 1]);
    predicate too_large(char *text, integer size, integer base, integer limit) =
	\exists integer n; 0 < n <= size && value_of(text, n, base) > limit;
    predicate is_readable(struct sessionlint_text text) =
	\valid_read(text.data + (0 .. text.size - 1));
    logic integer number_of(struct sessionlint_text text) =
	text.size > 2 && text.data[0] == '0' && (text.data[1] == 'x' || text.data[1] == 'X') ?
	value_of(text.data + 2, text.size - 2, 16) : value_of(text.data, text.size, 10); */

/* Decimal, or hexadecimal with 0x, at most @limit. -EINVAL. */
/*@ requires is_readable(text) && \valid(ret_number);
    requires \separated(text.data + (0 .. text.size - 1), ret_number);
    assigns *ret_number;
    ensures \result == 0 || \result < 0 && *ret_number == \old(*ret_number);
    ensures \result == 0 ==> *ret_number == number_of(text) <= limit; */
int number_parse(struct sessionlint_text text, uint64_t limit, uint64_t *ret_number);

/* Decimal digits alone. -EINVAL. */
/*@ requires is_readable(text) && \valid(ret_number);
    requires \separated(text.data + (0 .. text.size - 1), ret_number);
    assigns *ret_number;
    ensures \result == 0 || \result < 0 && *ret_number == \old(*ret_number);
    ensures \result == 0 ==> 0 < text.size <= 20 && are_digits(text.data, text.size, 10) &&
	*ret_number == value_of(text.data, text.size, 10) <= limit;
    ensures \result != 0 ==> !(0 < text.size <= 20) || !are_digits(text.data, text.size, 10) ||
	too_large(text.data, text.size, 10, limit); */
int decimal_parse(struct sessionlint_text text, uint64_t limit, uint64_t *ret_number);

/* The same for 32 bits. */
/*@ requires is_readable(text) && \valid(ret_number);
    requires \separated(text.data + (0 .. text.size - 1), ret_number);
    assigns *ret_number;
    ensures \result == 0 || \result < 0 && *ret_number == \old(*ret_number);
    ensures \result == 0 ==> *ret_number == number_of(text); */
int number32_parse(struct sessionlint_text text, uint32_t *ret_number);

/* Room for the digits of any number. */
#define DECIMAL_SIZE 20

/* Writes the decimal digits of @number, at most DECIMAL_SIZE and no NUL; returns how many. */
/*@ requires \valid(to + (0 .. DECIMAL_SIZE - 1));
    assigns to[0 .. DECIMAL_SIZE - 1];
    ensures 1 <= \result <= DECIMAL_SIZE && are_digits(to, \result, 10);
    ensures value_of(to, \result, 10) == number && (\result > 1 ==> to[0] != '0'); */
size_t decimal_write(char *to, uint64_t number);
/* The same to a file, without the detour of printf(). */
void decimal_print(FILE *file, uint64_t number);

/* true, false, 1 or 0. -EINVAL. */
int boolean_parse(struct sessionlint_text text, bool *ret_value);

#endif
