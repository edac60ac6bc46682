/* SPDX-License-Identifier: MIT */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

#include "session_table.h"

#define WINDOW (10 * MACHINE_SECOND)

int reading_find_record(const struct made_machine *machine,
			const struct sessionlint_witness *witness)
{
	static const uint8_t logs[] = {
		[SESSIONLINT_SOURCE_LSM] = MACHINE_LSM,
		[SESSIONLINT_SOURCE_WINLOGON] = MACHINE_SYSTEM,
		[SESSIONLINT_SOURCE_PROFILE] = MACHINE_PROFILE,
		[SESSIONLINT_SOURCE_RDP] = MACHINE_RDP,
		[SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL] = MACHINE_WINLOGON,
	};
	int low = 0, high = machine->count;

	while (low < high) {
		int middle = low + (high - low) / 2;
		const struct machine_record *record = &machine->records[middle];

		if (record->log < logs[witness->source] ||
		    (record->log == logs[witness->source] && record->number < witness->line))
			low = middle + 1;
		else
			high = middle;
	}
	return low < machine->count && machine->records[low].log == logs[witness->source] &&
			       machine->records[low].number == witness->line
		       ? low
		       : MACHINE_NONE;
}

void reading_begin(struct reading *reading, const struct made_machine *machine)
{
	reading->machine = machine;
	reading->count = 0;
	reading->odd = false;
}

void reading_add(struct reading *reading, const struct sessionlint_step *step)
{
	struct reading_step *to = &reading->steps[reading->count];

	if (step->kind != SESSIONLINT_STEP_EVENT || step->event == SESSIONLINT_NO_EVENT)
		return;
	if (reading->count == MACHINE_TRANSITIONS_MAX * 2)
		abort();
	reading->count++;
	*to = (struct reading_step) {
		.boot = step->boot_ordinal,
		.session = step->session,
		.unnamed = step->source == SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL,
		.event = (uint8_t)step->event,
	};
	reading->odd |= step->witness_count > MACHINE_LOGS;
	for (unsigned i = 0; i < step->witness_count && i < MACHINE_LOGS; i++) {
		int record = reading_find_record(reading->machine, &step->witnesses[i]);

		reading->odd |= record == MACHINE_NONE || reading->machine->records[record].lost;
		to->records[to->record_count++] = record == MACHINE_NONE ? 0 : record;
	}
}

/* ---- each record is a witness of one transition ---- */

static bool is_witness(const struct reading *reading, const struct reading_step *step,
		       const struct machine_record *record)
{
	const struct machine_record *first = &reading->machine->records[step->records[0]];

	if (record->event != step->event || llabs(record->time - first->time) > WINDOW)
		return false;
	if (step->unnamed)
		return record->log == MACHINE_WINLOGON && record->process == step->session;
	return record->log == MACHINE_WINLOGON || record->session == step->session;
}

static const char *check_witnesses(const struct reading *reading)
{
	static unsigned seen[MACHINE_RECORDS_MAX];
	const struct made_machine *machine = reading->machine;

	memset(seen, 0, sizeof seen);
	for (unsigned i = 0; i < reading->count; i++) {
		const struct reading_step *step = &reading->steps[i];

		for (unsigned j = 0; j < step->record_count; j++) {
			if (!is_witness(reading, step, &machine->records[step->records[j]]))
				return "a record cannot be a witness of its transition";
			seen[step->records[j]]++;
		}
	}
	for (int i = 0; i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];

		if (seen[i] != (record->kind == MACHINE_EVENT && !record->lost))
			return "a record is not a witness of one transition";
	}
	return NULL;
}

/* A process serves one session of a boot, unless it has begun again or ended in between. */
static const char *check_processes(const struct reading *reading)
{
	for (unsigned i = 0; i < reading->count; i++)
		for (unsigned j = 0; j < reading->steps[i].record_count; j++) {
			const struct reading_step *one = &reading->steps[i];
			uint32_t process = reading->machine->records[one->records[j]].process;

			for (unsigned k = i + 1; process && k < reading->count; k++) {
				const struct reading_step *other = &reading->steps[k];
				bool same = other->session == one->session &&
					    other->unnamed == one->unnamed;

				if (other->boot != one->boot)
					break;
				for (unsigned l = 0; !same && l < other->record_count; l++)
					if (reading->machine->records[other->records[l]].process ==
					    process)
						return "a process serves two sessions";
			}
		}
	return NULL;
}

