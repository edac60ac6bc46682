/* SPDX-License-Identifier: MIT */
#include "order/duplicates.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "trace/allowance.h"
#include "trace/annotation.h"
#include "trace/contract.h"

#define SLOTS (4 * DUPLICATES_WINDOW)

#define ODD_1 0x9e3779b97f4a7c15U
#define ODD_2 0xd6e8feb86659fd93U

/* ---- hashes ---- */

static inline uint64_t mix(uint64_t hash)
{
	hash = (hash ^ hash >> 32) * ODD_2;
	return hash ^ hash >> 29;
}

/* Most records lack most texts. */
static inline uint64_t text_mix(const struct duplicates *duplicates, struct sessionlint_text text)
{
	return text.size ? hash_text(text, duplicates->seed, duplicates->factors[0]) : 0;
}

void duplicates_init(struct duplicates *duplicates, uint64_t seed)
{
	duplicates->seed = seed;
	for (unsigned i = 0; i < DUPLICATES_WORDS; i++)
		duplicates->factors[i] = mix(mix(seed + i * ODD_1) + ODD_2) | 1;
}

/*
 * The hash is a sum of products, which the processor can compute in parallel. Each word has a
 * factor of its own. Equally spaced factors would not do: differences between words would cancel
 * out.
 */
enum word {
	WORD_SEQ,
	WORD_TIME,
	WORD_KEYS,
	WORD_EVENT,
	WORD_KIND,
	WORD_STATES,
	WORD_STATE,
	WORD_PROCESS,
	WORD_RULES,
	WORD_RULES_REASON,
	WORDS_OF_TEXTS,
	WORDS_OF_CONTRACT = WORDS_OF_TEXTS + 5,
	WORDS = WORDS_OF_CONTRACT + 13,
};

_Static_assert((int)WORDS <= DUPLICATES_WORDS, "each word has a factor");

static inline uint64_t contract_sum(const struct duplicates *duplicates,
				    const struct contract *contract)
{
	const uint64_t *factors = &duplicates->factors[WORDS_OF_CONTRACT];

	return text_mix(duplicates, contract->driver) * factors[0] +
	       text_mix(duplicates, contract->io) * factors[1] +
	       text_mix(duplicates, contract->registration) * factors[2] +
	       text_mix(duplicates, contract->session_object) * factors[3] +
	       text_mix(duplicates, contract->context) * factors[4] +
	       ((uint64_t)contract->class_number << 32 | contract->size) * factors[5] +
	       ((uint64_t)contract->length << 32 | contract->flags) * factors[6] +
	       ((uint64_t)contract->mask << 32 | contract->status) * factors[7] +
	       ((uint64_t)contract->payload_session << 32 | contract->payload_length) * factors[8] +
	       ((uint64_t)contract->device_session << 32 | (uint64_t)contract->phase << 24 |
		(uint64_t)contract->payload_local << 16 | (uint64_t)contract->call << 8 |
		contract->object) *
		       factors[9] +
	       text_mix(duplicates, contract->owner) * factors[10] +
	       ((uint64_t)contract->kind << 8 | contract->irql) * factors[11] +
	       contract->seq_end * factors[12];
}

#define TEXT_KEYS                                                                                  \
	(KEY_BIT(KEY_HOST) | KEY_BIT(KEY_BOOT) | KEY_BIT(KEY_USER) | KEY_BIT(KEY_ADDRESS) |        \
	 KEY_BIT(KEY_REASON))

/* Of texts that few records have. */
static inline uint64_t texts_sum(const struct duplicates *duplicates, const struct record *record)
{
	const uint64_t *factors = &duplicates->factors[WORDS_OF_TEXTS];

	return text_mix(duplicates, record->host) * factors[0] +
	       text_mix(duplicates, record->boot) * factors[1] +
	       text_mix(duplicates, record->user) * factors[2] +
	       text_mix(duplicates, record->address) * factors[3] +
	       text_mix(duplicates, record->reason) * factors[4];
}

