/* SPDX-License-Identifier: MIT */
/*
 * The one seam between Ragel and C: a recognizer is its start node and a pure step function.
 */
#ifndef MACHINE_RECOGNIZER_H
#define MACHINE_RECOGNIZER_H

#include <stdint.h>

#include "alphabet.h"

/*
 * A recognizer made by Ragel from machine/session.rl, one vocabulary (what the source shows) and
 * one tolerance (which arcs beyond the published table are taken).
 */
struct recognizer {
	const char *vocabulary;
	const char *tolerance;
	int start;

	/*
	 * The node that @symbol leads to from @node. *ret_belief becomes the set of states that it
	 * stands for (bit n - 1 is IoSessionState value n); empty when no state that @node stands
	 * for takes the symbol, and the returned node then takes nothing any more.
	 */
	int (*step)(int node, enum machine_symbol symbol, uint8_t *ret_belief);
};

#endif
