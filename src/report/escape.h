/* SPDX-License-Identifier: MIT */
/* Text of a trace is hostile: how it is written where people, terminals and programs read it. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include <stdio.h>

#include "base/text.h"

/*
 * For terminals and build logs: control characters, characters that turn the direction of writing
 * or cannot be seen, invalid UTF-8, and the signs by which build systems know commands are escaped.
 */
void escape_plain(FILE *file, struct sessionlint_text text);

/* A JSON string with its quotes (RFC 8259). Invalid UTF-8 becomes U+FFFD. */
void escape_json(FILE *file, struct sessionlint_text text);

#endif
