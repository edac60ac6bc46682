/* SPDX-License-Identifier: MIT */
/* The tag that marks records in the output of other programs. */
#ifndef TRACE_TEXT_TAG_H
#define TRACE_TEXT_TAG_H

#include <stdbool.h>
#include <stddef.h>

/* A record follows it. Letter case is ignored. */
#define TAG      "sessionlint:"
#define TAG_SIZE (sizeof TAG - 1)

/* This many bytes before a colon are examined: letters can have two bytes, or colours between
 * them. */
#define TAG_BYTES 128

/* Whether a text contains invisible bytes: escape sequences of terminals, and zeros. */
bool tag_text_is_noisy(const char *at, const char *end);

/* The first tag between @at and @end; *ret_after is the place after it. In a noisy line,
 * invisible bytes may be between its letters. NULL: no tag. */
const char *tag_find(const char *at, const char *end, bool noisy, const char **ret_after);

/* How many letters of a tag the line that ends before @end may end with, or 0. */
size_t tag_begun(const char *at, const char *end);

/* The place after the rest of a tag, of which @begun letters were before @at, or NULL. */
const char *tag_finish(const char *at, const char *end, size_t begun);

/* Copies a line without sequences that set colours. Returns the end of the copy; @to must have
 * room for the whole line. */
char *tag_copy_plain(char *to, const char *at, const char *end);

/* Whether the bytes of a file contain the tag, in UTF-8 or UTF-16. */
bool tag_is_in(const unsigned char *bytes, size_t size);

#endif
