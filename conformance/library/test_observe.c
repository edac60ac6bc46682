/* SPDX-License-Identifier: MIT */
/* The observer of a run: it changes no finding, and it is told what the records say. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sessionlint.h"
#include "tap.h"
#include "totals.h"

#define TRACES 200U
#define LINES  60U

static uint64_t random_state;

static unsigned random_below(unsigned limit)
{
	random_state = random_state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(random_state >> 33) % limit;
}

/* What a run said, and what its observer was told. */
struct said {
	uint64_t findings; /* a hash of them */
	struct totals totals;
	unsigned steps[4]; /* by kind */
	unsigned unsound;
	char story[4096];
};

static void mix(struct said *said, const void *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		said->findings = (said->findings ^ ((const unsigned char *)data)[i]) *
				 0x100000001b3U;
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct said *said = userdata;

	mix(said, &finding->rule, sizeof finding->rule);
	mix(said, &finding->line, sizeof finding->line);
	mix(said, &finding->belief, sizeof finding->belief);
	mix(said, &finding->incarnation, sizeof finding->incarnation);
	mix(said, &finding->cascade, sizeof finding->cascade);
	mix(said, finding->message.data, finding->message.size);
	return 0;
}

/* An explained event leads from each of its states, by the model, to what is said to be behind it.
 */
static bool is_sound(const struct sessionlint_step *step)
{
	sessionlint_belief from = step->before, next;

	if (step->kind != SESSIONLINT_STEP_EVENT || step->event == SESSIONLINT_EVENT_IGNORE ||
	    step->verdict > SESSIONLINT_VERDICT_IMPLIED)
		return true;
	next = sessionlint_model_next(SESSIONLINT_SOURCE_WDM, SESSIONLINT_TOLERANCE_KNOWN, from,
				      step->event);
	return from && step->after && !(step->after & ~next);
}

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	static const char verdicts[] = "LUICX";
	struct said *said = userdata;
	size_t size = strlen(said->story);

	said->steps[step->kind]++;
	said->unsound += !is_sound(step);
	snprintf(said->story + size, sizeof said->story - size,
		 "%s%llu %c%c %.*s/%u.%u %02x>%02x%s%s", size ? ", " : "",
		 (unsigned long long)step->line, "ESLX"[step->kind],
		 step -> kind <= SESSIONLINT_STEP_SAMPLE ? verdicts[step->verdict] : '-',
		 (int)step->host.size, step->host.data ? step->host.data : "", step->session,
		 step->incarnation, step->before, step->after, step->unseen ? " unseen" : "",
		 step->renewed ? " renewed" : "");
}

/* Checks a trace; false if it cannot be checked. */
static bool check(const char *trace, bool observed, struct said *ret_said)
{
	struct sessionlint *run;
	FILE *file = tmpfile();
	bool good;

	memset(ret_said, 0, sizeof *ret_said);
	if (!file || sessionlint_new(&run) < 0)
		return false;
	sessionlint_set_report(run, on_finding, ret_said);
	sessionlint_set_observe(run, observed ? on_step : NULL, ret_said);
	fputs(trace, file);
	fflush(file);
	good = lseek(fileno(file), 0, SEEK_SET) == 0 &&
	       sessionlint_check_descriptor(run, fileno(file), "x") == 0;
	totals_read(run, &ret_said->totals);
	sessionlint_free(run);
	fclose(file);
	return good;
}

static void write_random(char *trace, size_t room)
{
	static const char *const sources[] = { "wdm",     "wdm", "wdm",      "wts",
					       "sens",    "lsm", "winlogon", "winlogon-operational",
					       "profile", "rdp", "account" };
	size_t size = 0;

	for (unsigned i = 0; i < LINES; i++) {
		unsigned what = random_below(40);
		const char *source = sources[random_below(sizeof sources / sizeof sources[0])];

		if (what == 0)
			size += (size_t)snprintf(trace + size, room - size, "marker=%s\n",
						 random_below(2) ? "gap" : "boot");
		else if (what < 4)
			size += (size_t)snprintf(trace + size, room - size,
						 "session=%u source=%s state=%u\n", random_below(3),
						 source, random_below(8) + 1);
		else if (what < 8)
			size += (size_t)snprintf(trace + size, room - size,
						 "session=%u source=%s event=%u from=%u to=%u\n",
						 random_below(3), source, random_below(7),
						 random_below(8) + 1, random_below(8) + 1);
		else
			size += (size_t)snprintf(trace + size, room - size,
						 "session=%u source=%s event=%u\n", random_below(3),
						 source,
						 random_below(20) ? random_below(6) + 1 : 7);
	}
}

static void check_random(void)
{
	static char trace[LINES * 64];
	static struct said with, without;
	unsigned same = 0, sound = 0, ends = 0;

	for (unsigned i = 0; i < TRACES; i++) {
		random_state = i;
		write_random(trace, sizeof trace);
		if (!check(trace, true, &with) || !check(trace, false, &without))
			break;
		same += with.findings == without.findings &&
			memcmp(&with.totals, &without.totals, sizeof with.totals) == 0;
		sound += with.unsound == 0;
		ends += with.steps[SESSIONLINT_STEP_END] ==
			with.totals.of[SESSIONLINT_TOTAL_INCARNATIONS];
	}
	tap_ok(same == TRACES, "%u of %u random traces: an observer changes nothing", same, TRACES);
	tap_ok(sound == TRACES, "%u of %u: each explained step is one of the model", sound, TRACES);
	tap_ok(ends == TRACES, "%u of %u: each life has an end", ends, TRACES);
}

static void check_story(const char *what, const char *trace, const char *story)
{
	static struct said said;

	if (!tap_ok(check(trace, true, &said) && strcmp(said.story, story) == 0, "%s", what))
		tap_note("expected %s\n# got      %s", story, said.story);
}

int main(void)
{
	check_story("a life and its next",
		    "host=a session=1 event=Created\nhost=a session=1 event=Terminated\n"
		    "host=a session=1 event=Created\n",
		    "1 EL a/1.1 02>01, 2 EL a/1.1 01>80, 3 X- a/1.1 80>00, "
		    "3 EL a/1.2 02>01 unseen renewed, 3 X- a/1.2 01>00");
	check_story("what is illegal, undocumented, contradicted, and no event",
		    "session=1 event=Created\nsession=1 event=Logon\n"
		    "session=1 event=Disconnected from=LoggedOn\nsession=1 event=Connected\n"
		    "session=1 state=Connected\nsession=1 event=Max\n",
		    "1 EL /1.1 02>01, 2 EX /1.1 01>30, 3 EL /1.1 20>10, 4 EU /1.1 10>20, "
		    "5 SC /1.1 20>04, 6 EX /1.1 04>ff, 6 L- /1.1 04>ff, 6 X- /1.1 ff>00");
	check_random();
	return tap_done();
}
