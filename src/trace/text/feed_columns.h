/* SPDX-License-Identifier: MIT */
/* Records that are laid out as columns. */
#ifndef TRACE_TEXT_FEED_COLUMNS_H
#define TRACE_TEXT_FEED_COLUMNS_H

#include "sessionlint.h"

/* Passes the keys and values of each of @rows records to @take, until that returns anything but 0,
 * which is returned. -EINVAL: a column is invalid, and nothing was passed on; -ENOMEM. */
int feed_columns(const struct sessionlint_column *columns, size_t count, size_t rows,
		 int (*take)(void *userdata, const struct sessionlint_pair *pairs, size_t count),
		 void *userdata);

#endif
