/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <inttypes.h>

const char *const reading_names[READINGS] = {
	[READ_PLAINLY] = "plainly",
	[READ_LATE] = "late",
	[READ_STRICT] = "strict",
	[READ_KNOWN] = "known",
};

/* One of several values, all as likely. */
#define ONE_OF(random, ...)                                                                        \
	((const unsigned[]) { __VA_ARGS__ }[random_below(                                          \
		random, sizeof((const unsigned[]) { __VA_ARGS__ }) / sizeof(unsigned))])

static void draw_world(struct random *random, unsigned lives, bool judged, struct plan *plan)
{
	/* short traces show less of what seq counts, long ones have more to say */
	if (!judged)
		lives *= ONE_OF(random, 1, 5, 25, 100);
	plan->lives = 1 + random_below(random, 2 * lives);
	plan->hosts = ONE_OF(random, 1, 1, 2, 2, 3, 4);
	plan->ids = judged ? ONE_OF(random, 1, 1, 2, 3) : ONE_OF(random, 1, 2, 4, 16, 64);
	plan->named = plan->hosts > 1 || random_chance(random, 500);
	plan->sources[0] = (enum source)ONE_OF(random, WDM, WDM, WDM, WTS, WTS, SENS, LSM, LSM,
					       WINLOGON);
	plan->sources[1] = (enum source)random_below(random, SOURCES);
	plan->source_count = random_chance(random, 200) && plan->sources[1] != plan->sources[0] ? 2
												: 1;
	plan->reconnects = plan->reading != READ_STRICT && random_chance(random, 700);
	plan->observed = random_chance(random, 400);
	plan->boots = (enum boots)ONE_OF(random, BOOTS_NONE, BOOTS_NONE, BOOTS_MARKED, BOOTS_VALUED,
					 BOOTS_BOTH);
	plan->ends = random_chance(random, 200);
}

static void draw_drivers(struct random *random, struct plan *plan)
{
	plan->drivers = 1 + random_below(random, DRIVERS_MAX);
	plan->sources[0] = WDM;
	plan->source_count = 1;
	plan->observed = false;
}

/* A driver of which nothing is lost: what else it can know, a search through runs does not say. */
static void draw_driver_alone(struct random *random, struct plan *plan)
{
	draw_drivers(random, plan);
	plan->drivers = 1;
	plan->losses = LOSES_NOTHING;
	if (plan->reading == READ_LATE)
		plan->reading = READ_PLAINLY;
	plan->cut = plan->skipped = 0;
	if (plan->first > 1)
		plan->first = 1;
	if (plan->breach == BREACH_STATE)
		plan->breach = BREACH_INSERTED;
}

static void draw_numbers(struct random *random, struct plan *plan)
{
	plan->numbering = (enum numbering)ONE_OF(random, NUMBERED_NOT, NUMBERED_BY_TRACE,
						 NUMBERED_BY_TRACE, NUMBERED_BY_HOST,
						 NUMBERED_BY_HOST);
	if (plan->drivers && random_chance(random, 500))
		plan->numbering = NUMBERED_BY_DRIVER;
	plan->first = random_below(random, 2);
	if (plan->boots != BOOTS_NONE && plan->numbering != NUMBERED_NOT)
		plan->restarts = plan->numbering == NUMBERED_BY_DRIVER ||
				 (random_chance(random, 500) &&
				  (plan->numbering == NUMBERED_BY_HOST || plan->hosts == 1));
	plan->bare = random_chance(random, 300);
	/* a capture of which the beginning is gone */
	if (plan->numbering != NUMBERED_NOT && plan->reading != READ_KNOWN &&
	    random_chance(random, 100)) {
		plan->wraps = random_chance(random, 300);
		plan->first = plan->wraps ? UINT32_MAX - random_below(random, 300)
					  : 2 + random_next(random) % 1000000;
		plan->skipped = random_below(random, 100);
		plan->restarts = false;
	}
}

