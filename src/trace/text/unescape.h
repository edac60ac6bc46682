/* SPDX-License-Identifier: MIT */
/* The escapes of JSON strings, also used in quoted logfmt values (RFC 8259, section 7). */
#ifndef TRACE_TEXT_UNESCAPE_H
#define TRACE_TEXT_UNESCAPE_H

#include "base/arena.h"
#include "base/text.h"

/* Replaces the escapes in @text, whose syntax was checked by a scanner. Returns 0; 1: it
 * contains half of a UTF-16 pair, which becomes U+FFFD; or -ENOMEM. */
int text_unescape(struct sessionlint_text text, struct arena *arena,
		  struct sessionlint_text *ret_text);

/* Replaces doubled quotes, as in CSV fields (RFC 4180, section 2), by single ones. -ENOMEM. */
int text_undouble(struct sessionlint_text text, struct arena *arena,
		  struct sessionlint_text *ret_text);

#endif
