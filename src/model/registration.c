/* SPDX-License-Identifier: MIT */
#include "model/registration.h"

#include <string.h>

void registration_tabulate(struct registration_model *ret_model)
{
	memset(ret_model, 0, sizeof *ret_model);
	for (int state = 0; 1 << state < REGISTRATION_SETS; state++) {
		for (int symbol = OBJECT_CREATION; symbol < REGISTRATION_SYMBOLS; symbol++) {
			uint8_t states;
			int node = registration_step(
				registration_start_node,
				(enum registration_symbol)(BEGIN_ABSENT + state), &states);

			registration_step(node, (enum registration_symbol)symbol, &states);
			for (unsigned set = 0; set < REGISTRATION_SETS; set++)
				if (set & 1U << state)
					ret_model->next[symbol][set] |= states;
		}
	}
	for (unsigned symbol = 0; symbol < REGISTRATION_SYMBOLS; symbol++)
		ret_model->image[symbol] = ret_model->next[symbol][REGISTRATION_ANY];
}
