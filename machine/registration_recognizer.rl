/* SPDX-License-Identifier: MIT */
/* The recognizer of a registration. */
#include "registration_alphabet.h"

%%{
	machine registration_recognizer;

	alphtype unsigned char;
	import "registration_alphabet.h";

	silent = '';

	action in_Absent     { states |= 0x01; }
	action in_Present    { states |= 0x02; }
	action in_Registered { states |= 0x04; }

	include registration "registration.rl";

	main := registration;

	write data noerror noentry nofinal;
}%%

const int registration_start_node = registration_recognizer_start;

int registration_step(int node, enum registration_symbol symbol, uint8_t *ret_states)
{
	const unsigned char letter = (unsigned char)symbol;
	const unsigned char *p = &letter;
	const unsigned char *const pe = p + 1;
	unsigned states = 0;
	int cs = node;

	%% write exec;

	*ret_states = (uint8_t)states;
	return cs;
}
