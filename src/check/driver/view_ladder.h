/* SPDX-License-Identifier: MIT */
/* The models as seen through a mask of events. */
#ifndef CHECK_DRIVER_VIEW_LADDER_H
#define CHECK_DRIVER_VIEW_LADDER_H

#include "check/context.h"

/* Builds the ladder of @mask, one of PROJECTION_MASKS, in checker->masked. -ENOMEM. */
int view_ladder_make(struct checker *checker, uint32_t mask);

#endif