/* ---- each session is a run of the table ---- */

/* The states in which a session can be after an event, bit n for state n. */
static unsigned after_event(unsigned states, unsigned event)
{
	unsigned after = 0;

	for (unsigned from = 1; from < STATES; from++)
		if (states >> from & 1)
			after |= 1U << (from == TERMINATED && event == CREATE
						? CREATED
						: session_next(from, event));
	return after & ~(1U << NOWHERE);
}

/* The states that those lead to while nothing is seen. */
static unsigned while_unseen(unsigned states)
{
	for (unsigned before = 0; before != states;) {
		before = states;
		for (unsigned event = CREATE; event < EVENTS; event++)
			states |= after_event(states, event);
	}
	return states;
}

/* The states after the steps of the session of step @first, from that on, if it was in one of
 * @states before. Nothing that is unseen is known of a process without a session. */
static unsigned after_run(const struct reading *reading, unsigned first, unsigned states)
{
	const struct reading_step *begins = &reading->steps[first];

	for (unsigned i = first; states && i < reading->count; i++) {
		const struct reading_step *step = &reading->steps[i];

		if (step->boot != begins->boot || step->session != begins->session ||
		    step->unnamed != begins->unnamed)
			continue;
		if (step->unnamed)
			states = while_unseen(states);
		states = after_event(states, step->event);
	}
	return states;
}

/* How many transitions of the session of step @first were before the logs begin, at least; NONE:
 * the rest is no run. */
static int count_before(const struct reading *reading, unsigned first)
{
	const struct reading_step *begins = &reading->steps[first];
	unsigned states = 1U << INITIALIZED;

	if (!after_run(reading, first, (1U << STATES) - 2))
		return MACHINE_NONE;
	if (begins->unnamed)
		return begins->boot == 0 && begins->event != CREATE;
	for (int count = 0; count <= STATES; count++) {
		unsigned next = states;

		if (after_run(reading, first, states))
			return count;
		if (begins->boot > 0)
			break;
		for (unsigned event = CREATE; event < EVENTS; event++)
			next |= after_event(states, event);
		states = next;
	}
	return MACHINE_NONE;
}

static bool is_first(const struct reading *reading, unsigned number)
{
	const struct reading_step *step = &reading->steps[number];

	for (unsigned i = 0; i < number; i++)
		if (reading->steps[i].boot == step->boot &&
		    reading->steps[i].session == step->session &&
		    reading->steps[i].unnamed == step->unnamed)
			return false;
	return true;
}

static const char *check_runs(const struct reading *reading, struct reading_cost *cost)
{
	for (unsigned i = 0; i < reading->count; i++) {
		int before;

		cost->unlikely += reading->steps[i].record_count == 0;
		if (!is_first(reading, i))
			continue;
		before = count_before(reading, i);
		if (before == MACHINE_NONE)
			return "a session has an illegal transition";
		cost->unlikely += (unsigned)before + reading->steps[i].unnamed;
	}
	return NULL;
}

/* ---- the order of all records ---- */

/* Transitions that are closer than the window can be in any order. */
static const char *check_order(const struct reading *reading)
{
	const struct machine_record *last[MACHINE_LOGS] = { NULL };
	uint64_t boots[MACHINE_LOGS] = { 0 };

	for (unsigned i = 0; i < reading->count; i++) {
		const struct reading_step *step = &reading->steps[i];

		for (unsigned j = 0; j < step->record_count; j++) {
			const struct machine_record *record =
				&reading->machine->records[step->records[j]];
			const struct machine_record *before = last[record->log];

			if (before && record->number < before->number &&
			    llabs(record->time - before->time) > WINDOW)
				return "the records of a log are not in their order";
			for (const struct machine_record *at = before; at && at < record; at++)
				if (at->kind == MACHINE_BOOT && !at->lost &&
				    step->boot <= boots[record->log])
					return "a boot is in the middle of another one";
			if (!before || record->number > before->number)
				last[record->log] = record;
			boots[record->log] = step->boot;
		}
	}
	return NULL;
}

