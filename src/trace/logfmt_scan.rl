/* SPDX-License-Identifier: MIT */
/* The scanner of native text traces, made by Ragel from machine/logfmt.rl. */
#include "trace/scan.h"

#include <errno.h>

%%{
	machine logfmt_scanner;
	alphtype char;

	action key_begin { mark = p; }
	action key_end {
		if (pairs->count == PAIRS_MAX)
			goto too_many;
		pair = &pairs->pairs[pairs->count++];
		pair->key = text_of(mark, (size_t)(p - mark));
		pair->key_escaped = false;
	}
	action bare_begin { mark = p + 1; pair->form = PAIR_BARE; }
	action bare_end { pair->value = text_of(mark, (size_t)(p - mark)); }
	action quoted_begin { mark = p + 1; pair->form = PAIR_QUOTED; }
	action quoted_end { pair->value = text_of(mark, (size_t)(p - mark)); }
	action escape { pair->form = PAIR_ESCAPED; }
	action line_end { p++; goto done; }

	include logfmt "logfmt.rl";
	main := line;

	write data noerror noentry nofinal;
}%%

int logfmt_scan(const char *line, const char *end, struct pairs *pairs, const char **ret_next)
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
