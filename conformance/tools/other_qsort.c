/* SPDX-License-Identifier: MIT */
/* A library for LD_PRELOAD: a qsort() that puts what compares equal in the opposite order, as that
 * of another system may. */
#include <stdlib.h>
#include <string.h>

struct order {
	const char *base;
	size_t size;
	int (*compare)(const void *a, const void *b);
};

static int compare_places(const void *a, const void *b, void *userdata)
{
	const struct order *order = userdata;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int r = order->compare(order->base + x * order->size, order->base + y * order->size);

	return r ? r : x < y ? 1 : -1;
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *a, const void *b))
{
	struct order order = { .base = base, .size = size, .compare = compare };
	size_t *places = calloc(count + 1, sizeof *places);
	char *sorted = malloc(count * size + 1);

	if (!places || !sorted)
		abort();
	for (size_t i = 0; i < count; i++)
		places[i] = i;
	qsort_r(places, count, sizeof *places, compare_places, &order);
	for (size_t i = 0; i < count; i++)
		memcpy(sorted + i * size, order.base + places[i] * size, size);
	memcpy(base, sorted, count * size);
	free(sorted);
	free(places);
}
