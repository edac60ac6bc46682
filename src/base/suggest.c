/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"

#define WORD_MAX 40

static unsigned min_of(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Edits (insert, delete, replace, swap of neighbours) between two words, upper and lower case
 * alike. */
static unsigned edit_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	unsigned rows[3][WORD_MAX + 1];

	for (unsigned j = 0; j <= b_size; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a_size; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];

		row[0] = i;
		for (unsigned j = 1; j <= b_size; j++) {
			char x = ascii_lower(a[i - 1]), y = ascii_lower(b[j - 1]);

			row[j] = min_of(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == ascii_lower(b[j - 2]) &&
			    ascii_lower(a[i - 2]) == y && second[j - 2] + 1 < row[j])
				row[j] = second[j - 2] + 1;
		}
	}
	return rows[a_size % 3][b_size];
}

void suggestion_offer(struct suggestion *suggestion, const char *candidate)
{
	size_t size = strlen(candidate), word = suggestion->word.size;
	unsigned distance;

	if (size > WORD_MAX || word > WORD_MAX || word == 0)
		return;
	/* each letter more or less is an edit: most candidates need no closer look */
	if ((size > word ? size - word : word - size) * 3 > size + 1)
		return;
	distance = edit_distance(suggestion->word.data, suggestion->word.size, candidate, size);
	/* a third of the letters may be wrong; more is a guess */
	if (distance * 3 > size + 1)
		return;
	if (!suggestion->best || distance < suggestion->distance) {
		suggestion->best = candidate;
		suggestion->distance = distance;
	}
}
