/* SPDX-License-Identifier: MIT */
/* Winlogon processes, while their sessions are looked for. */
#ifndef ACCOUNT_WINLOGONS_H
#define ACCOUNT_WINLOGONS_H

#include "account/account.h"

/* A process from its first record to its last. */
struct winlogon {
	uint32_t boot, process;
	uint32_t first, last; /* places */
	uint32_t session;     /* or ACCOUNT_NONE */
	bool started;         /* its first record is its start */
};

struct winlogons {
	struct account *account;
	struct winlogon *list;
	size_t count;
};

/* Names the processes that started for a remote connection, if it is certain which one. -ENOMEM. */
int winlogons_name_by_connection(struct winlogons *winlogons);

#endif
