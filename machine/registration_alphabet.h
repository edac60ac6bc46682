/* SPDX-License-Identifier: MIT */
/*
 * The symbols of machine/registration.rl, which Ragel imports, and the seam to C: a start node and
 * a pure step function, as in recognizer.h.
 *
 * Decimal numbers only: Ragel's import reads nothing else.
 */
#ifndef MACHINE_REGISTRATION_ALPHABET_H
#define MACHINE_REGISTRATION_ALPHABET_H

#include <stdint.h>

enum registration_symbol {
	OBJECT_CREATION = 1,
	OBJECT_DELETION = 2,
	REGISTER_SUCCESS = 3,   /* IoRegisterContainerNotification: STATUS_SUCCESS */
	REGISTER_COMMITTED = 4, /* ... STATUS_ALREADY_COMMITTED */
	REGISTER_REFUSAL = 5,   /* ... any other status */
	UNREGISTER = 6,         /* IoUnregisterContainerNotification returns */
	NOTIFICATION = 7,       /* the callback is called */
	TRACE_END = 8,

	BEGIN_ABSENT = 17,
	BEGIN_PRESENT = 18,
	BEGIN_REGISTERED = 19
};

extern const int registration_start_node;

/*
 * The node that @symbol leads to from @node. *ret_states becomes the state that it stands for: bit
 * 0 is Absent, bit 1 Present, bit 2 Registered; empty when @node does not take the symbol, and the
 * returned node then takes nothing any more.
 */
int registration_step(int node, enum registration_symbol symbol, uint8_t *ret_states);

#endif
