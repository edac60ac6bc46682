/* SPDX-License-Identifier: MIT */
/* Addresses as records name them. */
#ifndef TRACE_ADDRESS_H
#define TRACE_ADDRESS_H

#include "base/text.h"

/* The address in "192.0.2.1:49152" or "[2001:db8::1]:49152"; without a port, the text itself. */
struct sessionlint_text address_without_port(struct sessionlint_text text);

#endif
