/* SPDX-License-Identifier: MIT */
/* The tag by which programs mark their records in other people's output. */
#ifndef TRACE_TEXT_TAG_H
#define TRACE_TEXT_TAG_H

#include <stdbool.h>
#include <stddef.h>

/* What comes after it is a record. Upper and lower case are alike. */
#define TAG      "sessionlint:"
#define TAG_SIZE (sizeof TAG - 1)

/* As many bytes of a file are looked at before a colon: letters can be of two bytes, or have
 * colours between them. */
#define TAG_BYTES 128

/* Whether a text holds bytes that nobody sees: the escape sequences of terminals, and zeros. */
bool tag_text_is_noisy(const char *at, const char *end);

/*
 * The first tag between @at and @end; *ret_after is set to what comes after it. In a noisy line
 * there may be invisible bytes between its letters. NULL: no tag.
 */
const char *tag_find(const char *at, const char *end, bool noisy, const char **ret_after);

/* How many letters of a tag the line that ends before @end may have broken off, or 0. */
size_t tag_begun(const char *at, const char *end);

/* What comes after the rest of a tag of which @begun letters were before @at; NULL: it is not
 * there. */
const char *tag_finish(const char *at, const char *end, size_t begun);

/* Copies a line without what sets colours in a terminal. Returns the end of the copy, for which
 * there must be room for all. */
char *tag_copy_plain(char *to, const char *at, const char *end);

/* Whether the bytes of a file hold the tag, as UTF-8 or UTF-16. */
bool tag_is_in(const unsigned char *bytes, size_t size);

#endif
