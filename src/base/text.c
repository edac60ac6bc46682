/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>

int text_own(struct sessionlint_text text, struct sessionlint_text *ret_copy)
{
	char *copy = malloc(text.size + 1);

	if (!copy)
		return -ENOMEM;
	if (text.size)
		memcpy(copy, text.data, text.size);
	*ret_copy = text_of(copy, text.size);
	return 0;
}

void text_disown(struct sessionlint_text *text)
{
	free((void *)(uintptr_t)text->data);
	*text = text_of(NULL, 0);
}

int text_set(struct sessionlint_text *text, struct sessionlint_text value)
{
	struct sessionlint_text copy;

	if (text_equal(*text, value))
		return 0;
	if (text_own(value, &copy) < 0)
		return -ENOMEM;
	text_disown(text);
	*text = copy;
	return 1;
}
