/* SPDX-License-Identifier: MIT */
/*
 * Names that differ in letter case only, as those of computers, users and domains of Windows:
 * simple case folding of Latin, Greek, Cyrillic, Armenian, Georgian and fullwidth letters. Other
 * letters are compared as they are. Folding never changes how many bytes of UTF-8 a name has.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include <stdint.h>

#include "base/text.h"

/* The lower-case letter of a code point; the code point itself where it has none. */
uint32_t fold_code(uint32_t code);

/* Whether two texts are the same but for letter case. Bytes that are not UTF-8 count as they are.
 */
bool text_alike(struct sessionlint_text a, struct sessionlint_text b);

/* A hash that depends on @seed and is the same for texts that are alike. */
uint32_t text_hash_alike(struct sessionlint_text text, uint64_t seed);

/* Writes the code point of @text that begins at @at in lower case to @to; returns its bytes. */
size_t text_fold_at(struct sessionlint_text text, size_t at, char to[4]);

#endif
