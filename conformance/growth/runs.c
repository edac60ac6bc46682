/* SPDX-License-Identifier: MIT */
/* Growth of what a run is given: files, records fed, baselines, the logs of a machine. */
#include <stdlib.h>
#include <string.h>

#include "growth.h"

#define CHECK(result)                                                                              \
	do {                                                                                       \
		int r_ = (result);                                                                 \
		if (r_ < 0)                                                                        \
			return r_;                                                                 \
	} while (0)

/* ---- files ---- */

static int check_files(struct sessionlint *run, const char *text, size_t size, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "%u.trace", i);
		CHECK(sessionlint_check_buffer(run, text, size, name));
	}
	return 0;
}

static void write_short(FILE *trace, unsigned count)
{
	(void)count;
	fprintf(trace, "session=1 event=Created\nsession=1 event=Terminated\n");
}

/* ---- records fed ---- */

static void write_nothing(FILE *trace, unsigned count)
{
	(void)trace;
	(void)count;
}

static int check_fed(struct sessionlint *run, const char *text, size_t size, unsigned count)
{
	struct sessionlint_pair pairs[] = {
		{ .key = "session", .value = { "1", 1 } },
		{ .key = "event" },
	};

	(void)text;
	(void)size;
	CHECK(sessionlint_feed_begin(run, "fed"));
	for (unsigned i = 0; i < count; i++) {
		pairs[1].value.data = growth_event(i);
		pairs[1].value.size = strlen(pairs[1].value.data);
		CHECK(sessionlint_feed(run, pairs, 2));
	}
	return sessionlint_feed_end(run);
}

static int check_fed_lines(struct sessionlint *run, const char *text, size_t size, unsigned count)
{
	(void)text;
	(void)size;
	CHECK(sessionlint_feed_begin(run, "fed"));
	for (unsigned i = 0; i < count; i++) {
		char line[64];
		int length = snprintf(line, sizeof line, "seq=%u session=%u event=Created", 1 + i,
				      i);

		CHECK(sessionlint_feed_line(run, line, (size_t)length));
	}
	return sessionlint_feed_end(run);
}

/* ---- stretches of a log ---- */

/* Sessions whose lives follow each other, in @stretches partials, which travel and are merged one
 * by one. */
static int check_stretches(struct sessionlint *run, unsigned records, unsigned stretches)
{
	struct sessionlint_partial *whole, *next, *loaded;
	unsigned done = 0;

	CHECK(sessionlint_partial_new(run, SESSIONLINT_PARTIAL_CONDENSED, &whole));
	for (unsigned i = 0; i < stretches; i++) {
		const void *data;
		size_t bytes;

		CHECK(sessionlint_partial_new(run, SESSIONLINT_PARTIAL_CONDENSED, &next));
		for (; done < records / stretches * (i + 1); done++) {
			char line[64];
			int length = snprintf(line, sizeof line, "session=%u event=%s", done % 9,
					      growth_event(done / 9));

			CHECK(sessionlint_partial_feed_line(next, line, (size_t)length));
		}
		CHECK(sessionlint_partial_save(next, &data, &bytes));
		CHECK(sessionlint_partial_load(data, bytes, &loaded));
		sessionlint_partial_free(next);
		CHECK(sessionlint_partial_merge(whole, loaded));
		sessionlint_partial_free(loaded);
	}
	CHECK(sessionlint_partial_finish(whole, run, "stretches"));
	sessionlint_partial_free(whole);
	return 0;
}

static int check_few_stretches(struct sessionlint *run, const char *text, size_t size,
			       unsigned count)
{
	(void)text;
	(void)size;
	return check_stretches(run, count, 4);
}

static int check_many_stretches(struct sessionlint *run, const char *text, size_t size,
				unsigned count)
{
	(void)text;
	(void)size;
	return check_stretches(run, count * 30, count);
}

/* ---- baselines ---- */

/* 2026-03-02 */
#define NOW INT64_C(1772409600)

