/* SPDX-License-Identifier: MIT */
/* The escapes of JSON strings, which quoted logfmt values share (RFC 8259, section 7). */
#ifndef TRACE_TEXT_UNESCAPE_H
#define TRACE_TEXT_UNESCAPE_H

#include "base/arena.h"
#include "base/text.h"

/* Reads the escapes in @text, whose grammar a scanner has checked. Returns 0; 1: it holds half of a
 * UTF-16 pair, which becomes U+FFFD; or -ENOMEM. */
int text_unescape(struct sessionlint_text text, struct arena *arena,
		  struct sessionlint_text *ret_text);

/* Makes one of every two quotes, as the fields of CSV have them (RFC 4180, section 2). -ENOMEM. */
int text_undouble(struct sessionlint_text text, struct arena *arena,
		  struct sessionlint_text *ret_text);

#endif
