/* SPDX-License-Identifier: MIT */
/*
 * The Test Anything Protocol for tests in C: a line for each claim, a plan at the end. Meson reads
 * it.
 */
#ifndef CONFORMANCE_TAP_H
#define CONFORMANCE_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned tap_claims, tap_failures;

/* States one claim. Returns @holds, so that a caller can say more on failure. */
__attribute__((format(printf, 2, 3), unused)) static bool tap_ok(bool holds, const char *format,
								 ...)
{
	va_list arguments;

	tap_claims++;
	if (!holds)
		tap_failures++;
	printf("%sok %u - ", holds ? "" : "not ", tap_claims);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	return holds;
}

/* Says something about the claim before, or in passing. */
__attribute__((format(printf, 1, 2), unused)) static void tap_note(const char *format, ...)
{
	va_list arguments;

	printf("# ");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

/* A claim that cannot be tested here, and why. */
__attribute__((unused)) static void tap_skip(const char *claim, const char *why)
{
	tap_claims++;
	printf("ok %u - %s # SKIP %s\n", tap_claims, claim, why);
}

/* The plan; the result is what main() returns. */
__attribute__((unused)) static int tap_done(void)
{
	printf("1..%u\n", tap_claims);
	return tap_failures != 0;
}

#endif
