/* SPDX-License-Identifier: MIT */
#include "base/quote.h"

#include <string.h>

/* Characters that mean nothing to a shell, wherever they are. */
static const char plain[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%";

char *quote_argument(char *to, const char *argument)
{
	static const char quote[] = "'\\''"; /* ends the quotes, and begins others */
	size_t size = strlen(argument);

	if (size > 0 && strspn(argument, plain) == size) {
		memcpy(to, argument, size);
		return to + size;
	}
	*to++ = '\'';
	for (; *argument; argument++) {
		if (*argument == '\'') {
			memcpy(to, quote, sizeof quote - 1);
			to += sizeof quote - 1;
		} else {
			*to++ = *argument;
		}
	}
	*to++ = '\'';
	return to;
}
