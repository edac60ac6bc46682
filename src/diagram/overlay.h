/* SPDX-License-Identifier: MIT */
/*
 * What traces did with a machine: how often each edge was taken and each node entered, how long
 * sessions stayed, and which events nothing allowed. A format writes it with the diagram that it
 * hangs on.
 *
 * What a source hides leaves open which of several edges was taken: what is certain is counted
 * apart from what is possible.
 */
#ifndef DIAGRAM_OVERLAY_H
#define DIAGRAM_OVERLAY_H

#include "check/ledger.h"
#include "diagram/diagram.h"

/* Ticks of 100 ns, of those stays that are certain; of no meaning while count is 0. */
struct overlay_stay {
	uint64_t count, least, median, most;
};

enum overlay_level {
	OVERLAY_NEVER,
	OVERLAY_POSSIBLE,
	OVERLAY_CERTAIN,
};

/* Of an edge, or of a node: how often it was entered. */
struct overlay_mark {
	enum overlay_level level; /* of a node also by what leaves it */
	bool hidden; /* the count is 0, for no source of the traces shows the edge, or any to it */
	struct ledger_tally tally;
	struct overlay_stay stay; /* in the node; of an edge, before it was taken */
};

/* An event that nothing allowed in the node. */
struct overlay_illegal {
	unsigned node, event;
	const char *label;
	bool undocumented; /* Windows does it, and the machine drawn lacks it */
	struct ledger_tally tally;
};

/* Large: not for the stack. */
struct overlay {
	struct overlay_mark edges[DIAGRAM_EDGES], nodes[DIAGRAM_NODES]; /* as in the diagram */
	struct overlay_illegal illegal[DIAGRAM_EDGES];                  /* by node, then by event */
	unsigned illegal_count;
	uint64_t files, lives, events;
	uint64_t reused;    /* new lives of an id, which are no edge */
	uint64_t ignored;   /* IoSessionEventIgnore, which is no transition */
	uint64_t others;    /* events of other sources, which the machine drawn says nothing of */
	uint64_t masked;    /* events that the EventMask hides */
	uint64_t uncounted; /* invalid events, and those whose states the model denies */
	uint32_t sources;   /* bit n is source n */
};

/* Fills *ret_overlay for @diagram, of which each node has to be a state of a session. */
void overlay_of_ledger(const struct diagram *diagram, const struct ledger *ledger,
		       struct overlay *ret_overlay);

/* ---- for those who fill one ---- */

struct overlay_stay overlay_stay_of(const struct dwell *dwell);

/* Gives edges and nodes their levels, once all is counted. */
void overlay_level(const struct diagram *diagram, struct overlay *overlay);

/* ---- what formats share ---- */

#define OVERLAY_COUNT_SIZE 48

/* "12", or "12-15": 12 for certain, 15 at most. */
void overlay_count_text(const struct ledger_tally *tally, char text[OVERLAY_COUNT_SIZE]);

#define OVERLAY_STAY_SIZE 40

/* The median, as exact as it is: "2 h 59 min", "1.5 s", "600 ms"; empty if no stay is known. */
void overlay_stay_text(const struct overlay_stay *stay, char text[OVERLAY_STAY_SIZE]);

/*
 * Writes @before, the count or "hidden" and, if it is known, @between and the median stay. Of a
 * node, the count only where edges lead to it, and besides how often anything illegal was seen.
 */
void overlay_print_edge(FILE *file, const struct overlay *overlay, unsigned edge,
			const char *before, const char *between);
void overlay_print_node(FILE *file, const struct diagram *diagram, unsigned node,
			const char *before, const char *between);

/* Whether overlay_print_node() writes anything. */
bool overlay_node_is_marked(const struct diagram *diagram, unsigned node);

/* "never", "perhaps" or "seen". */
const char *overlay_level_name(enum overlay_level level);

/* 1 for certain, 2 to 4 from 10, 100 and 1000 on: how thick a line is. */
unsigned overlay_weight(const struct overlay_mark *mark);

/* How often anything illegal was seen in @node. */
struct ledger_tally overlay_illegal_in(const struct overlay *overlay, unsigned node);

/* What the counts are of: "129 events of 24 lives in 9 files". */
void overlay_print_title(FILE *file, const struct overlay *overlay);

#define OVERLAY_NOTE_SIZE 160

/*
 * The sentences that a legend has below the title, without a full stop: what a count is, what the
 * edges do not hold. Returns false behind the last.
 */
bool overlay_note_at(const struct overlay *overlay, unsigned index, char note[OVERLAY_NOTE_SIZE]);

#endif
