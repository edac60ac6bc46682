/* SPDX-License-Identifier: MIT */
/* Records about the trace or a host, and malformed records. */
#ifndef CHECK_MARKERS_H
#define CHECK_MARKERS_H

#include "check/context.h"

int check_marker(struct subject *subject);
int check_malformed(struct subject *subject);
int check_noted(struct subject *subject);

#endif
