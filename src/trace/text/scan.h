/* SPDX-License-Identifier: MIT */
/* Line scanners: they find keys and values, and know nothing of what these mean. */
#ifndef TRACE_TEXT_SCAN_H
#define TRACE_TEXT_SCAN_H

#include "base/text.h"

/* Every key once, and as many of the user's own. */
#define PAIRS_MAX 64

enum pair_form {
	PAIR_BARE,    /* as it stands, up to white space */
	PAIR_QUOTED,  /* in quotes, without escapes */
	PAIR_ESCAPED, /* in quotes, with escapes that have yet to be read */
	PAIR_DOUBLED, /* in quotes, with quotes doubled that are yet to be made one */
	PAIR_NUMBER,  /* the digits and signs of a JSON number */
	PAIR_WORD,    /* true or false */
	PAIR_NULL,    /* null: as if the key were not there */
};

struct pair {
	struct sessionlint_text key, value; /* without quotes */
	enum pair_form form;
	bool key_escaped;
};

struct pairs {
	struct pair pairs[PAIRS_MAX];
	unsigned count;
	char separator; /* of values whose keys are those of their columns; otherwise '\0' */
	bool doubtful;  /* whose record it is may be in what could not be read */
	bool framed;    /* something is there, even if no pair is */
};

/*
 * Scans the line at @line. The bytes before @end hold its line feed. Sets *ret_next after the line
 * feed, or on failure to the unexpected byte. -EINVAL: it does not follow the grammar; -E2BIG: too
 * many pairs.
 *
 * Records of CSV can span lines. -EAGAIN: the record continues after @end. On every failure the
 * value of the last pair begins at the field that could not be read.
 */
typedef int line_scan(const char *line, const char *end, struct pairs *ret_pairs,
		      const char **ret_next);

line_scan logfmt_scan, ndjson_scan;

/* Fields between commas, semicolons or tabs: values without keys. */
line_scan csv_comma_scan, csv_semicolon_scan, csv_tab_scan;

#endif
