/* SPDX-License-Identifier: MIT */
#include "report/reporter.h"

static const struct reporter *const reporters[] = {
	&reporter_text,   &reporter_json,   &reporter_sarif,    &reporter_junit,
	&reporter_gitlab, &reporter_github, &reporter_azure,    &reporter_markdown,
	&reporter_csv,    &reporter_html,   &reporter_perfetto,
};

const struct reporter *reporter_at(unsigned index)
{
	return index < sizeof reporters / sizeof reporters[0] ? reporters[index] : NULL;
}
