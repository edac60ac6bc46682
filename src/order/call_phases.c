/* SPDX-License-Identifier: MIT */
#include "order/call_phases.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/contract.h"

/* Makes @record one of @phase, with its own contract in the arena. -ENOMEM. */
static int record_part(struct record *record, struct arena *arena, enum contract_phase phase)
{
	struct contract *contract = arena_allocate(arena, sizeof *contract);

	if (!contract)
		return -ENOMEM;
	*contract = *record->contract;
	contract->phase = (uint8_t)phase;
	record->contract = contract;
	record->keys &= ~KEY_BIT(KEY_SEQ_END);
	record->keys |= KEY_BIT(KEY_PHASE);
	return 0;
}

/* Puts the two parts of @record into @parts. -ENOMEM. */
static int record_split(const struct record *record, struct arena *arena, struct record parts[2])
{
	int r;

	parts[0] = parts[1] = *record;
	r = record_part(&parts[0], arena, PHASE_BEGIN);
	if (r == 0)
		r = record_part(&parts[1], arena, PHASE_END);
	/* the begin has no status; the end has no time, IRQL or allowance for one line */
	parts[0].keys &= ~KEY_BIT(KEY_STATUS);
	parts[1].keys &= ~(KEY_BIT(KEY_IRQL) | KEY_BIT(KEY_TIME));
	parts[1].allowance = NULL;
	parts[1].seq = record->contract->seq_end;
	return r;
}

int spans_batch(struct order *order, struct batch *batch)
{
	struct batch *spread = calloc(1, sizeof *spread);
	int r = 0;

	if (!spread)
		return -ENOMEM;
	spread->count = 0;
	for (unsigned i = 0; r >= 0 && i < batch->count; i++) {
		const struct record *record = &batch->records[i];

		if (spread->count + 2 > BATCH_RECORDS) {
			r = order_batch(order, spread);
			spread->count = 0;
		}
		if (r >= 0 && record->kind != RECORD_MALFORMED && record_has(record, KEY_SEQ_END)) {
			r = record_split(record, &batch->arena, &spread->records[spread->count]);
			spread->count += 2;
		} else if (r >= 0) {
			spread->records[spread->count++] = *record;
		}
	}
	if (r >= 0 && spread->count > 0)
		r = order_batch(order, spread);
	free(spread);
	return r;
}
