/* SPDX-License-Identifier: MIT */
/* I/O objects: who may register which, and what must be unregistered before deletion. */
#ifndef CHECK_DRIVER_IO_OBJECTS_H
#define CHECK_DRIVER_IO_OBJECTS_H

#include "check/context.h"

/* A call registers the I/O object of subject->record, @object if it is known: reports an object
 * that is deleted, or another driver's. */
int check_registered_object(struct subject *subject, const struct io_object *object, bool *ret_bad);

#endif
