/* SPDX-License-Identifier: MIT */
#include "check/run_totals.h"

#include "check/run.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define TOTAL(name, field)                                                                         \
	{                                                                                          \
		(name), offsetof(struct run_totals, field)                                         \
	}

static const struct {
	const char *name;
	size_t offset;
} totals[] = {
	[SESSIONLINT_TOTAL_FILES] = TOTAL("files", files),
	[SESSIONLINT_TOTAL_BYTES] = TOTAL("bytes", bytes),
	[SESSIONLINT_TOTAL_RECORDS] = TOTAL("records", records),
	[SESSIONLINT_TOTAL_EVENTS] = TOTAL("events", events),
	[SESSIONLINT_TOTAL_MARKERS] = TOTAL("markers", markers),
	[SESSIONLINT_TOTAL_NOTED] = TOTAL("noted", noted),
	[SESSIONLINT_TOTAL_SKIPPED] = TOTAL("skipped", skipped),
	[SESSIONLINT_TOTAL_UNREADABLE] = TOTAL("unreadable", unreadable),
	[SESSIONLINT_TOTAL_NOTIFICATIONS] = TOTAL("notifications", notifications),
	[SESSIONLINT_TOTAL_CALLS] = TOTAL("calls", calls),
	[SESSIONLINT_TOTAL_OBJECTS] = TOTAL("objects", objects),
	[SESSIONLINT_TOTAL_REGISTRATIONS] = TOTAL("registrations", registrations),
	[SESSIONLINT_TOTAL_INCARNATIONS] = TOTAL("incarnations", incarnations),
	[SESSIONLINT_TOTAL_CONFORMING] = TOTAL("conforming", conforming),
	[SESSIONLINT_TOTAL_VIOLATING] = TOTAL("violating", violating),
	[SESSIONLINT_TOTAL_UNDETERMINED] = TOTAL("undetermined", undetermined),
	[SESSIONLINT_TOTAL_UNFINISHED] = TOTAL("unfinished", unfinished),
	[SESSIONLINT_TOTAL_FORGOTTEN] = TOTAL("forgotten", forgotten),
	[SESSIONLINT_TOTAL_SESSIONS_PEAK] = TOTAL("sessions_peak", live_peak),
	[SESSIONLINT_TOTAL_REGISTRATIONS_PEAK] = TOTAL("registrations_peak", registrations_peak),
	[SESSIONLINT_TOTAL_ERRORS] = TOTAL("errors", severities[SESSIONLINT_SEVERITY_ERROR]),
	[SESSIONLINT_TOTAL_WARNINGS] = TOTAL("warnings", severities[SESSIONLINT_SEVERITY_WARNING]),
	[SESSIONLINT_TOTAL_NOTES] = TOTAL("notes", severities[SESSIONLINT_SEVERITY_NOTE]),
	[SESSIONLINT_TOTAL_CASCADES] = TOTAL("cascades", cascades),
	[SESSIONLINT_TOTAL_SUPPRESSED] = TOTAL("suppressed", suppressed),
	[SESSIONLINT_TOTAL_ANNOTATIONS] = TOTAL("annotations", annotations),
};

const struct run_totals *run_totals(const struct sessionlint *run)
{
	return &run->checker.totals;
}

const char *sessionlint_total_name(unsigned total)
{
	return total < COUNT(totals) ? totals[total].name : NULL;
}

uint64_t sessionlint_total(const struct sessionlint *run, unsigned total)
{
	uint64_t count = 0;

	if (total < COUNT(totals))
		memcpy(&count, (const char *)&run->checker.totals + totals[total].offset,
		       sizeof count);
	return count;
}

uint64_t sessionlint_findings_of(const struct sessionlint *run, unsigned rule)
{
	return rule < RULE_COUNT ? run->checker.totals.findings[rule] : 0;
}
