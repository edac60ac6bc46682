/* SPDX-License-Identifier: MIT */
/* The scanner of native text traces, made by Ragel from logfmt.rl. */
#include "trace/text/scan.h"

#include <errno.h>

/* In which parts of a line a byte can go on, as logfmt.rl has it. */
#define IN_KEY    1
#define IN_BARE   2
#define IN_QUOTES 4

static const uint8_t parts[256] = {
	/* clang-format off */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	4, 6, 0, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 6,
	7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 6, 6, 6, 6, 6,
	6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
	7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 2, 6, 6, 7,
	6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
	7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 6, 6, 6, 0,
	/* clang-format on */
#define OTHERS IN_BARE | IN_QUOTES
#define OTHERS_16                                                                                  \
	OTHERS, OTHERS, OTHERS, OTHERS, OTHERS, OTHERS, OTHERS, OTHERS, OTHERS, OTHERS, OTHERS,    \
		OTHERS, OTHERS, OTHERS, OTHERS, OTHERS
	OTHERS_16, OTHERS_16, OTHERS_16, OTHERS_16, OTHERS_16, OTHERS_16, OTHERS_16, OTHERS_16,
};

/* The last of the bytes of a part that follow on @p, and no further than before @end. A line feed is
 * in none, but of a line that is too long @end comes first. */
static inline const char *last_of(unsigned part, const char *p, const char *end)
{
	while (parts[(unsigned char)p[1]] & part)
		p++;
	return p < end ? p : end - 1;
}

%%{
	machine logfmt_scanner;
	alphtype unsigned char; # whatever char is
	getkey (unsigned char)*p;

	# what goes on as it begins is passed over at once: p is left on its last byte
	action key_begin { mark = p; p = last_of(IN_KEY, p, pe); }
	action key_end {
		if (pairs->count == PAIRS_MAX)
			goto too_many;
		pair = &pairs->pairs[pairs->count++];
		pair->key = text_of(mark, (size_t)(p - mark));
		pair->key_escaped = false;
	}
	action bare_begin {
		mark = p + 1;
		pair->form = PAIR_BARE;
		/* the first byte decides whether it is a bare value */
		if (parts[(unsigned char)p[1]] & IN_BARE)
			p = last_of(IN_BARE, p + 1, pe) - 1;
	}
	action bare_end { pair->value = text_of(mark, (size_t)(p - mark)); }
	action quoted_begin { mark = p + 1; pair->form = PAIR_QUOTED; p = last_of(IN_QUOTES, p, pe); }
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
