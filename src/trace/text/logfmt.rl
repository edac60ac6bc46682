# SPDX-License-Identifier: MIT
#
# One line of a native text trace: pairs of key=value, or a comment. The including file defines the
# actions key_begin, key_end, bare_begin, bare_end, quoted_begin, quoted_end, escape and line_end.
# bare_begin and quoted_begin are called on the sign before the value, because a value can be empty.

%%{
	machine logfmt;

	blank = [ \t];
	plain = any - cntrl - blank - '"';
	hexadecimal = [0-9A-Fa-f];

	key = ( [A-Za-z_] [A-Za-z0-9_.\-]* ) >key_begin %key_end;
	bare = plain* %bare_end;

	escaped = '\\' ( ["\\/bfnrt] | 'u' hexadecimal{4} ) >escape;
	quoted = '"' @quoted_begin ( [^"\\] - ( cntrl - '\t' ) | escaped )* %quoted_end '"';

	pair = key '=' @bare_begin ( bare | quoted );
	comment = '#' [^\n]*;

	line = blank* ( pair ( blank+ pair )* )? ( blank+ comment | blank* ) '\r'? '\n' @line_end
		| comment '\n' @line_end;
}%%
