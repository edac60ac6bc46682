/* SPDX-License-Identifier: MIT */
/*
 * Calls of the C library that fail when they are told to. The linker puts them in front of the real
 * ones (--wrap), so that the command is tried as it is built; streams go through functions of
 * their own, because the C library's reads and writes for them cannot be wrapped.
 */
#ifndef CONFORMANCE_FAULT_H
#define CONFORMANCE_FAULT_H

#include <stdbool.h>

enum fault_kind {
	FAULT_MEMORY,
	FAULT_READ,
	FAULT_WRITE,
	FAULT_OPEN,
	FAULT_CLOSE,
	FAULT_RENAME,
	FAULT_STATUS, /* what is asked of files: stat() and the like */
	FAULT_KINDS
};

/* In memory that a child shares with its parent. */
struct fault {
	enum fault_kind kind;
	int error;     /* errno of the failure */
	unsigned from; /* the first call of that kind that fails, counted from 1; 0: none */
	bool for_good; /* and all behind it */
	unsigned calls[FAULT_KINDS];
	unsigned failed;
};

extern struct fault *fault;

/* From here on, calls of this process fail as they are told to; standard input and output are
 * streams that can fail too. */
void fault_begin(void);

#endif
