/* SPDX-License-Identifier: MIT */
/* Growth of what sessions and hosts do. */
#include "growth.h"

const char *growth_event(unsigned step)
{
	static const char *const events[] = { "Created",      "Connected", "Logon",
					      "Disconnected", "Logoff",    "Connected" };

	return events[step < 2 ? step : 2 + (step - 2) % 4];
}

static void write_events(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=1 event=%s\n", growth_event(i));
}

static void write_samples(FILE *trace, unsigned count)
{
	fprintf(trace, "session=1 event=Created\n");
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=1 state=Created\n");
}

/* Three events of each of @count sessions, which are all alive. */
static void write_sessions(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < 3 * count; i++)
		fprintf(trace, "session=%u event=%s\n", i % count, growth_event(i / count));
}

/* An id that is used again and again. */
static void write_incarnations(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=1 event=Created\nsession=1 event=Terminated\n");
}

/* Sessions that end one after the other, and may not have. */
static void write_ended(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace,
			"source=lsm session=%u event=Logon\nsource=lsm session=%u event=Logoff\n",
			i, i);
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "source=lsm session=%u event=Logon\n", i);
}

static void write_hosts(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < 3 * count; i++)
		fprintf(trace, "host=h%u session=1 event=%s\n", i % count, growth_event(i / count));
}

static void write_boots(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "marker=boot\nsession=%u event=Created\n", i % 8);
}

static void write_named_boots(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "boot=b%u session=1 event=Created\n", i);
}

/* A boot ends the sessions of its host; those of others stay. */
static void write_boots_of_hosts(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "host=h%u session=1 event=Created\n", i);
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "host=h%u marker=boot\n", i);
}

static void write_boots_of_one(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "host=a session=%u event=Created\n", i);
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "host=b marker=boot\nhost=b session=1 event=Created\n");
}

static void write_users(FILE *trace, unsigned count)
{
	static const char *const events[] = { "Created", "Connected", "Logon" };

	for (unsigned i = 0; i < 3 * count; i++)
		fprintf(trace, "session=%u user=LAB\\u%u address=10.%u.%u.%u event=%s\n", i % count,
			i % count, i % count >> 16, i % count >> 8 & 255, i % count & 255,
			events[i / count]);
}

/* Users of one session, one after the other. */
static void write_users_of_one(FILE *trace, unsigned count)
{
	fprintf(trace, "session=1 event=Created\nsession=1 event=Connected\n");
	for (unsigned i = 0; i < count; i++)
		fprintf(trace,
			"session=1 user=LAB\\u%u event=Logon\n"
			"session=1 user=LAB\\u%u event=Disconnected\n"
			"session=1 user=LAB\\u%u event=Logoff\nsession=1 event=Connected\n",
			i, i, i);
}

/* Sessions are in any state after each. */
static void write_gaps(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "marker=gap\nsession=1 event=%s\n", growth_event(i));
}

static void write_gaps_of_sessions(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=%u event=Created\n", i);
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "marker=gap\nsession=%u event=Connected\n", i);
}

static void write_gaps_of_hosts(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "host=h%u session=1 event=Created\n", i);
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "marker=gap\nhost=h%u session=1 event=Connected\n", i);
}

static void write_findings(FILE *trace, unsigned count)
{
	fprintf(trace, "session=1 event=Created\n");
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=1 event=Logoff\n");
}

static void write_findings_of_sessions(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=%u event=Created\n", i);
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=%u event=Logoff\n", i);
}

static void write_suppressions(FILE *trace, unsigned count)
{
	fprintf(trace, "session=1 event=Created\n");
	for (unsigned i = 0; i < count; i++)
		fprintf(trace,
			"session=1 event=Logoff allow=illegal-transition allow_reason=ticket-%u\n",
			i);
}

/* Those that nothing uses are reported at the end. */
static void write_unused_suppressions(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace,
			"session=%u event=Created allow=illegal-transition,wrong-state "
			"allow_reason=ticket\n",
			i);
}

#define SMALLEST 30, 10, LINEAR

static const struct growth_scenario scenarios[] = {
	{ "events of a session", write_events, NULL, SESSIONLINT_TOTAL_EVENTS, SMALLEST },
	{ "samples of a session", write_samples, NULL, SESSIONLINT_TOTAL_RECORDS, SMALLEST },
	{ "sessions", write_sessions, NULL, SESSIONLINT_TOTAL_SESSIONS_PEAK, SMALLEST },
	{ "incarnations of a session", write_incarnations, NULL, SESSIONLINT_TOTAL_INCARNATIONS,
	  SMALLEST },
	{ "sessions that may have ended", write_ended, NULL, SESSIONLINT_TOTAL_INCARNATIONS,
	  SMALLEST },
	{ "hosts", write_hosts, NULL, SESSIONLINT_TOTAL_SESSIONS_PEAK, SMALLEST },
	{ "boots of a host", write_boots, NULL, SESSIONLINT_TOTAL_MARKERS, SMALLEST },
	{ "boots with names", write_named_boots, NULL, SESSIONLINT_TOTAL_INCARNATIONS, SMALLEST },
	{ "hosts, and a boot of each", write_boots_of_hosts, NULL, SESSIONLINT_TOTAL_MARKERS,
	  SMALLEST },
	{ "sessions of a host, boots of another one", write_boots_of_one, NULL,
	  SESSIONLINT_TOTAL_MARKERS, SMALLEST },
	{ "users", write_users, NULL, SESSIONLINT_TOTAL_SESSIONS_PEAK, SMALLEST },
	{ "users of a session", write_users_of_one, NULL, SESSIONLINT_TOTAL_EVENTS, SMALLEST },
	{ "gaps", write_gaps, NULL, SESSIONLINT_TOTAL_MARKERS, SMALLEST },
	{ "sessions, and gaps", write_gaps_of_sessions, NULL, SESSIONLINT_TOTAL_MARKERS, SMALLEST },
	{ "hosts, and gaps of all of them", write_gaps_of_hosts, NULL, SESSIONLINT_TOTAL_MARKERS,
	  SMALLEST },
	{ "findings about a session", write_findings, NULL, SESSIONLINT_TOTAL_ERRORS, SMALLEST },
	{ "sessions with a finding", write_findings_of_sessions, NULL, SESSIONLINT_TOTAL_ERRORS,
	  SMALLEST },
	{ "suppressions", write_suppressions, NULL, SESSIONLINT_TOTAL_SUPPRESSED, SMALLEST },
	{ "suppressions that nothing uses", write_unused_suppressions, NULL,
	  SESSIONLINT_TOTAL_WARNINGS, SMALLEST },
};

const struct growth_scenarios growth_sessions = {
	.title = "sessions and hosts",
	.scenarios = scenarios,
	.count = sizeof scenarios / sizeof scenarios[0],
};
