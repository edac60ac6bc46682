/* SPDX-License-Identifier: MIT */
/* The life of I/O objects: who may register which, and what must be given back before. */
#ifndef CHECK_DRIVER_IO_OBJECTS_H
#define CHECK_DRIVER_IO_OBJECTS_H

#include "check/context.h"

/* A call registers the I/O object of subject->record, which is @object if the driver has shown it:
 * reports one that is gone, or another driver's. */
int check_registered_object(struct subject *subject, const struct io_object *object, bool *ret_bad);

#endif
