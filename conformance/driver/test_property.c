/* SPDX-License-Identifier: MIT */
/*
 * property RUNS [FIRST]
 *
 * Checks hosts without a fault, from seed FIRST on: whatever overlaps, lags, comes and goes or is
 * lost, there is no error. Prints TAP; the trace of a run that fails is written to
 * property-SEED.trace.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sessionlint.h"
#include "simulated.h"
#include "tap.h"

#define BUFFER_SIZE ((size_t)RECORDS_MAX * (RECORD_SIZE + 64))

struct outcome {
	unsigned errors;
	char first[512];
};

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct outcome *outcome = userdata;

	if (finding->severity != SESSIONLINT_SEVERITY_ERROR &&
	    finding->rule != SESSIONLINT_RULE_INSIDE_CALLBACK)
		return 0;
	if (outcome->errors++ == 0)
		snprintf(outcome->first, sizeof outcome->first, "line %" PRIu64 ": %s: %.*s",
			 finding->line, sessionlint_rule_info(finding->rule)->name,
			 (int)finding->message.size, finding->message.data);
	return 0;
}

/* What the seed makes of a run. */
static struct settings settings_of(uint64_t seed)
{
	struct host host = { .random = (seed + 77) * 0xd6e8feb86659fd93U };
	struct settings settings = {
		.events = chance(&host, 50),
		.numbered = chance(&host, 80),
		.cut = chance(&host, 50),
		.late = chance(&host, 15),
		.lose = chance(&host, 25) ? 1 + below(&host, 30) : 0,
		.boots = chance(&host, 15),
		.samples = chance(&host, 25),
		.objects = chance(&host, 70),
		.session_objects = chance(&host, 70),
		.lag = below(&host, 100),
		.drivers = 1 + below(&host, DRIVERS_MAX),
		.objects_count = 1 + below(&host, OBJECTS_MAX),
		.sessions_count = 1 + below(&host, SESSIONS_MAX),
		.steps = 10 + below(&host, 200),
	};

	if (settings.objects_count < settings.drivers)
		settings.drivers = settings.objects_count;
	settings.shuffled = settings.numbered && chance(&host, 50);
	settings.ones = 100;
	if (chance(&host, 60)) {
		settings.ones = chance(&host, 50) ? 0 : below(&host, 100);
		settings.twos = settings.numbered ? below(&host, 101 - settings.ones)
						  : 100 - settings.ones;
	}
	/* where records are lost, or may be because it is not known what seq counts, a call that is
	 * not shown can overlap those that are */
	settings.threads = settings.ones == 0 && settings.lose == 0 && !settings.late &&
			   (!settings.numbered || (settings.drivers == 1 && !settings.events)) &&
			   chance(&host, 60);
	if (settings.threads && (settings.cut || settings.boots))
		settings.twos = 100;
	settings.nameless = settings.session_objects && chance(&host, 30);
	return settings;
}

static int check(const struct settings *settings, const char *trace, size_t size,
		 struct outcome *outcome)
{
	struct sessionlint *run;
	FILE *file = tmpfile();
	int r;

	if (!file || fwrite(trace, 1, size, file) != size || fflush(file) != 0 ||
	    sessionlint_new(&run) < 0)
		return -errno;
	if (settings->late)
		sessionlint_set_start(run, SESSIONLINT_START_UNKNOWN);
	sessionlint_set_report(run, on_finding, outcome);
	rewind(file);
	r = sessionlint_check_descriptor(run, fileno(file), "trace");
	sessionlint_free(run);
	fclose(file);
	return r == -ENODATA ? 0 : r;
}

static void save(uint64_t seed, const char *trace, size_t size)
{
	char name[64];
	FILE *file;

	snprintf(name, sizeof name, "property-%" PRIu64 ".trace", seed);
	file = fopen(name, "wb");
	if (!file)
		return;
	fwrite(trace, 1, size, file);
	fclose(file);
}

/* Tries one seed; prints what fails. */
static bool try_seed(struct host *host, char *buffer, uint64_t seed)
{
	struct settings settings = settings_of(seed);
	struct outcome outcome = { 0 };
	size_t size;
	int r;

	host_run(host, &settings, seed);
	size = trace_write(host, buffer, BUFFER_SIZE);
	r = check(&settings, buffer, size, &outcome);
	if (r == 0 && outcome.errors == 0)
		return true;
	tap_note("seed %" PRIu64 ": %d, %u errors%s: %s", seed, r, outcome.errors,
		 settings.late ? " (--start=unknown)" : "", outcome.first);
	save(seed, buffer, size);
	return false;
}

int main(int count, char **arguments)
{
	uint64_t runs = count > 1 ? strtoull(arguments[1], NULL, 10) : 0;
	uint64_t first = count > 2 ? strtoull(arguments[2], NULL, 10) : 0, seed = first;
	struct host *host = malloc(sizeof *host);
	char *buffer = malloc(BUFFER_SIZE);
	unsigned failed = 0;

	if (!host || !buffer)
		return 2;
	for (; failed < 10 && seed < first + runs; seed++)
		failed += !try_seed(host, buffer, seed);
	tap_ok(failed == 0, "%" PRIu64 " hosts without a fault: no error", seed - first);
	free(host);
	free(buffer);
	return tap_done();
}
