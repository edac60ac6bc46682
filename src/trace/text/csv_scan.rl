/* SPDX-License-Identifier: MIT */
/* The scanner of CSV traces, made by Ragel from csv.rl. */
#include "trace/text/scan.h"

#include <errno.h>

/* The grammar only knows the comma: other separators are presented to it as commas, and commas as a different character. */
static inline unsigned char csv_letter(char c, char separator)
{
	if (c == separator)
		return ',';
	return c == ',' ? ';' : (unsigned char)c;
}

%%{
	machine csv_scanner;
	alphtype unsigned char; # whatever char is
	getkey csv_letter(*p, separator);

	action field_begin {
		if (pairs->count == PAIRS_MAX)
			goto too_many;
		pair = &pairs->pairs[pairs->count++];
		*pair = (struct pair) { .value = text_of(p + 1, 0) };
	}
	action bare_end { pair->value.size = (size_t)(p - pair->value.data); }
	action quoted_begin { pair->value.data = p + 1; pair->form = PAIR_QUOTED; }
	action quoted_end { pair->value.size = (size_t)(p - pair->value.data); }
	action doubled { pair->form = PAIR_DOUBLED; }
	action line_end { p++; goto done; }

	include csv "csv.rl";
	main := record;

	write data noerror noentry nofinal;
}%%

static inline int csv_scan(char separator, const char *line, const char *end, struct pairs *pairs,
			   const char **ret_next)
{
	const char *p = line, *const pe = end;
	struct pair *pair = pairs->pairs;
	int cs;

	pairs->count = 1;
	pairs->separator = separator;
	pairs->doubtful = false;
	pairs->framed = false;
	*pair = (struct pair) { .value = text_of(line, 0) };
	%% write init;
	%% write exec;

	*ret_next = p;
	return p == pe ? -EAGAIN : -EINVAL;
done:
	*ret_next = p;
	return 0;
too_many:
	*ret_next = p;
	return -E2BIG;
}

int csv_comma_scan(const char *line, const char *end, struct pairs *pairs, const char **ret_next)
{
	return csv_scan(',', line, end, pairs, ret_next);
}

int csv_semicolon_scan(const char *line, const char *end, struct pairs *pairs, const char **ret_next)
{
	return csv_scan(';', line, end, pairs, ret_next);
}

int csv_tab_scan(const char *line, const char *end, struct pairs *pairs, const char **ret_next)
{
	return csv_scan('\t', line, end, pairs, ret_next);
}
