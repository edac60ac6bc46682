/* SPDX-License-Identifier: MIT */
/* Arrays that grow: what is in them stays, and sizes that do not fit are refused. */
#include <stdint.h>
#include <stdlib.h>

#include "base/array.h"
#include "tap.h"

static void test_growth(void)
{
	unsigned *numbers = NULL, moves = 0, wrong = 0;
	size_t count = 0, capacity = 0;

	for (unsigned i = 0; i < 100000; i++) {
		size_t before = capacity;
		unsigned *grown = array_grow(numbers, count, &capacity, sizeof *numbers);

		if (!grown)
			break;
		numbers = grown;
		wrong += capacity <= count || (capacity != before && capacity < 2 * before);
		moves += capacity != before;
		numbers[count++] = i;
	}
	tap_ok(count == 100000, "it grows");
	tap_ok(wrong == 0, "there is room for one more, and the room at least doubles");
	tap_ok(moves < 20, "it grew %u times", moves);
	for (unsigned i = 0; i < count; i++)
		wrong += numbers[i] != i;
	tap_ok(wrong == 0, "what is in it stays");
	free(numbers);
}

static void test_reserve(void)
{
	size_t capacity = 0;
	char *bytes = array_reserve(NULL, 0, 1000, &capacity, 1), *same;
	size_t room = capacity;

	tap_ok(bytes && room >= 1000, "room for many at once");
	same = array_reserve(bytes, room - 10, 10, &capacity, 1);
	tap_ok(same == bytes && capacity == room, "it does not grow where there is room");
	same = array_reserve(bytes, room - 10, 11, &capacity, 1);
	tap_ok(same && capacity >= 2 * room, "it grows where one is too many");
	if (same)
		bytes = same;
	bytes[capacity - 1] = 'x';
	free(bytes);

	capacity = 0;
	bytes = array_reserve(NULL, 0, 0, &capacity, 1);
	tap_ok(bytes && capacity > 0, "an array with room for none is not NULL");
	free(bytes);
}

static void test_limits(void)
{
	size_t capacity = 4;
	char *bytes = malloc(capacity * 16);

	tap_ok(!array_reserve(bytes, 4, SIZE_MAX, &capacity, 1), "more than there are numbers");
	tap_ok(!array_reserve(bytes, 4, SIZE_MAX / 8, &capacity, 16),
	       "more bytes than there are numbers");
	tap_ok(capacity == 4, "the array is as it was");
	capacity = SIZE_MAX / 2 + 1;
	tap_ok(!array_grow(bytes, capacity, &capacity, 1), "a room that cannot double");
	free(bytes);
}

int main(void)
{
	test_growth();
	test_reserve();
	test_limits();
	return tap_done();
}
