/* SPDX-License-Identifier: MIT */
#ifndef BASE_FAILURE_H
#define BASE_FAILURE_H

#include <errno.h>

/*
 * What a call of the system that failed with @error returns: -EIO for errors that a disk or a
 * network can give, and that mean something else where what was read is judged.
 */
static inline int failure_of(int error)
{
	switch (error) {
	case 0:       /* the call did not say */
	case EBADMSG: /* it is not what it should be */
	case ENODATA: /* it holds nothing */
	case EPIPE:   /* nobody reads the findings */
	case EAGAIN:  /* there is not enough of it yet */
	case EBUSY:   /* the run is in a callback */
		return -EIO;
	default:
		return -error;
	}
}

#endif