uint64_t record_hash(const struct duplicates *duplicates, const struct record *record, uint64_t era)
{
	const uint64_t *factors = duplicates->factors;
	uint64_t kind = era << 40 | (uint64_t)record->activity << 32 |
			(uint64_t)record->flags << 24 | (uint64_t)record->kind << 16 |
			(uint64_t)record->marker << 8 | record->source;
	uint64_t sum = record->seq * factors[WORD_SEQ] + record->time * factors[WORD_TIME] +
		       record->keys * factors[WORD_KEYS] + kind * factors[WORD_KIND] +
		       ((uint64_t)record->session << 32 | record->event) * factors[WORD_EVENT];

	if (record->keys & (KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO) | KEY_BIT(KEY_STATE)))
		sum += ((uint64_t)record->from << 32 | record->to) * factors[WORD_STATES] +
		       record->state * factors[WORD_STATE];
	/* a malformed record has none */
	if (record->annotation && record->keys & KEY_BIT(KEY_PROCESS))
		sum += record->annotation->process * factors[WORD_PROCESS];
	if (record->keys & TEXT_KEYS)
		sum += texts_sum(duplicates, record);
	if (record->contract)
		sum += contract_sum(duplicates, record->contract);
	if (record->allowance)
		sum += record->allowance->rules * factors[WORD_RULES] +
		       text_mix(duplicates, record->allowance->reason) * factors[WORD_RULES_REASON];
	return mix(sum);
}

/* ---- the ring and its index ---- */

int duplicates_make(struct duplicates *duplicates)
{
	duplicates->seen = malloc(DUPLICATES_WINDOW * sizeof *duplicates->seen);
	return duplicates->seen ? 0 : -ENOMEM;
}

static void slot_fill(struct duplicates *duplicates, uint64_t index)
{
	uint32_t place = (uint32_t)(index % DUPLICATES_WINDOW);
	uint64_t at = duplicates->seen[place].hash % SLOTS;

	while (duplicates->slots[at])
		at = (at + 1) % SLOTS;
	duplicates->slots[at] = place + 1;
}

/* Adds a record to the slots. They are rebuilt every two windows, so the cost for each record is
 * constant; until then a slot may lead to a newer record. */
static int duplicates_index(struct duplicates *duplicates)
{
	uint64_t first = duplicates->count > DUPLICATES_WINDOW
				 ? duplicates->count - DUPLICATES_WINDOW
				 : 0;

	if (!duplicates->slots) {
		duplicates->slots = calloc(SLOTS, sizeof *duplicates->slots);
		if (!duplicates->slots)
			return -ENOMEM;
		duplicates->indexed = duplicates->filled = first;
	}
	if (duplicates->count - duplicates->filled > 2 * DUPLICATES_WINDOW) {
		memset(duplicates->slots, 0, SLOTS * sizeof *duplicates->slots);
		duplicates->indexed = duplicates->filled = first;
	}
	for (; duplicates->indexed < duplicates->count; duplicates->indexed++)
		slot_fill(duplicates, duplicates->indexed);
	return 0;
}

int duplicates_find(struct duplicates *duplicates, uint64_t hash, uint32_t window,
		    uint64_t *ret_line)
{
	uint64_t oldest = duplicates->count > window ? duplicates->count - window : 0;
	int r;

	*ret_line = 0;
	if (duplicates->count == 0)
		return 0;
	r = duplicates_index(duplicates);
	if (r < 0)
		return r;
	for (uint64_t at = hash % SLOTS; duplicates->slots[at]; at = (at + 1) % SLOTS) {
		uint32_t place = duplicates->slots[at] - 1;
		uint64_t last = duplicates->count - 1;
		/* how long ago that entry of the ring was filled */
		uint64_t age = (last - place) % DUPLICATES_WINDOW;

		if (duplicates->seen[place].hash != hash || last < age || last - age < oldest)
			continue;
		*ret_line = duplicates->seen[place].line;
		return 0;
	}
	return 0;
}

void duplicates_free(struct duplicates *duplicates)
{
	free(duplicates->seen);
	free(duplicates->slots);
	*duplicates = (struct duplicates) { 0 };
}
