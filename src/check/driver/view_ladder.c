/* SPDX-License-Identifier: MIT */
#include "check/driver/view_ladder.h"

#include <errno.h>
#include <stdlib.h>

int view_ladder_make(struct checker *checker, uint32_t mask)
{
	if (checker->masked[mask])
		return 0;
	checker->masked[mask] = malloc(sizeof **checker->masked);
	if (!checker->masked[mask])
		return -ENOMEM;
	model_ladder_project(&checker->ladders[SESSIONLINT_SOURCE_WDM], mask,
			     checker->masked[mask]);
	return 0;
}
