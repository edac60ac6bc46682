/* SPDX-License-Identifier: MIT */
/* Names of users: which of them can be of one user. */
#ifndef TRACE_USER_NAMES_H
#define TRACE_USER_NAMES_H

#include "base/text.h"

/* The form of a user name. Names of different forms cannot be compared. */
enum user_form {
	USER_ACCOUNT,   /* ada, LAB\\ada: the part after the domain is compared */
	USER_PRINCIPAL, /* ada@lab.test, which may not begin with the account name */
	USER_SID,       /* S-1-5-21-... */
	USER_FORMS,
};

/* Of no name, USER_ACCOUNT. */
enum user_form user_form(struct sessionlint_text user);

/* The part after the domain. */
struct sessionlint_text user_account(struct sessionlint_text user);

/* Whether two names, neither of them empty, can be of one user. */
bool user_may_be(struct sessionlint_text a, struct sessionlint_text b);

/* Whether a SID is that of somebody's account, of a computer or a domain, and not one that Windows
 * has everywhere. */
bool user_sid_is_personal(struct sessionlint_text sid);

#endif
