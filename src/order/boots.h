/* SPDX-License-Identifier: MIT */
/*
 * The boots of one host whose records wait together, or follow each other: each value of the key
 * boot, and what arrives after a boot marker. Numbers may begin again with each boot or go on over
 * all of them; the numbers that arrive show which.
 */
#ifndef ORDER_BOOTS_H
#define ORDER_BOOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct stream;

/* Of so many boots numbers are remembered. */
#define BOOTS_MAX 8U

enum boots_count {
	BOOTS_UNKNOWN, /* as long as the numbers agree with both */
	BOOTS_GO_ON,
	BOOTS_BEGIN_AGAIN,
};

/* The numbers of a stream in one boot. */
struct boot_range {
	const struct stream *stream;
	unsigned boot;
	uint64_t low, high;
};

struct boots {
	unsigned count; /* of boots, in the order of their first records */
	struct {
		struct sessionlint_text name; /* owned; no data: a marker without a name */
		uint64_t since;               /* held.arrival that its first record had, or would */
	} list[BOOTS_MAX];
	unsigned latest; /* the boot of the record that arrived last */
	bool reversed;   /* one has smaller numbers than another that arrived before it: which of
			    them comes first depends on what the numbers do */
	bool repeated;   /* a marker is held that may be there twice */
	struct boot_range *ranges;
	uint32_t range_count;
	size_t range_capacity;
};

/* The boot of that name, or BOOTS_MAX. */
unsigned boots_find(const struct boots *boots, struct sessionlint_text name);

/* Adds a boot whose first record has that arrival; there is room. -ENOMEM. */
int boots_add(struct boots *boots, struct sessionlint_text name, uint64_t since);

/* Forgets the first boot. */
void boots_forget(struct boots *boots);

/* Notes a number of the boot, of a stream. -ENOMEM. */
int boots_take(struct boots *boots, unsigned boot, const struct stream *stream, uint64_t number);

/* Whether the numbers of @stream in @boot are mixed with those of another boot, so that they have
 * begun again; @together: all streams share a count. Notes whether boots are reversed. */
bool boots_mixed(struct boots *boots, unsigned boot, const struct stream *stream, bool together);

/* Whether a boot before @boot may have @number, of any stream. */
bool boots_reach(const struct boots *boots, unsigned boot, uint64_t number);

void boots_free(struct boots *boots);

#endif
