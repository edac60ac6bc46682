/* SPDX-License-Identifier: MIT */
/* Numbers as traces and command lines spell them. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdio.h>

#include "base/text.h"

/* Decimal, or hexadecimal with 0x, at most @limit. -EINVAL. */
int number_parse(struct sessionlint_text text, uint64_t limit, uint64_t *ret_number);

/* Decimal digits alone. -EINVAL. */
int decimal_parse(struct sessionlint_text text, uint64_t limit, uint64_t *ret_number);

/* The same for 32 bits. */
int number32_parse(struct sessionlint_text text, uint32_t *ret_number);

/* Room for the digits of any number. */
#define DECIMAL_SIZE 20

/* Writes the decimal digits of @number, at most DECIMAL_SIZE and no NUL; returns how many. */
size_t decimal_write(char *to, uint64_t number);
/* The same to a file, without the detour of printf(). */
void decimal_print(FILE *file, uint64_t number);

/* true, false, 1 or 0. -EINVAL. */
int boolean_parse(struct sessionlint_text text, bool *ret_value);

#endif
