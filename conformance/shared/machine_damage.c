/* SPDX-License-Identifier: MIT */
/* What can happen to the logs of a made-up machine. */
#include "machine.h"
#include "random.h"

/* The records of a log. */
static int log_begin(const struct made_machine *machine, unsigned log, int *ret_count)
{
	int first = 0, end;

	while (first < machine->count && machine->records[first].log < log)
		first++;
	end = first;
	while (end < machine->count && machine->records[end].log == log)
		end++;
	*ret_count = end - first;
	return first;
}

static void damage_log(struct made_machine *machine, unsigned log, struct machine_damage damage)
{
	int count, first = log_begin(machine, log, &count), kept = 0;
	struct machine_record *records = &machine->records[first];

	if (count == 0)
		return;
	if (damage.absent && one_in(6)) {
		kept = count;
	} else if (damage.rings && one_in(2)) {
		kept = (int)random_below((unsigned)count);
	}
	for (int i = 0; i < kept; i++)
		records[i].lost = true;
	if (damage.chunks && kept < count && one_in(4)) {
		int at = kept + (int)random_below((unsigned)(count - kept));
		int end = at + 1 + (int)random_below(30);

		for (int i = at; i < end && i < count; i++)
			records[i].lost = true;
	}
	if (damage.files && one_in(4)) {
		int next = 0;

		machine->files[log] = 2 + random_below(MACHINE_FILES_MAX - 1);
		for (unsigned file = 0; file < machine->files[log]; file++) {
			int end = file + 1 == machine->files[log]
					  ? count
					  : next + (int)random_below((unsigned)(count - next + 1));

			for (; next < end; next++)
				records[next].file = (uint8_t)file;
		}
	}
}

/* Whether each boot of which records are left is marked, but for the first. Otherwise the records
 * say of two boots that they are one. */
static bool boots_are_marked(const struct made_machine *machine)
{
	bool marked[MACHINE_BOOTS_MAX + 1] = { false }, left[MACHINE_BOOTS_MAX + 1] = { false };
	bool begun = false;

	for (int i = 0; i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];

		left[record->boot] |= !record->lost;
		marked[record->boot] |= !record->lost && record->kind == MACHINE_BOOT;
	}
	for (unsigned boot = 1; boot <= machine->boots; boot++) {
		if (begun && left[boot] && !marked[boot])
			return false;
		begun |= left[boot];
	}
	return true;
}

static void note_damage(struct made_machine *machine)
{
	for (unsigned log = 0; log < MACHINE_LOGS; log++) {
		int count, first = log_begin(machine, log, &count);
		uint64_t next = 0;

		for (int i = first; i < first + count; i++) {
			struct machine_record *record = &machine->records[i];

			machine->damaged |= record->lost;
			if (record->lost)
				continue;
			record->after_gap = next > 0 && record->number != next;
			next = record->number + machine_records_of(record);
		}
		if (next == 0)
			machine->files[log] = 0;
	}
}

void machine_damage_logs(struct made_machine *machine, struct machine_damage damage, uint64_t seed)
{
	random_state = seed;
	do {
		for (int i = 0; i < machine->count; i++) {
			machine->records[i].lost = false;
			machine->records[i].file = 0;
		}
		for (unsigned log = 0; log < MACHINE_LOGS; log++) {
			machine->files[log] = 1;
			damage_log(machine, log, damage);
		}
	} while (!boots_are_marked(machine));
	note_damage(machine);
}
