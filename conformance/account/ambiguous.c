/* SPDX-License-Identifier: MIT */
#include "ambiguous.h"

#include <stdlib.h>

/* Setting the clock back by less is not told from records that are out of order. */
#define WINDOW (10 * MACHINE_SECOND)

/* What is between two times at which the clock was set back. */
struct leg {
	int64_t ends;        /* in real time */
	int64_t first, last; /* the earliest and the latest time of its records, by the clock */
};

struct legs {
	struct leg list[MACHINE_JUMPS_MAX + 1];
	int count;
};

static int leg_of(const struct legs *legs, const struct machine_record *record)
{
	int number = 0;

	while (number + 1 < legs->count && record->real >= legs->list[number].ends)
		number++;
	return number;
}

static void find_legs(const struct made_machine *machine, struct legs *legs)
{
	legs->count = 0;
	for (int i = 0; i <= machine->jump_count; i++) {
		const struct machine_jump *jump = &machine->jumps[i];
		int64_t before = i > 0 ? jump[-1].ahead : 0;

		if (i == machine->jump_count || jump->ahead < before - WINDOW)
			legs->list[legs->count++] = (struct leg) {
				.ends = i == machine->jump_count ? INT64_MAX : jump->real,
				.first = INT64_MAX,
				.last = INT64_MIN,
			};
	}
	for (int i = 0; i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];
		struct leg *leg = &legs->list[leg_of(legs, record)];

		if (record->lost)
			continue;
		leg->first = record->time < leg->first ? record->time : leg->first;
		leg->last = record->time > leg->last ? record->time : leg->last;
	}
}

/* Whether another log has a record of the same transition, or of the same boot. */
static bool is_matched(const struct made_machine *machine, const struct machine_record *record)
{
	for (int i = 0; i < machine->count; i++) {
		const struct machine_record *other = &machine->records[i];

		if (other->lost || other == record || other->kind != record->kind)
			continue;
		if (record->kind == MACHINE_EVENT ? other->transition == record->transition
						  : other->boot == record->boot)
			return true;
	}
	return false;
}

/* The leg of the next record of the same log that is matched, in direction @step; the first or last
 * leg if there is none. */
static int bound(const struct made_machine *machine, const struct legs *legs, int number, int step)
{
	unsigned log = machine->records[number].log;

	for (int i = number + step; i >= 0 && i < machine->count; i += step)
		if (machine->records[i].log != log)
			break;
		else if (!machine->records[i].lost && is_matched(machine, &machine->records[i]))
			return leg_of(legs, &machine->records[i]);
	return step < 0 ? 0 : legs->count - 1;
}

bool machine_is_ambiguous(const struct made_machine *machine)
{
	struct legs legs;

	find_legs(machine, &legs);
	for (int i = 0; legs.count > 1 && i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];
		int own = leg_of(&legs, record);

		if (record->lost || is_matched(machine, record))
			continue;
		for (int number = bound(machine, &legs, i, -1);
		     number <= bound(machine, &legs, i, 1); number++) {
			const struct leg *leg = &legs.list[number];

			if (number != own && record->time >= leg->first - WINDOW &&
			    record->time <= leg->last + WINDOW)
				return true;
		}
	}
	return false;
}

static int compare_real(const void *a, const void *b)
{
	const struct machine_record *x = a, *y = b;

	return x->real < y->real ? -1 : x->real > y->real;
}

unsigned machine_count_jumps(const struct made_machine *machine)
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
		bool back = latest != INT64_MIN && records[i].time < latest - WINDOW;

		jumps += back;
		if (back || records[i].time > latest)
			latest = records[i].time;
	}
	return jumps;
}

bool machine_is_read_as_well(const struct judgement *judgement, const char **ret_problem)
{
	static struct made_machine steady;
	static struct judgement truth;
	struct reading_cost cost, true_cost;

	steady = *judgement->machine;
	steady.jump_count = 0;
	machine_finish(&steady);
	*ret_problem = reading_problem(&judgement->reading, &cost);
	if (!*ret_problem && judge_machine_records(&steady, &truth) < 0)
		*ret_problem = "the steady machine cannot be judged";
	if (!*ret_problem && truth.wrong > 0)
		*ret_problem = "the steady machine is not read as it was";
	if (!*ret_problem)
		*ret_problem = reading_problem(&truth.reading, &true_cost);
	if (*ret_problem)
		return false;
	true_cost.jumps = machine_count_jumps(judgement->machine);
	if (cost.jumps != true_cost.jumps)
		*ret_problem = cost.jumps < true_cost.jumps ? NULL
							    : "the clock is set back more often";
	else if (cost.unlikely > true_cost.unlikely)
		*ret_problem = "more is unseen, or without a session";
	return !*ret_problem;
}
