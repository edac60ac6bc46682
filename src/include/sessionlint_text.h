/* SPDX-License-Identifier: MIT */
/* A slice of text, as sessionlint.h hands it out. */
#ifndef SESSIONLINT_TEXT_H
#define SESSIONLINT_TEXT_H

#include <stddef.h>

/* Text of the trace: any bytes, not terminated, not trusted. data is NULL if there is none. */
struct sessionlint_text {
	const char *data;
	size_t size;
};

#endif
