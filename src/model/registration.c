/* SPDX-License-Identifier: MIT */
#include "model/registration.h"

#include <stddef.h>
#include <string.h>

static const char *const state_names[REGISTRATION_STATES] = { "Absent", "Present", "Registered" };

static const char *const symbol_names[REGISTRATION_SYMBOLS] = {
	[OBJECT_CREATION] = "ObjectCreation",   [OBJECT_DELETION] = "ObjectDeletion",
	[REGISTER_SUCCESS] = "RegisterSuccess", [REGISTER_COMMITTED] = "RegisterCommitted",
	[REGISTER_REFUSAL] = "RegisterRefusal", [UNREGISTER] = "Unregister",
	[NOTIFICATION] = "Notification",        [TRACE_END] = "TraceEnd",
};

const char *registration_state_name(unsigned bit)
{
	return bit < REGISTRATION_STATES ? state_names[bit] : NULL;
}

const char *registration_symbol_name(unsigned symbol)
{
	return symbol < REGISTRATION_SYMBOLS ? symbol_names[symbol] : NULL;
}

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
