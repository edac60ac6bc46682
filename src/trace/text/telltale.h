/* SPDX-License-Identifier: MIT */
/* Words by which a line is recognized as a record of a trace, even a malformed one. */
#ifndef TRACE_TEXT_TELLTALE_H
#define TRACE_TEXT_TELLTALE_H

#include "trace/file_head.h"
#include "trace/keys.h"

/* Each record has one of these; other programs print words such as state and status too. */
#define TELLTALE_KEYS                                                                              \
	(KEY_BIT(KEY_SESSION) | KEY_BIT(KEY_MARKER) | KEY_BIT(KEY_CALL) | KEY_BIT(KEY_OBJECT))

/* The keys of the words KEY= between @at and @end, in one line, as KEY_BIT(). */
uint64_t telltale_keys(const char *at, const char *end);

/* Whether the text between @at and @end starts with a key and an equals sign. */
bool telltale_leads(const char *at, const char *end);

/* Whether the line between @at and @end is a record, apart from its values. */
bool telltale_record(const char *at, const char *end);

/* Whether @name is a key that every record needs, or a misspelling of one. */
bool telltale_name(struct sessionlint_text name);

/* Whether a word KEY= between @at and @end has such a key, or a user's own. */
bool telltale_line(const char *at, const char *end);

/* Whether a JSON object has such a key, with a value that is not an object or array. */
bool telltale_json(const struct head_json *json);

#endif
