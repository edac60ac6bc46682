/* SPDX-License-Identifier: MIT */
/*
 * Made-up machines: their account has no contradiction and lacks no witness, and each transition
 * that a record is left of is in it once, with its witnesses, in its session and boot and in order.
 *
 *	account-machines COUNT [SEED]
 */
#include <stdlib.h>

#include "judge.h"
#include "tap.h"

/* What is found of legal machines; everything else is wrong. */
static bool is_expected(unsigned rule)
{
	return rule == SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION ||
	       rule == SESSIONLINT_RULE_UNFINISHED || rule == SESSIONLINT_RULE_UNNAMED_SESSION ||
	       rule == SESSIONLINT_RULE_CLOCK_JUMP || rule == SESSIONLINT_RULE_IMPLIED_TERMINATION;
}

/* Whether each transition that lacks a witness has lost one: the cut or the gap is closer than the
 * window, and by the records that are left it is on the other side of the transition. */
static bool have_lost(const struct made_machine *machine, const struct judgement *judgement)
{
	for (int transition = 0; transition < machine->transition_count; transition++) {
		bool lost = false;

		if (!judgement->missing[transition])
			continue;
		for (int i = 0; i < machine->count; i++)
			lost |= machine->records[i].lost &&
				machine->records[i].transition == transition;
		if (!lost)
			return false;
	}
	return true;
}

struct tally {
	unsigned machines, wrong, unexpected, missing;
	unsigned long records, recovered, reconnects;
};

static void try_machine(uint64_t seed, struct machine_damage damage, struct tally *tally)
{
	static struct made_machine machine;
	static struct judgement judgement;
	unsigned unexpected = 0;
	int r;

	machine_make(&machine, seed, damage);
	r = judge_machine_records(&machine, &judgement);
	if (machine.damaged && have_lost(&machine, &judgement)) {
		tally->missing += judgement.findings[SESSIONLINT_RULE_MISSING_WITNESS];
		judgement.findings[SESSIONLINT_RULE_MISSING_WITNESS] = 0;
	}
	for (unsigned rule = 0; rule < RULES; rule++)
		if (judgement.findings[rule] > 0 && !is_expected(rule)) {
			unexpected += judgement.findings[rule];
			if (tally->unexpected + unexpected < 8)
				tap_note("seed %llu: %u of rule %s", (unsigned long long)seed,
					 judgement.findings[rule],
					 sessionlint_rule_info(rule)->name);
		}
	if ((r < 0 || judgement.wrong > 0) && tally->wrong < 8)
		tap_note("seed %llu: %d, %u wrong: %s", (unsigned long long)seed, r,
			 judgement.wrong, judgement.problem);
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
	/* Where the clock was set, a connection that no other record matches can be on either side
	 * of it. Where the session manager's record of a reconnect is lost, its 66 can name the
	 * winlogon of another session, or be of the next use of the id. That depends on chance, so
	 * it is bounded and not excluded. */
	unsigned allowed = !damage.steady                                   ? count / 100
			   : damage.rings || damage.chunks || damage.absent ? 1 + count / 1000
									    : 0;
	struct tally tally = { 0 };

	for (unsigned i = 0; i < count; i++)
		try_machine(first + i, damage, &tally);
	if (tally.missing > 0)
		tap_note("%u witnesses that were lost are missed", tally.missing);
	tap_ok(tally.unexpected <= allowed,
	       "%s: nothing is found but reconnects (%lu), ends and clocks, and %u others", what,
	       tally.reconnects, tally.unexpected);
	tap_ok(tally.wrong <= allowed,
	       "%s: %u machines, %lu records, %lu transitions as they were; %u machines are not",
	       what, tally.machines, tally.records, tally.recovered, tally.wrong);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

	try_machines("whole logs", first, count * 2 / 10,
		     (struct machine_damage) { .steady = true });
	try_machines("logs that begin late", first + 100000, count * 2 / 10,
		     (struct machine_damage) { .rings = true, .steady = true });
	try_machines("logs with gaps", first + 200000, count * 2 / 10,
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
	return tap_done();
}
