/* SPDX-License-Identifier: MIT */
/*
 * What grows with what: the work of the library for inputs of sizes that are ten times as large
 * each time, and the exponent with which it grows, which is 1 for what is linear. It is that of
 * what is added from size to size, so that a constant part does not hide anything. Prints TAP; with
 * `table` the table of docs/performance.md. A second argument leaves out all things without that
 * word.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "growth.h"
#include "tap.h"

#define SIZES 4

struct measured {
	unsigned sizes[SIZES];
	uint64_t work[SIZES];
	uint64_t total; /* at the largest size */
	int result;
};

static int check(struct sessionlint *run, const struct growth_scenario *scenario, unsigned count)
{
	char *text;
	size_t size;
	FILE *trace = open_memstream(&text, &size);
	int r;

	if (!trace)
		exit(2);
	scenario->write(trace, count);
	fclose(trace);
	growth_work = 0;
	if (scenario->check)
		r = scenario->check(run, text, size, count);
	else
		r = sessionlint_check_buffer(run, text, size, "trace");
	free(text);
	return r;
}

static struct measured measure(const struct growth_scenario *scenario)
{
	struct measured measured = { .result = 0 };
	unsigned count = scenario->smallest;

	for (unsigned i = 0; i < SIZES; i++, count *= scenario->times) {
		struct sessionlint *run;
		int r;

		if (sessionlint_new(&run) < 0)
			exit(2);
		r = check(run, scenario, count);
		measured.total = sessionlint_total(run, scenario->total);
		/* what it takes to free is work, too */
		sessionlint_free(run);
		measured.sizes[i] = count;
		measured.work[i] = growth_work;
		if (r < 0)
			measured.result = r;
	}
	return measured;
}

/* Of the last two steps: what is bounded has reached its bound by then. */
static double exponent_of(const struct growth_scenario *scenario, const struct measured *measured)
{
	const uint64_t *work = measured->work;
	double before = (double)(work[SIZES - 2] - work[SIZES - 3]);
	double after = (double)(work[SIZES - 1] - work[SIZES - 2]);

	return log(after / before) / log(scenario->times);
}

static void test(const struct growth_scenario *scenario)
{
	struct measured measured = measure(scenario);
	double exponent = exponent_of(scenario, &measured);
	unsigned largest = measured.sizes[SIZES - 1];

	tap_ok(measured.result == 0 && measured.total >= largest && exponent <= scenario->most,
	       "%s: work grows with an exponent of at most %.2f", scenario->thing, scenario->most);
	if (scenario->why)
		tap_note("%s", scenario->why);
	tap_note("exponent %.3f, %.0f each; %" PRIu64 " of %u there; the result is %d", exponent,
		 (double)measured.work[SIZES - 1] / largest, measured.total, largest,
		 measured.result);
	for (unsigned i = 0; i < SIZES; i++)
		tap_note("%u: %" PRIu64, measured.sizes[i], measured.work[i]);
}

static void print_row(const struct growth_scenario *scenario)
{
	struct measured measured = measure(scenario);
	unsigned largest = measured.sizes[SIZES - 1];

	printf("| %s | %u | %.2f | %.0f |\n", scenario->thing, largest,
	       exponent_of(scenario, &measured), (double)measured.work[SIZES - 1] / largest);
}

int main(int count, char **arguments)
{
	static const struct growth_scenarios *const parts[] = { &growth_sessions, &growth_text,
								&growth_drivers, &growth_runs };
	bool table = count > 1 && strcmp(arguments[1], "table") == 0;

	for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (table)
			printf("%s| %s | up to | exponent | blocks each |\n|---|---|---|---|\n",
			       i ? "\n" : "", parts[i]->title);
		for (unsigned j = 0; j < parts[i]->count; j++) {
			if (count > 2 && !strstr(parts[i]->scenarios[j].thing, arguments[2]))
				continue;
			if (table)
				print_row(&parts[i]->scenarios[j]);
			else
				test(&parts[i]->scenarios[j]);
		}
	}
	return table ? 0 : tap_done();
}
