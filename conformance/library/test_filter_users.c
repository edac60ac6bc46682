/* SPDX-License-Identifier: MIT */
/* Which users a filter lets pass, with the domain before the name or apart from it, as some logs
 * of Windows have it. */
#include <string.h>

#include "base/text.h"
#include "check/filters.h"
#include "tap.h"

static const struct {
	const char *pattern, *user, *domain;
	bool passes;
} cases[] = {
	{ "ada", "ada", "", true },
	{ "ada", "CORP\\ADA", "", true },
	{ "ada", "ada", "CORP", true },
	{ "corp\\ada", "CORP\\ada", "", true },
	{ "corp\\ada", "ada", "CORP", true },
	{ "CORP\\a*", "ada", "corp", true },
	{ "corp\\ada", "ada", "", false },
	{ "corp\\ada", "bob", "CORP", false },
	{ "corp\\ada", "ada", "CORN", false },
	{ "corp\\ada", "ada", "CORPS", false },
	{ "corp\\ada", "ada", "COR", false },
	{ "corp\\ada", "ada", "XORP", false },
	{ "ada", "bob", "ada", false },
	{ "\\ada", "ada", "", true },
	{ "ada", "", "", false },
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct filters filters = { .since_given = false };
		int r = filters_add(&filters, SESSIONLINT_FILTER_USER, text_from(cases[i].pattern));

		tap_ok(r == 0 && filters_user(&filters, text_from(cases[i].user),
					      text_from(cases[i].domain)) == cases[i].passes,
		       "%s: user '%s' of '%s' %s", cases[i].pattern, cases[i].user, cases[i].domain,
		       cases[i].passes ? "passes" : "does not pass");
		filters_free(&filters);
	}
	return tap_done();
}
