/* SPDX-License-Identifier: MIT */
/*
 * Made-up machines: their account has no contradiction and lacks no witness, and each transition
 * that a record is left of is in it once, with its witnesses, in its session and boot and in order;
 * or the account is another one that is as good (ambiguous.h).
 *
 *	account-machines COUNT [SEED]
 */
#include <stdlib.h>

#include "ambiguous.h"
#include "judge.h"
#include "tap.h"

/* What is found of legal machines; everything else is wrong. */
static bool is_expected(unsigned rule)
{
	return rule == SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION ||
	       rule == SESSIONLINT_RULE_UNFINISHED || rule == SESSIONLINT_RULE_UNNAMED_SESSION ||
	       rule == SESSIONLINT_RULE_CLOCK_JUMP || rule == SESSIONLINT_RULE_IMPLIED_TERMINATION;
}

struct tally {
	unsigned machines, wrong, unexpected;
	unsigned jumps, miscounted; /* that the clock was set back */
	unsigned ambiguous;         /* whole machines that can be read in two ways */
	unsigned otherwise;         /* not read as they were, but in a way that is as good */
	unsigned long records, recovered, reconnects;
};

static void try_machine(uint64_t seed, struct machine_damage damage, struct tally *tally)
{
	static struct made_machine machine;
	static struct judgement judgement;
	const char *problem = NULL;
	unsigned unexpected = 0, jumps, found;
	int r;

	machine_make(&machine, seed, damage);
	r = judge_machine_records(&machine, &judgement);
	tally->ambiguous += machine_is_ambiguous(&machine);
	jumps = machine_count_jumps(&machine);
	found = judgement.findings[SESSIONLINT_RULE_CLOCK_JUMP];
	for (unsigned rule = 0; rule < RULES; rule++)
		if (judgement.findings[rule] > 0 && !is_expected(rule)) {
			unexpected += judgement.findings[rule];
			if (tally->unexpected + unexpected < 8)
				tap_note("seed %llu: %u of rule %s", (unsigned long long)seed,
					 judgement.findings[rule],
					 sessionlint_rule_info(rule)->name);
		}
	tally->jumps += jumps;
	if (r == 0 && (judgement.wrong > 0 || jumps != found) &&
	    machine_is_read_as_well(&judgement, &problem)) {
		tally->otherwise++;
		judgement.wrong = 0;
		found = jumps;
	}
	if ((r < 0 || judgement.wrong > 0) && tally->wrong < 8)
		tap_note("seed %llu: %d, %u wrong: %s (%s)", (unsigned long long)seed, r,
			 judgement.wrong, judgement.problem, problem ? problem : "");
	if (jumps != found && tally->miscounted++ < 8)
		tap_note("seed %llu: %u clock jumps, not %u (%s)", (unsigned long long)seed, found,
			 jumps, problem ? problem : "");
	tally->machines++;
	tally->wrong += r < 0 || judgement.wrong > 0;
	tally->unexpected += unexpected;
	tally->records += (unsigned long)machine.count;
	tally->recovered += judgement.recovered;
	tally->reconnects += judgement.findings[SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION];
}

static void try_machines(const char *what, uint64_t first, unsigned count,
			 struct machine_damage damage)
{
	struct tally tally = { 0 };

	for (unsigned i = 0; i < count; i++)
		try_machine(first + i, damage, &tally);
	tap_ok(tally.unexpected == 0,
	       "%s: nothing is found but reconnects (%lu), ends and clocks, and %u others", what,
	       tally.reconnects, tally.unexpected);
	tap_ok(tally.wrong == 0,
	       "%s: %u machines, %lu records, %lu transitions as they were; %u machines are not",
	       what, tally.machines, tally.records, tally.recovered, tally.wrong);
	tap_ok(tally.miscounted == 0, "%s: the clock was set back %u times, as reported", what,
	       tally.jumps);
	if (damage.steady)
		return;
	/* nobody can do better than to read most of them as they were */
	tap_ok(tally.otherwise * 50 <= (damage.rings ? count : tally.ambiguous),
	       "%s: %u machines are read in another way that is as good", what, tally.otherwise);
}

/* Spoils a reading: each way breaks one of its rules. */
static void spoil(struct reading *reading, unsigned way)
{
	struct reading_step *first = &reading->steps[0],
			    *last = &reading->steps[reading->count - 1];
	struct reading_step step = *first;

	while (first->record_count == 0)
		first++;
	switch (way) {
	case 0:
		first->record_count--;
		break;
	case 1:
		first->event = first->event == MACHINE_LOGON ? MACHINE_LOGOFF : MACHINE_LOGON;
		break;
	case 2:
		first->session += 100;
		break;
	case 3:
		*last = reading->steps[reading->count - 2];
		break;
	default:
		reading->steps[0] = *last;
		*last = step;
	}
}

/* What the account of a whole machine says is a reading without a problem, and none if it is
 * spoiled. */
static void check_readings(uint64_t first, unsigned count)
{
	static struct made_machine machine;
	static struct judgement judgement;
	static struct reading spoiled;
	unsigned tried = 0, wrong = 0, accepted = 0;
	struct reading_cost cost;

	for (unsigned i = 0; i < count; i++) {
		machine_make(&machine, first + i, (struct machine_damage) { .steady = true });
		if (judge_machine_records(&machine, &judgement) < 0 || judgement.reading.count < 8)
			continue;
		tried++;
		wrong += reading_problem(&judgement.reading, &cost) != NULL || cost.jumps > 0;
		for (unsigned way = 0; way < 5; way++) {
			spoiled = judgement.reading;
			spoil(&spoiled, way);
			accepted += !reading_problem(&spoiled, &cost) && cost.jumps == 0;
		}
	}
	tap_ok(tried > count / 2 && wrong == 0, "%u readings have no problem, %u have one", tried,
	       wrong);
	tap_ok(accepted == 0, "and spoiled in five ways each has one, %u have none", accepted);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

	check_readings(first, 50);
	try_machines("whole logs", first, count * 2 / 10,
		     (struct machine_damage) { .steady = true });
	try_machines("logs that begin late", first + 100000, count / 10,
		     (struct machine_damage) { .rings = true, .steady = true });
	try_machines("logs with gaps", first + 200000, count / 10,
		     (struct machine_damage) { .chunks = true, .steady = true });
	try_machines("logs that are absent or of several files", first + 300000, count / 10,
		     (struct machine_damage) { .absent = true, .files = true, .steady = true });
	try_machines("all of it", first + 400000, count * 2 / 10,
		     (struct machine_damage) { .rings = true,
					       .chunks = true,
					       .absent = true,
					       .files = true,
					       .steady = true });
	try_machines("whole logs while the clock is set", first + 500000, count / 10,
		     (struct machine_damage) { 0 });
	try_machines("all of it while the clock is set", first + 600000, count * 2 / 10,
		     (struct machine_damage) {
			     .rings = true, .chunks = true, .absent = true, .files = true });
	return tap_done();
}
