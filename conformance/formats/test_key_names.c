/* SPDX-License-Identifier: MIT */
/* Each key is found by its name, and nothing else is. */
#include <string.h>

#include "tap.h"
#include "trace/keys.h"

int main(void)
{
	for (unsigned key = 0; key < RECORD_KEYS; key++) {
		struct sessionlint_text name = text_from(trace_keys[key].name);
		enum record_key found = RECORD_KEYS;
		const char *near = NULL;
		int r = trace_key_find(name, &found, &near);

		tap_ok(r == 0 && found == (enum record_key)key, "%s is found",
		       trace_keys[key].name);
		name.size--;
		r = trace_key_find(name, &found, &near);
		tap_ok(r < 0 || strlen(trace_keys[found].name) == name.size,
		       "%s without its last letter is not", trace_keys[key].name);
	}
	return tap_done();
}
