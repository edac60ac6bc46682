/* SPDX-License-Identifier: MIT */
/*
 * Reads JSON (RFC 8259) value by value from memory, without building a tree. Unexpected values can
 * be skipped; invalid JSON is -EBADMSG.
 */
#ifndef BASE_JSON_READER_H
#define BASE_JSON_READER_H

#include "base/text.h"

struct json {
	const char *at, *end;
};

#define JSON_DEPTH_MAX 32

/* Enters an array or an object: @bracket is '[' or '{'. */
int json_enter(struct json *json, char bracket);

/*
 * Goes to the next value of the array or object that was entered last; *first is true before the
 * first. Returns 1 at a value, 0 after the last. The key of an object's member is returned with its
 * escapes; NULL in arrays.
 */
int json_next(struct json *json, bool *first, struct sessionlint_text *ret_key);

/* Reads a string with its escapes, or a whole number that fits. */
int json_read_text(struct json *json, struct sessionlint_text *ret_text);
int json_read_number(struct json *json, uint64_t *ret_number);

/* Skips a value. */
int json_skip(struct json *json);

/* Whether only blanks follow. */
bool json_is_over(struct json *json);

#endif
