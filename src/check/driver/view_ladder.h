/* SPDX-License-Identifier: MIT */
/* What is known of the model by what a mask of events shows. */
#ifndef CHECK_DRIVER_VIEW_LADDER_H
#define CHECK_DRIVER_VIEW_LADDER_H

#include "check/context.h"

/* The ladder of @mask, one of PROJECTION_MASKS, is in checker->masked from now on. -ENOMEM. */
int view_ladder_make(struct checker *checker, uint32_t mask);

#endif
