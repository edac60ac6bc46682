/* SPDX-License-Identifier: MIT */
#include "trace/text/feed_columns.h"

#include <errno.h>
#include <stdlib.h>

#include "base/text.h"

/* Whether the values of @rows records are where the column says. */
static bool column_is_valid(const struct sessionlint_column *column, size_t rows)
{
	const int32_t *offsets = column->offsets;
	size_t end = column->first + rows;

	if (!column->key || !offsets || offsets[column->first] < 0)
		return false;
	for (size_t i = column->first; i < end; i++)
		if (offsets[i + 1] < offsets[i])
			return false;
	return column->data || offsets[end] == offsets[column->first];
}

/* Puts the keys that have a value in record @row into @pairs. Returns their number. */
static size_t columns_read(const struct sessionlint_column *columns, size_t count, size_t row,
			   struct sessionlint_pair *pairs)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		const struct sessionlint_column *column = &columns[i];
		size_t at = column->first + row;
		const int32_t *offset = &column->offsets[at];

		if (column->valid && !(column->valid[at / 8] >> at % 8 & 1))
			continue;
		pairs[size++] = (struct sessionlint_pair) {
			.key = column->key,
			.value = text_of(column->data ? column->data + offset[0] : "",
					 (size_t)(offset[1] - offset[0])),
		};
	}
	return size;
}

int feed_columns(const struct sessionlint_column *columns, size_t count, size_t rows,
		 int (*take)(void *userdata, const struct sessionlint_pair *pairs, size_t count),
		 void *userdata)
{
	struct sessionlint_pair *pairs;
	int r = 0;

	for (size_t i = 0; i < count; i++)
		if (!column_is_valid(&columns[i], rows))
			return -EINVAL;
	pairs = malloc((count + 1) * sizeof *pairs);
	if (!pairs)
		return -ENOMEM;
	for (size_t row = 0; row < rows && r == 0; row++)
		r = take(userdata, pairs, columns_read(columns, count, row, pairs));
	free(pairs);
	return r;
}
