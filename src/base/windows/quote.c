/* SPDX-License-Identifier: MIT */
#include "base/quote.h"

#include <string.h>

/* Characters that mean nothing to cmd.exe or PowerShell. */
static const char plain[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:./\\";

/* See "Parsing C++ command-line arguments": backslashes are special only before a quote. */
char *quote_argument(char *to, const char *argument)
{
	size_t size = strlen(argument);

	if (size > 0 && strspn(argument, plain) == size) {
		memcpy(to, argument, size);
		return to + size;
	}
	*to++ = '"';
	while (*argument) {
		size_t backslashes = strspn(argument, "\\");
		char next = argument[backslashes];
		size_t written = next == '"' || next == '\0' ? 2 * backslashes : backslashes;

		memset(to, '\\', written);
		to += written;
		if (next == '"')
			*to++ = '\\';
		if (next != '\0')
			*to++ = next;
		argument += backslashes + (next != '\0');
	}
	*to++ = '"';
	return to;
}
