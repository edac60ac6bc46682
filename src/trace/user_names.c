/* SPDX-License-Identifier: MIT */
#include "trace/user_names.h"

#include "base/fold.h"

static bool begins(struct sessionlint_text text, const char *start)
{
	size_t size = strlen(start);

	return text.size > size && text_is(text_of(text.data, size), start);
}

enum user_form user_form(struct sessionlint_text user)
{
	if (begins(user, "S-1-"))
		return USER_SID;
	if (user.size > 0 && !memchr(user.data, '\\', user.size) &&
	    memchr(user.data, '@', user.size))
		return USER_PRINCIPAL;
	return USER_ACCOUNT;
}

bool user_sid_is_personal(struct sessionlint_text sid)
{
	return begins(sid, "S-1-5-21-") || begins(sid, "S-1-12-1-");
}

/* The part before the backslash; no data if it has no domain. */
static struct sessionlint_text domain_of(struct sessionlint_text user)
{
	const char *slash = memchr(user.data, '\\', user.size);

	return slash ? text_of(user.data, (size_t)(slash - user.data)) : text_of(NULL, 0);
}

struct sessionlint_text user_account(struct sessionlint_text user)
{
	const char *slash = memchr(user.data, '\\', user.size);

	return slash ? text_of(slash + 1, user.size - (size_t)(slash + 1 - user.data)) : user;
}

/* Whether both can be the same domain, which may have two names, LAB and lab.example.test. */
static bool is_same_domain(struct sessionlint_text a, struct sessionlint_text b)
{
	if (!a.data || !b.data || !memchr(a.data, '.', a.size) != !memchr(b.data, '.', b.size))
		return true;
	return text_alike(a, b);
}

bool user_may_be(struct sessionlint_text a, struct sessionlint_text b)
{
	if (text_equal(a, b) || user_form(a) != user_form(b))
		return true;
	if (user_form(a) != USER_ACCOUNT)
		return text_alike(a, b);
	return text_alike(user_account(a), user_account(b)) &&
	       is_same_domain(domain_of(a), domain_of(b));
}
