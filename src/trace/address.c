/* SPDX-License-Identifier: MIT */
#include "trace/address.h"

struct sessionlint_text address_without_port(struct sessionlint_text text)
{
	const char *colon = text.size ? memchr(text.data, ':', text.size) : NULL;
	const char *bracket = text.size ? memchr(text.data, ']', text.size) : NULL;

	if (bracket && text.data[0] == '[')
		return text_of(text.data + 1, (size_t)(bracket - text.data) - 1);
	if (colon && !memchr(colon + 1, ':', text.size - (size_t)(colon + 1 - text.data)))
		return text_of(text.data, (size_t)(colon - text.data));
	return text;
}
