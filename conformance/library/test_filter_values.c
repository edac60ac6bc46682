/* SPDX-License-Identifier: MIT */
/* What passes filters. A user can have the domain before the name or apart from it, as in
 * some logs of Windows. */
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

/* What is shown passes all filters, and not some of them. */
static void try_all(void)
{
	static const struct {
		enum sessionlint_filter kind;
		const char *good, *bad;
	} kinds[] = {
		{ SESSIONLINT_FILTER_HOST, "pc", "other" },
		{ SESSIONLINT_FILTER_SESSION, "2", "3" },
		{ SESSIONLINT_FILTER_USER, "ada", "bob" },
		{ SESSIONLINT_FILTER_ADDRESS, "10.*", "192.*" },
		{ SESSIONLINT_FILTER_SINCE, "2026-01-01", "2027-01-01" },
		{ SESSIONLINT_FILTER_UNTIL, "2027-01-01", "2025-01-01" },
	};
	const unsigned count = sizeof kinds / sizeof kinds[0];
	const uint64_t time = 134117856000000000U; /* in 2026 */
	const struct sessionlint_text host = text_from("PC"), user = text_from("ada");
	const struct sessionlint_text address = text_from("10.0.0.1");
	const struct sessionlint_finding finding = { .has_session = true,
						     .session = 2,
						     .host = host,
						     .user = user,
						     .address = address,
						     .time = time };
	const struct sessionlint_annotation annotation = { .has_session = true,
							   .session = 2,
							   .host = host,
							   .user = user,
							   .address = address,
							   .time = time };

	for (unsigned bad = 0; bad <= count; bad++) {
		struct filters filters = { .since_given = false };
		int r = 0;

		for (unsigned i = 0; r == 0 && i < count; i++)
			r = filters_add(&filters, kinds[i].kind,
					text_from(i == bad ? kinds[i].bad : kinds[i].good));
		tap_ok(r == 0 && filters_show_finding(&filters, &finding) == (bad == count) &&
			       filters_show_annotation(&filters, &annotation) == (bad == count),
		       "what passes all filters but number %u", bad);
		filters_free(&filters);
	}
}

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
	try_all();
	return tap_done();
}
