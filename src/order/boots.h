/* SPDX-License-Identifier: MIT */
/*
 * The boots of a host whose records are buffered together, or that follow each other: one for each
 * value of the key boot, and one for what arrives after a boot marker. Numbers may restart with
 * each boot or continue across all of them; arriving numbers show which.
 */
#ifndef ORDER_BOOTS_H
#define ORDER_BOOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct stream;

/* Numbers of at most this many boots are remembered. */
#define BOOTS_MAX 8U

enum boots_count {
	BOOTS_UNKNOWN, /* the numbers so far agree with both */
	BOOTS_GO_ON,
	BOOTS_BEGIN_AGAIN,
};

/* The range of numbers of a stream in one boot. */
struct boot_range {
	const struct stream *stream;
	unsigned boot;
	uint64_t low, high;
};

struct boots {
	unsigned count; /* number of boots, in the order of their first records */
	struct {
		struct sessionlint_text name; /* owned; no data: a marker without a name */
		uint64_t since; /* arrival of its first record (see struct waiting_record) */
	} list[BOOTS_MAX];
	unsigned latest; /* the boot of the last record to arrive */
	/* a later boot has smaller numbers than an earlier one: their order depends on whether
	 * numbers restart */
	bool reversed;
	bool repeated; /* a buffered marker may be a duplicate */
	struct boot_range *ranges;
	uint32_t range_count;
	size_t range_capacity;
};

/* The index of the boot with that name, or BOOTS_MAX. */
unsigned boots_find(const struct boots *boots, struct sessionlint_text name);

/* Adds a boot whose first record arrived at @since; the caller checks that there is room.
 * -ENOMEM. */
int boots_add(struct boots *boots, struct sessionlint_text name, uint64_t since);

/* Forgets the first boot. */
void boots_forget(struct boots *boots);

/* Notes a number of @stream in that boot. -ENOMEM. */
int boots_take(struct boots *boots, unsigned boot, const struct stream *stream, uint64_t number);

/* Whether the numbers of @stream in @boot overlap those of another boot, so the count must have
 * restarted; @together: all streams share one count. Also notes whether boots are reversed. */
bool boots_mixed(struct boots *boots, unsigned boot, const struct stream *stream, bool together);

/* Whether an earlier boot than @boot may contain @number, in any stream. */
bool boots_reach(const struct boots *boots, unsigned boot, uint64_t number);

void boots_free(struct boots *boots);

#endif