/* What all of docs/gate.md is about: equal findings are numbered. */
static void write_known(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=1 event=Created\nsession=1 event=Logon\n"
			       "session=1 event=Terminated\n");
}

static int set_baseline(struct sessionlint *run, const char *log, unsigned count)
{
	struct sessionlint_baseline_error error;
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	int r;

	if (!file)
		exit(2);
	fprintf(file, "{\"baseline\":\"sessionlint\",\"version\":1,\"entries\":[");
	for (unsigned i = 0; i < count; i++)
		fprintf(file,
			"%s\n{\"fingerprint\":\"c25ae39f554bd021:%u\","
			"\"rule\":\"session/illegal-transition\",\"log\":\"%s\","
			"\"subject\":\"session 1\",\"message\":\"Logon is illegal in Created\","
			"\"reason\":\"it is known\"}",
			i ? "," : "", 1 + i, log);
	fprintf(file, "\n]}\n");
	fclose(file);
	r = sessionlint_set_baseline(run, text, size, NOW, &error);
	free(text);
	return r;
}

static int check_known(struct sessionlint *run, const char *text, size_t size, unsigned count)
{
	CHECK(set_baseline(run, "nightly.trace", count));
	CHECK(sessionlint_check_buffer(run, text, size, "nightly.trace"));
	return sessionlint_end_baseline(run, NULL, NULL);
}

/* Counts the entries that no finding matches. */
static void count_stale(void *userdata, const struct sessionlint_baseline_entry *entry)
{
	*(unsigned *)userdata += entry->stale;
}

static int check_stale(struct sessionlint *run, const char *text, size_t size, unsigned count)
{
	unsigned stale = 0;

	CHECK(set_baseline(run, "nightly.trace", 2 * count));
	CHECK(sessionlint_check_buffer(run, text, size, "nightly.trace"));
	CHECK(sessionlint_end_baseline(run, count_stale, &stale));
	return stale == count ? 0 : -1;
}

/* ---- the logs of a machine ---- */

static void put_time(FILE *log, unsigned second)
{
	unsigned day = second / 86400;

	fprintf(log, "time=%u-%02u-%02uT%02u:%02u:%02uZ ", 2020 + day / 336, 1 + day / 28 % 12,
		1 + day % 28, second / 3600 % 24, second / 60 % 60, second % 60);
}

/* How the lives on a machine follow one another, each with a user of its own if there are many. */
struct lives {
	unsigned count, users, seconds; /* from one to the next */
	unsigned a_boot;                /* how many there are in a boot; 0: all */
	unsigned at_once;               /* how many are alive at a time */
};

enum {
	LSM,
	SYSTEM,
	PROFILE,
	LOGS
};

static const char *const sources[LOGS] = { "lsm", "winlogon", "profile" };

/* A logon or a logoff in one log. */
static void put_witness(FILE *log, unsigned source, const struct lives *lives, unsigned life,
			const char *event)
{
	unsigned in_boot = lives->a_boot ? life % lives->a_boot : life;
	unsigned end = event[4] == 'f' ? lives->seconds * lives->at_once - lives->seconds / 2 : 0;

	put_time(log, life * lives->seconds + end);
	fprintf(log, "host=rds source=%s session=%u user=LAB\\u%u event=%s", sources[source],
		2 + in_boot, life % lives->users, event);
	if (source == SYSTEM)
		fprintf(log, " process=%u", 1000 + 4 * in_boot);
	fprintf(log, "\n");
}

static void write_log(FILE *log, unsigned source, const struct lives *lives, unsigned first,
		      unsigned count)
{
	/* a life ends before the one begins that is so much later */
	for (unsigned i = first; i < first + count + lives->at_once - 1; i++) {
		if (lives->a_boot && i % lives->a_boot == 0 && source != PROFILE) {
			put_time(log, i * lives->seconds - 10);
			fprintf(log, "host=rds source=%s marker=boot\n", sources[source]);
		}
		if (i < first + count)
			put_witness(log, source, lives, i, "Logon");
		if (i + 1 >= first + lives->at_once)
			put_witness(log, source, lives, i + 1 - lives->at_once, "Logoff");
	}
}