/* The records in the order of the reading; boots and shutdowns, of which it has none, are left for
 * count_jumps() to place. */
struct sequence {
	const struct machine_record *events[MACHINE_RECORDS_MAX];
	const struct machine_record *markers[2][MACHINE_RECORDS_MAX]; /* of two logs */
	unsigned event_count, marker_counts[2];
};

static void make_sequence(const struct reading *reading, struct sequence *sequence)
{
	const struct made_machine *machine = reading->machine;

	sequence->event_count = sequence->marker_counts[0] = sequence->marker_counts[1] = 0;
	for (unsigned i = 0; i < reading->count; i++)
		if (reading->steps[i].record_count > 0)
			sequence->events[sequence->event_count++] =
				&machine->records[reading->steps[i].records[0]];
	for (int i = 0; i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];

		if (record->kind != MACHINE_EVENT && !record->lost)
			sequence->markers[record->log][sequence->marker_counts[record->log]++] =
				record;
	}
}

/* A way to have so many events and markers in order: how often the clock ran back in it, and the
 * latest time since. */
struct way {
	unsigned jumps;
	int64_t latest;
};

#define NO_WAY ((struct way) { .jumps = UINT32_MAX })

static struct way go_on(struct way way, int64_t time)
{
	bool back = way.latest != INT64_MIN && time < way.latest - WINDOW;

	way.jumps += back;
	if (back || time > way.latest)
		way.latest = time;
	return way;
}

static struct way better(struct way x, struct way y)
{
	if (x.jumps != y.jumps)
		return x.jumps < y.jumps ? x : y;
	return x.latest <= y.latest ? x : y;
}

/* Whether the next marker of a log can follow so many events: not before those of its log that are
 * earlier, nor after those that are later. */
static bool fits(const struct sequence *sequence, const struct machine_record *marker,
		 unsigned events)
{
	for (unsigned i = 0; i < sequence->event_count; i++) {
		const struct machine_record *event = sequence->events[i];

		if (event->log == marker->log &&
		    (i < events ? event->number > marker->number : event->number < marker->number))
			return false;
	}
	return true;
}

/* How often the clock was set back, with the markers where that is least often. */
static unsigned count_jumps(const struct sequence *sequence)
{
	unsigned rows = sequence->marker_counts[0] + 1, columns = sequence->marker_counts[1] + 1;
	struct way *ways = malloc(rows * columns * sizeof *ways), last;

	if (!ways)
		abort();
	for (unsigned i = 0; i < rows * columns; i++)
		ways[i] = NO_WAY;
	ways[0] = (struct way) { .latest = INT64_MIN };
	for (unsigned events = 0; events <= sequence->event_count; events++)
		for (unsigned i = 0; i < rows * columns; i++) {
			unsigned row = i / columns, column = i % columns;

			if (events > 0 && ways[i].jumps != UINT32_MAX)
				ways[i] = go_on(ways[i], sequence->events[events - 1]->time);
			if (row > 0 && ways[i - columns].jumps != UINT32_MAX &&
			    fits(sequence, sequence->markers[0][row - 1], events))
				ways[i] = better(ways[i],
						 go_on(ways[i - columns],
						       sequence->markers[0][row - 1]->time));
			if (column > 0 && ways[i - 1].jumps != UINT32_MAX &&
			    fits(sequence, sequence->markers[1][column - 1], events))
				ways[i] = better(
					ways[i],
					go_on(ways[i - 1], sequence->markers[1][column - 1]->time));
		}
	last = ways[rows * columns - 1];
	free(ways);
	return last.jumps;
}

const char *reading_problem(const struct reading *reading, struct reading_cost *ret_cost)
{
	static struct sequence sequence;
	const char *problem = reading->odd ? "a witness does not exist" : NULL;

	*ret_cost = (struct reading_cost) { 0 };
	if (!problem)
		problem = check_witnesses(reading);
	if (!problem)
		problem = check_processes(reading);
	if (!problem)
		problem = check_runs(reading, ret_cost);
	if (!problem)
		problem = check_order(reading);
	if (problem)
		return problem;
	make_sequence(reading, &sequence);
	ret_cost->jumps = count_jumps(&sequence);
	return ret_cost->jumps == UINT32_MAX ? "boots are not between the records of their logs"
					     : NULL;
}
