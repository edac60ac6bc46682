/* SPDX-License-Identifier: MIT */
/* Bytes that are compared many at a time are compared as one by one. Compiled with SSE2 or NEON
 * where there is one of them, and without. */
#include <string.h>

#include "base/match.h"
#include "random.h"
#include "tap.h"

#define SIZE   16U
#define ROUNDS 200000U

/* Bytes that are mostly those of @other, or differ from them in one bit. */
static void vary(unsigned char *bytes, const unsigned char *other)
{
	for (unsigned i = 0; i < SIZE; i++) {
		bytes[i] = other[i];
		if (one_in(6))
			bytes[i] ^= (unsigned char)(1U << random_below(8));
		else if (one_in(20))
			bytes[i] = (unsigned char)random_below(256);
	}
}

static bool can_end(unsigned char byte, unsigned char stop)
{
	return byte < 0x20 || byte == '"' || byte == 0x7f || byte == stop;
}

int main(void)
{
	unsigned char first[SIZE + 1], second[SIZE + 1], masks[SIZE], wanted[SIZE];
	unsigned unlike = 0, unmatched = 0, matches = 0, unended = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		/* at any address */
		unsigned char *left = first + round % 2, *right = second + round / 2 % 2;
		unsigned alike = 0, ending = 0;
		unsigned char stop;
		bool matched = true;

		for (unsigned i = 0; i < SIZE; i++) {
			left[i] = (unsigned char)(one_in(3) ? 0 : random_below(256));
			masks[i] = one_in(4) ? 0 : 0xff;
		}
		vary(right, left);
		stop = left[random_below(SIZE)];
		for (unsigned i = 0; i < SIZE; i++) {
			alike |= (unsigned)(left[i] == right[i]) << i;
			ending |= (unsigned)can_end(left[i], stop) << i;
			wanted[i] = right[i] & masks[i];
			matched &= (left[i] & masks[i]) == wanted[i];
		}
		unlike += bytes_alike(left, right) != alike;
		unended += bytes_ending(left, (char)stop) != ending;
		unmatched += bytes_match(left, wanted, masks) != matched;
		matches += matched;
	}
	tap_ok(unlike == 0, "each byte that is alike has its bit");
	tap_ok(unended == 0, "each byte that ends a value has its bit");
	tap_ok(unmatched == 0 && matches > ROUNDS / 100 && matches < ROUNDS,
	       "bytes match where the masks say so: %u times", matches);
	return tap_done();
}