/* Checks the logs of a machine, each in so many files. */
static int check_machine(struct sessionlint *run, const struct lives *lives, unsigned files)
{
	CHECK(sessionlint_set_together(run, SESSIONLINT_TOGETHER_MACHINE));
	for (unsigned i = 0; i < LOGS * files; i++) {
		unsigned each = lives->count / files;
		char *text, name[32];
		size_t size;
		FILE *log = open_memstream(&text, &size);
		int r;

		if (!log)
			exit(2);
		write_log(log, i % LOGS, lives, i / LOGS * each, each);
		fclose(log);
		snprintf(name, sizeof name, "%s-%u.trace", sources[i % LOGS], i / LOGS);
		r = sessionlint_check_buffer(run, text, size, name);
		free(text);
		CHECK(r);
	}
	return sessionlint_end_machine(run, "machine");
}

#define MACHINE(name, ...)                                                                         \
	static int name(struct sessionlint *run, const char *text, size_t size, unsigned count)    \
	{                                                                                          \
		const struct lives lives = { __VA_ARGS__ };                                        \
                                                                                                   \
		(void)text;                                                                        \
		(void)size;                                                                        \
		return check_machine(run, &lives, 1);                                              \
	}

MACHINE(check_lives, .count = count, .users = 8, .seconds = 100, .at_once = 1)
MACHINE(check_users, .count = count, .users = count, .seconds = 100, .at_once = 1)
MACHINE(check_boots, .count = 2 * count, .users = 8, .seconds = 100, .a_boot = 2, .at_once = 1)
MACHINE(check_dense, .count = count, .users = 8, .seconds = 2, .at_once = 1)
MACHINE(check_alive, .count = count, .users = 8, .seconds = 100, .at_once = count)

static int check_logs(struct sessionlint *run, const char *text, size_t size, unsigned count)
{
	const struct lives lives = { .count = count, .users = 8, .seconds = 100, .at_once = 1 };

	(void)text;
	(void)size;
	return check_machine(run, &lives, count);
}

#define EACH SESSIONLINT_TOTAL_EVENTS, 30, 10, LINEAR

static const struct growth_scenario scenarios[] = {
	{ "files", write_short, check_files, SESSIONLINT_TOTAL_FILES, 30, 10, LINEAR },
	{ "records fed", write_nothing, check_fed, SESSIONLINT_TOTAL_EVENTS, 30, 10, LINEAR },
	{ "records of a few stretches", write_nothing, check_few_stretches,
	  SESSIONLINT_TOTAL_EVENTS, 300, 10, LINEAR },
	{ "stretches of a log", write_nothing, check_many_stretches, SESSIONLINT_TOTAL_EVENTS, 3,
	  10, LINEAR },
	{ "lines fed, of as many sessions", write_nothing, check_fed_lines,
	  SESSIONLINT_TOTAL_EVENTS, 30, 10, LINEAR },
	{ "entries of a baseline", write_known, check_known, SESSIONLINT_TOTAL_SUPPRESSED, 100, 10,
	  LINEAR },
	{ "entries of a baseline that are stale", write_known, check_stale,
	  SESSIONLINT_TOTAL_SUPPRESSED, 30, 10, LINEAR },
	{ "together: lives", write_nothing, check_lives, EACH },
	{ "together: users", write_nothing, check_users, EACH },
	{ "together: boots", write_nothing, check_boots, EACH },
	{ "together: lives, close to each other", write_nothing, check_dense, EACH },
	{ "together: lives at the same time", write_nothing, check_alive, EACH },
	{ "together: files of each log", write_nothing, check_logs, EACH },
};

const struct growth_scenarios growth_runs = {
	.title = "what a run is given",
	.scenarios = scenarios,
	.count = sizeof scenarios / sizeof scenarios[0],
};
