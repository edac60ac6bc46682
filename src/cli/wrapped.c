/* SPDX-License-Identifier: MIT */
#include "cli/wrapped.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 78

void print_wrapped(const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t word = strcspn(text, " \n");

		if (column > 0 && column + 1 + word > WIDTH) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)printf("%s%.*s", column > 0 ? " " : "", (int)word, text);
		text += word;
		if (strncmp(text, "\n\n", 2) == 0) {
			printf("\n\n");
			column = 0;
			text++;
		}
		if (*text)
			text++;
	}
	putchar('\n');
}
