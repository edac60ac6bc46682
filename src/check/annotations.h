/* SPDX-License-Identifier: MIT */
/* What the log of a session says besides its transitions. */
#ifndef CHECK_ANNOTATIONS_H
#define CHECK_ANNOTATIONS_H

#include "check/context.h"

/* Counts subject->record, an annotation, and passes it to options.annotate. */
int check_annotation(struct subject *subject);

#endif
