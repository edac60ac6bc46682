/* SPDX-License-Identifier: MIT */
/*
 * The states of a registration, tabulated from machine/registration.rl. If the trace does not show
 * the state, there is a set of possible states, as for sessions.
 */
#ifndef MODEL_REGISTRATION_H
#define MODEL_REGISTRATION_H

#include "registration_alphabet.h"

/* As a machine among others. */
#define REGISTRATION_NAME    "registration"
#define REGISTRATION_SUMMARY "an I/O object and its registration"

enum registration_state {
	REGISTRATION_ABSENT = 1 << 0,     /* no such I/O object, as far as the trace shows */
	REGISTRATION_PRESENT = 1 << 1,    /* the I/O object exists and is not registered */
	REGISTRATION_REGISTERED = 1 << 2, /* it has a live registration */
};
#define REGISTRATION_STATES  3
#define REGISTRATION_ANY     7
#define REGISTRATION_SETS    8
#define REGISTRATION_SYMBOLS 9

struct registration_model {
	uint8_t next[REGISTRATION_SYMBOLS][REGISTRATION_SETS];
	uint8_t image[REGISTRATION_SYMBOLS]; /* where a symbol leads from anywhere */
};

/* The state by its bit (0 is Absent), the symbol by its value; NULL for invalid numbers. */
const char *registration_state_name(unsigned bit);
const char *registration_symbol_name(unsigned symbol);

void registration_tabulate(struct registration_model *ret_model);

#endif
