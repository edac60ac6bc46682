/* SPDX-License-Identifier: MIT */
/* Line scanners: they find keys and values, and know nothing of their meaning. */
#ifndef TRACE_TEXT_SCAN_H
#define TRACE_TEXT_SCAN_H

#include "base/text.h"

/* Every key once, and as many of the user's own. */
#define PAIRS_MAX 64

enum pair_form {
	PAIR_BARE,    /* unchanged, up to white space */
	PAIR_QUOTED,  /* in quotes, without escapes */
	PAIR_ESCAPED, /* in quotes, with escapes still in it */
	PAIR_DOUBLED, /* in quotes, with doubled quotes still in it */
	PAIR_NUMBER,  /* a JSON number */
	PAIR_WORD,    /* true or false */
	PAIR_NULL,    /* null: the same as a missing key */
};

struct pair {
	struct sessionlint_text key, value; /* without quotes */
	enum pair_form form;
	bool key_escaped;
};

struct pairs {
	struct pair pairs[PAIRS_MAX];
	unsigned count;
	char separator; /* if keys are those of columns; otherwise '\0' */
	bool doubtful;  /* the malformed part may name its session */
	bool framed;    /* the line has something, even without a pair */
};

/*
 * Scans the line at @line. The bytes before @end include its line feed. Sets *ret_next after the
 * line feed, or on failure to the unexpected byte. -EINVAL: syntax error; -E2BIG: too many pairs.
 *
 * CSV records can span lines. -EAGAIN: the record continues after @end. On every failure the value
 * of the last pair begins at the malformed field.
 */
typedef int line_scan(const char *line, const char *end, struct pairs *ret_pairs,
		      const char **ret_next);

line_scan logfmt_scan, ndjson_scan;

/* Fields separated by commas, semicolons or tabs: values without keys. */
line_scan csv_comma_scan, csv_semicolon_scan, csv_tab_scan;

#endif
