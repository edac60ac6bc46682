/* SPDX-License-Identifier: MIT */
/* The scanner of NDJSON traces, made by Ragel from ndjson.rl. */
#include "trace/text/scan.h"

#include <errno.h>

%%{
	machine ndjson_scanner;
	alphtype unsigned char; # whatever char is
	getkey (unsigned char)*p;

	action object_begin { pairs->framed = true; }
	action key_begin {
		if (pairs->count == PAIRS_MAX)
			goto too_many;
		pair = &pairs->pairs[pairs->count++];
		pair->key_escaped = false;
		mark = p + 1;
	}
	action key_escape { pair->key_escaped = true; }
	action key_end { pair->key = text_of(mark, (size_t)(p - mark)); }
	action string_begin { mark = p + 1; pair->form = PAIR_QUOTED; }
	action escape { pair->form = PAIR_ESCAPED; }
	action string_end { pair->value = text_of(mark, (size_t)(p - mark)); }
	action number_begin { mark = p; pair->form = PAIR_NUMBER; }
	action number_end { pair->value = text_of(mark, (size_t)(p - mark)); }
	action word_begin { mark = p; pair->form = PAIR_WORD; }
	action word_end { pair->value = text_of(mark, (size_t)(p - mark)); }
	action null_value { pair->value = text_of(NULL, 0); pair->form = PAIR_NULL; }
	action line_end { p++; goto done; }

	include ndjson "ndjson.rl";
	main := line;

	write data noerror noentry nofinal;
}%%

int ndjson_scan(const char *line, const char *end, struct pairs *pairs, const char **ret_next)
{
	const char *p = line, *const pe = end, *mark = line;
	struct pair *pair = pairs->pairs;
	int cs;

	pairs->count = 0;
	pairs->separator = '\0';
	pairs->doubtful = false;
	pairs->framed = false;
	%% write init;
	%% write exec;

	*ret_next = p;
	return -EINVAL;
done:
	*ret_next = p;
	return 0;
too_many:
	*ret_next = p;
	return -E2BIG;
}
