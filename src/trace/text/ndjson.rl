# SPDX-License-Identifier: MIT
#
# One line of NDJSON: a flat object (RFC 8259) with the same keys, or nothing. The including file defines
# the actions object_begin, key_begin, key_end, key_escape, string_begin, string_end, escape, number_begin,
# number_end, word_begin, word_end, null_value and line_end. key_begin and string_begin are called on the quote.

%%{
	machine ndjson;

	blank = [ \t\r];
	hexadecimal = [0-9A-Fa-f];

	escaped = '\\' ( ["\\/bfnrt] | 'u' hexadecimal{4} );
	unescaped = [^"\\] - 0..0x1f;

	key = '"' @key_begin ( unescaped | escaped >key_escape )* %key_end '"';
	string = '"' @string_begin ( unescaped | escaped >escape )* %string_end '"';
	number = ( '-'? ( '0' | [1-9] [0-9]* ) ( '.' [0-9]+ )? ( [eE] [+\-]? [0-9]+ )? )
		>number_begin %number_end;
	word = ( 'true' | 'false' ) >word_begin %word_end;
	nothing = 'null' @null_value;

	pair = key blank* ':' blank* ( string | number | word | nothing ) blank*;
	object = '{' @object_begin blank* ( pair ( ',' blank* pair )* )? '}';

	line = blank* ( object blank* )? '\n' @line_end;
}%%
