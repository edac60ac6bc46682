# SPDX-License-Identifier: MIT
#
# One record of CSV (RFC 4180, section 2): fields between commas. A quoted field can contain line feeds, so
# a record can span lines. The including file defines the actions field_begin, which is called on the comma
# before the field, bare_end, quoted_begin, quoted_end, doubled and line_end. quoted_end is also called at
# the first of two quotes.

%%{
	machine csv;

	plain = ( any - cntrl | '\t' ) - [",];
	bare = plain* %bare_end;

	quoted = '"' @quoted_begin ( [^"] | '""' @doubled )* '"' @quoted_end;

	field = bare | quoted;
	record = field ( ',' @field_begin field )* '\r'? '\n' @line_end;
}%%
