/* SPDX-License-Identifier: MIT */
/* Words by which a line shows that it is, or was meant to be, a record of a trace. */
#ifndef TRACE_TEXT_TELLTALE_H
#define TRACE_TEXT_TELLTALE_H

#include "trace/file_head.h"
#include "trace/keys.h"

/* Each record has one of these, and others print words such as state and status too. */
#define TELLTALE_KEYS                                                                              \
	(KEY_BIT(KEY_SESSION) | KEY_BIT(KEY_MARKER) | KEY_BIT(KEY_CALL) | KEY_BIT(KEY_OBJECT))

/* The keys of the words KEY= between @at and @end, which are in one line: KEY_BIT(). */
uint64_t telltale_keys(const char *at, const char *end);

/* Whether the text between @at and @end begins with a key and an equals sign. */
bool telltale_leads(const char *at, const char *end);

/* Whether the line between @at and @end is a record, but for its values. */
bool telltale_record(const char *at, const char *end);

/* Whether @name is, or was meant to be, a key without which no record is one. */
bool telltale_name(struct sessionlint_text name);

/* Whether a word KEY= between @at and @end has such a key, or one that is the user's own. */
bool telltale_line(const char *at, const char *end);

/* Whether an object of JSON has such a key with a value that is neither object nor array. */
bool telltale_json(const struct head_json *json);

#endif
