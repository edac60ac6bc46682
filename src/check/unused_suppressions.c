/* SPDX-License-Identifier: MIT */
/* Reports suppressions in the trace that suppressed nothing. */
#include "check/finding.h"
#include "check/log_end.h"

/* The names of @rules; valid until a finding has been reported. */
static const char *rules_text(struct checker *checker, uint64_t rules)
{
	struct sessionlint_text text = text_from("");

	for (unsigned rule = 0; rule < RULE_COUNT; rule++)
		if (rules >> rule & 1)
			text = arena_format(&checker->arena, "%s%s%s", text.data ? text.data : "",
					    text.size ? ", " : "",
					    sessionlint_rule_info(rule)->name);
	return text.data ? text.data : "";
}

static int report_unused(struct checker *checker, const struct suppression *suppression)
{
	struct record record = {
		.kind = RECORD_NOTED,
		.line = suppression->line,
		.offset = suppression->offset,
		.time = suppression->time,
		.event = SESSIONLINT_NO_EVENT,
		.host = suppression->host,
	};
	struct subject subject = { .checker = checker, .record = &record };
	uint64_t unused = suppression->rules & ~suppression->used;

	/* a rule that is off may have been broken */
	for (unsigned rule = 0; rule < RULE_COUNT; rule++)
		if (checker->options.severities[rule] == SESSIONLINT_SEVERITY_OFF)
			unused &= ~((uint64_t)1 << rule);
	if (!unused)
		return 0;
	return report(&subject, SESSIONLINT_RULE_UNUSED_SUPPRESSION, NO_PARTICULARS,
		      "allow names %s, but there is no such finding on this record",
		      rules_text(checker, unused));
}

int suppressions_end(struct checker *checker)
{
	struct suppressions *suppressions = &checker->suppressions;
	int r = 0;

	for (const struct suppression *suppression = suppressions->first; suppression && r == 0;
	     suppression = suppression->next)
		r = report_unused(checker, suppression);
	suppressions_free(suppressions);
	suppressions_init(suppressions);
	return r;
}
