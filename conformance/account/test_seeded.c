/* SPDX-License-Identifier: MIT */
/* Contradictions that were put into made-up machines: all are found, and named. */
#include <stdlib.h>

#include "judge.h"
#include "random.h"
#include "tap.h"

#define FAR (60 * MACHINE_SECOND)

enum seeded {
	SEEDED_MOVED,
	SEEDED_REMOVED,
	SEEDED_DUPLICATED,
	SEEDED_ILLEGAL,
	SEEDED_MIXED,
	SEEDED_KINDS,
};

static struct made_machine machine;
static struct judgement judgement;

/* Some record of a Logon or Logoff of the session manager, System or profile log, of a boot that
 * goes on: at its end logs are closed one by one. NULL: there is none. */
static struct machine_record *pick(void)
{
	for (unsigned tries = 0; tries < 200 && machine.count > 0; tries++) {
		struct machine_record *record =
			&machine.records[random_below((unsigned)machine.count)];
		bool ends = false, before = false, after = false;

		if (record->kind != MACHINE_EVENT || record->log > MACHINE_PROFILE ||
		    (record->event != MACHINE_LOGON && record->event != MACHINE_LOGOFF))
			continue;
		for (int i = 0; i < machine.count; i++) {
			const struct machine_record *other = &machine.records[i];

			ends |= other->kind == MACHINE_SHUTDOWN && other->boot == record->boot &&
				other->real < record->real + FAR;
			before |= other->log == record->log && other->real < record->real - FAR;
			after |= other->log == record->log && other->real > record->real + FAR;
		}
		if (!ends && before && after)
			return record;
	}
	return NULL;
}

static struct machine_record *copy_of(const struct machine_record *record)
{
	struct machine_record *copy = &machine.records[machine.count++];

	*copy = *record;
	copy->transition = machine.transition_count;
	return copy;
}

/* Whether nothing happens to the session of @record near @real. */
static bool is_quiet(const struct machine_record *record, int64_t real)
{
	for (int i = 0; i < machine.count; i++)
		if (machine.records[i].kind != MACHINE_EVENT ||
		    (machine.records[i].boot == record->boot &&
		     machine.records[i].session == record->session))
			if (llabs(machine.records[i].real - real) < FAR / 2)
				return false;
	return true;
}

static int64_t last_of(unsigned log)
{
	int64_t last = 0;

	for (int i = 0; i < machine.count; i++)
		if (machine.records[i].log == log && machine.records[i].real > last)
			last = machine.records[i].real;
	return last;
}

/* The same event once more, while no other can have come between: the session stays in the state
 * that it led to. */
static bool again_at(const struct machine_record *record, int64_t *ret_real)
{
	int64_t next = INT64_MAX;

	for (int i = 0; i < machine.count; i++) {
		const struct machine_record *other = &machine.records[i];

		if (((other->boot == record->boot && other->session == record->session) ||
		     other->kind != MACHINE_EVENT) &&
		    other->real > record->real + MACHINE_SECOND * 12 && other->real < next)
			next = other->real;
	}
	*ret_real = record->real + FAR;
	/* a log that has ended could have shown what makes it legal */
	for (unsigned log = MACHINE_LSM; log <= MACHINE_PROFILE; log++)
		if (last_of(log) < *ret_real + FAR)
			return false;
	return next != INT64_MAX && next > *ret_real + FAR / 2 && is_quiet(record, *ret_real);
}

/* Replaces a log by that of another machine; false: it has none. */
static bool mix_in(uint64_t seed)
{
	static struct made_machine other;
	unsigned log = MACHINE_SYSTEM + random_below(MACHINE_LOGS - MACHINE_SYSTEM);
	int kept = 0, taken = 0;

	machine_make(&other, seed, (struct machine_damage) { .steady = true });
	for (int i = 0; i < machine.count; i++)
		if (machine.records[i].log != log)
			machine.records[kept++] = machine.records[i];
	for (int i = 0; i < other.count && kept < MACHINE_RECORDS_MAX; i++)
		if (other.records[i].log == log) {
			machine.records[kept] = other.records[i];
			machine.records[kept++].transition = MACHINE_NONE;
			taken++;
		}
	machine.count = kept;
	machine.foreign = (uint8_t)(1U << log);
	machine.files[log] = 1;
	return taken > 0;
}

/* Puts one in; false: the machine has no place for it. *ret_record: what should be named, or of
 * which transition. */
static bool seed(enum seeded kind, int *ret_transition)
{
	struct machine_record *record = pick(), *copy;
	int64_t real = 0;

	if (!record)
		return false;
	if (machine.transition_count == MACHINE_TRANSITIONS_MAX)
		return false;
	*ret_transition = record->transition;
	switch (kind) {
	case SEEDED_MOVED:
		record->session += 1000;
		record->process = 0;
		break;
	case SEEDED_REMOVED:
		*record = machine.records[--machine.count];
		break;
	case SEEDED_DUPLICATED:
	case SEEDED_ILLEGAL:
		if (!again_at(record, &real))
			return false;
		machine.transitions[machine.transition_count] =
			machine.transitions[record->transition];
		machine.transitions[machine.transition_count].real = real;
		copy = copy_of(record);
		copy->real = real;
		*ret_transition = machine.transition_count;
		if (kind == SEEDED_DUPLICATED)
			break;
		copy = copy_of(copy);
		copy->log = record->log == MACHINE_LSM ? MACHINE_SYSTEM : MACHINE_LSM;
		copy->real += MACHINE_SECOND / 10;
		break;
	case SEEDED_MIXED:
		if (!mix_in(random_state))
			return false;
		break;
	case SEEDED_KINDS:
		break;
	}
	machine_sort(&machine);
	machine_finish(&machine);
	return true;
}

/* Whether it is named: the transition that lacks a record, the records that were added, or that
 * there is another computer. */
static bool is_named(enum seeded kind, int transition)
{
	if (kind == SEEDED_MIXED)
		return judgement.findings[SESSIONLINT_RULE_DIFFERENT_COMPUTERS] == 1;
	return kind == SEEDED_MOVED || kind == SEEDED_REMOVED ? judgement.missing[transition]
							      : judgement.named[transition];
}

static void try_kind(enum seeded kind, const char *what, unsigned count)
{
	unsigned tried = 0, missed = 0;

	for (uint64_t number = 1; number <= count; number++) {
		int transition;

		machine_make(&machine, 700000 + number, (struct machine_damage) { .steady = true });
		if (!seed(kind, &transition))
			continue;
		tried++;
		if (judge_machine_records(&machine, &judgement) == 0 && is_named(kind, transition))
			continue;
		if (missed++ < 4)
			tap_note("machine %u: not found", (unsigned)number);
	}
	tap_ok(missed == 0 && tried > count / 20, "%s: %u of %u are found and named", what,
	       tried - missed, tried);
}

int main(int argc, char **argv)
{
	static const char *const what[SEEDED_KINDS] = {
		"a record moved to another session", "a record removed from a complete log",
		"a record again at another time",    "an illegal event in two logs",
		"a log of another computer",
	};
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;

	for (unsigned kind = 0; kind < SEEDED_KINDS; kind++)
		try_kind((enum seeded)kind, what[kind], count);
	return tap_done();
}
