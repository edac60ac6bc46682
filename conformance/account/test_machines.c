/* SPDX-License-Identifier: MIT */
/*
 * Made-up machines: their account has no contradiction and lacks no witness, and each transition
 * that a record is left of is in it once, with its witnesses, in its session and boot and in order.
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

static int compare_real(const void *a, const void *b)
{
	const struct machine_record *x = a, *y = b;

	return x->real < y->real ? -1 : x->real > y->real;
}

/* How often the records that are left show that the clock was set back by more than the window. */
static unsigned count_jumps(const struct made_machine *machine)
{
	static struct machine_record records[MACHINE_RECORDS_MAX];
	int64_t latest = INT64_MIN;
	unsigned jumps = 0;
	size_t count = 0;

	for (int i = 0; i < machine->count; i++)
		if (!machine->records[i].lost)
			records[count++] = machine->records[i];
	qsort(records, count, sizeof records[0], compare_real);
	for (size_t i = 0; i < count; i++) {
		bool back = latest != INT64_MIN && records[i].time < latest - 10 * MACHINE_SECOND;

		jumps += back;
		if (back || records[i].time > latest)
			latest = records[i].time;
	}
	return jumps;
}

struct tally {
	unsigned machines, wrong, unexpected;
	unsigned jumps, miscounted;    /* that the clock was set back */
	unsigned ambiguous, otherwise; /* could be read in two ways; and were not read as it was */
	unsigned long records, recovered, reconnects;
};

static void try_machine(uint64_t seed, struct machine_damage damage, struct tally *tally)
{
	static struct made_machine machine;
	static struct judgement judgement;
	unsigned unexpected = 0, jumps;
	bool ambiguous;
	int r;

	machine_make(&machine, seed, damage);
	r = judge_machine_records(&machine, &judgement);
	ambiguous = machine_is_ambiguous(&machine);
	tally->ambiguous += ambiguous;
	for (unsigned rule = 0; rule < RULES; rule++)
		if (judgement.findings[rule] > 0 && !is_expected(rule)) {
			unexpected += judgement.findings[rule];
			if (tally->unexpected + unexpected < 8)
				tap_note("seed %llu: %u of rule %s", (unsigned long long)seed,
					 judgement.findings[rule],
					 sessionlint_rule_info(rule)->name);
		}
	if (ambiguous && r == 0 && judgement.wrong > 0) {
		tally->otherwise++;
		judgement.wrong = 0;
	}
	if ((r < 0 || judgement.wrong > 0) && tally->wrong < 8)
		tap_note("seed %llu: %d, %u wrong: %s", (unsigned long long)seed, r,
			 judgement.wrong, judgement.problem);
	jumps = count_jumps(&machine);
	tally->jumps += jumps;
	if (!ambiguous && jumps != judgement.findings[SESSIONLINT_RULE_CLOCK_JUMP] &&
	    tally->miscounted++ < 8)
		tap_note("seed %llu: %u clock jumps, not %u", (unsigned long long)seed,
			 judgement.findings[SESSIONLINT_RULE_CLOCK_JUMP], jumps);
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
	/* Where records are lost and the clock is set back, those can be lost that would say on
	 * which side of that others are: then a few machines are read otherwise. */
	unsigned allowed = !damage.steady && damage.rings ? 1 + count / 200 : 0;
	struct tally tally = { 0 };

	for (unsigned i = 0; i < count; i++)
		try_machine(first + i, damage, &tally);
	tap_ok(tally.unexpected <= allowed,
	       "%s: nothing is found but reconnects (%lu), ends and clocks, and %u others", what,
	       tally.reconnects, tally.unexpected);
	tap_ok(tally.wrong <= allowed,
	       "%s: %u machines, %lu records, %lu transitions as they were; %u machines are not",
	       what, tally.machines, tally.records, tally.recovered, tally.wrong);
	tap_ok(tally.miscounted <= allowed, "%s: the clock was set back %u times, as reported",
	       what, tally.jumps);
	if (damage.steady || damage.rings)
		return;
	/* nobody can do better than to read most of them as they were */
	tap_ok(tally.otherwise * 4 <= tally.ambiguous,
	       "%s: %u machines can be read in two ways, %u are not read as they were", what,
	       tally.ambiguous, tally.otherwise);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

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