static void draw_capture(struct random *random, struct plan *plan)
{
	bool numbered = plan->numbering != NUMBERED_NOT;

	plan->losses = (enum losses)ONE_OF(random, LOSES_NOTHING, LOSES_COUNTED, LOSES_COUNTED,
					   LOSES_TOLD, LOSES_FIRST);
	if (!numbered && plan->losses != LOSES_TOLD)
		plan->losses = LOSES_NOTHING;
	plan->lost = ONE_OF(random, 2, 10, 50, 200);
	if (numbered) {
		plan->window = ONE_OF(random, 0, 0, 1, 3, 20, 300, 2000);
		plan->twice = ONE_OF(random, 0, 0, 10, 100);
	}
	/* a gap that is told must not be lost itself */
	if (random_chance(random, 500) && plan->losses != LOSES_TOLD)
		plan->cut = random_below(random, 500);
	/* what is lost before a count that has wrapped, nobody can know */
	if (plan->wraps) {
		plan->cut = 0;
		if (plan->losses == LOSES_FIRST)
			plan->losses = LOSES_NOTHING;
	}
	if (plan->reading == READ_LATE)
		plan->skipped = random_below(random, 200);
}

void plan_draw(struct random *random, unsigned lives, bool judged, struct plan *ret_plan)
{
	struct plan plan = { .reading = (enum reading)ONE_OF(random, READ_PLAINLY, READ_PLAINLY,
							     READ_PLAINLY, READ_LATE, READ_STRICT,
							     READ_KNOWN) };

	draw_world(random, lives, judged, &plan);
	if (!judged && plan.reading != READ_STRICT && random_chance(random, 200))
		draw_drivers(random, &plan);
	draw_numbers(random, &plan);
	draw_capture(random, &plan);
	if (judged)
		plan.breach = (enum breach)(1 + random_below(random, BREACHES - 1));
	if (judged && random_chance(random, 100))
		draw_driver_alone(random, &plan);
	*ret_plan = plan;
}

static const char *const numbering_names[] = {
	[NUMBERED_NOT] = "without numbers",
	[NUMBERED_BY_TRACE] = "numbered by trace",
	[NUMBERED_BY_HOST] = "numbered by host",
	[NUMBERED_BY_DRIVER] = "numbered by driver",
};

static const char *const boots_names[] = {
	[BOOTS_NONE] = "no boots",
	[BOOTS_MARKED] = "boots by marker",
	[BOOTS_VALUED] = "boots by value",
	[BOOTS_BOTH] = "boots by marker and value",
};

static const char *const losses_names[] = {
	[LOSES_NOTHING] = "nothing lost",
	[LOSES_COUNTED] = "records lost",
	[LOSES_TOLD] = "records lost, by marker",
	[LOSES_FIRST] = "first records lost",
};

static const char *const breach_names[BREACHES] = {
	[BREACH_NONE] = "legal",
	[BREACH_INSERTED] = "an event inserted",
	[BREACH_DROPPED] = "an event dropped",
	[BREACH_SWAPPED] = "two events swapped",
	[BREACH_REPLACED] = "an event replaced",
	[BREACH_REPEATED] = "an event repeated",
	[BREACH_STATE] = "a state claimed",
	[BREACH_MOVED] = "an event moved to another session",
};

void plan_print(const struct plan *plan, FILE *file)
{
	fprintf(file, "# %s; %u hosts, %u drivers; %s; %s", breach_names[plan->breach], plan->hosts,
		plan->drivers, boots_names[plan->boots], numbering_names[plan->numbering]);
	if (plan->numbering != NUMBERED_NOT)
		fprintf(file, " from %" PRIu64 "%s%s%s, window %u, %u permille twice", plan->first,
			plan->restarts ? ", again with each boot" : "",
			plan->wraps ? ", wrapping" : "", plan->bare ? ", but for markers" : "",
			plan->window, plan->twice);
	fprintf(file, "; %s, %u permille; %u skipped, %u permille cut\n",
		losses_names[plan->losses], plan->lost, plan->skipped, plan->cut);
}
