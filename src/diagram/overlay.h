/* SPDX-License-Identifier: MIT */
/*
 * What traces did in a machine: how often each edge was taken and each node entered, how long
 * sessions stayed, and which events were illegal. A format writes it together with the diagram.
 *
 * If a source hides events, it can be unknown which of several edges was taken: certain and
 * possible counts are separate.
 */
#ifndef DIAGRAM_OVERLAY_H
#define DIAGRAM_OVERLAY_H

#include "coverage/ledger.h"
#include "diagram/diagram.h"

/* In ticks of 100 ns, for the certain stays; undefined while count is 0. */
struct overlay_stay {
	uint64_t count, min, median, max;
};

enum overlay_level {
	OVERLAY_NEVER,
	OVERLAY_POSSIBLE,
	OVERLAY_CERTAIN,
};

/* Of an edge, or of a node: how often it was entered. */
struct overlay_mark {
	enum overlay_level level; /* for a node also by its outgoing edges */
	bool hidden; /* the count is 0 because no source of the traces shows the edge, or any to the
			node */
	struct ledger_tally tally;
	struct overlay_stay stay; /* in the node; for an edge, before it was taken */
};

/* An event that was illegal in the node. */
struct overlay_illegal {
	unsigned node, event;
	const char *label;
	bool undocumented; /* Windows does it, but the drawn machine does not have it */
	struct ledger_tally tally;
};

/* Too large for the stack. */
struct overlay {
	struct overlay_mark edges[DIAGRAM_EDGES], nodes[DIAGRAM_NODES]; /* as in the diagram */
	struct overlay_illegal illegal[DIAGRAM_EDGES];                  /* by node, then by event */
	unsigned illegal_count;
	uint64_t files, incarnations, events;
	uint64_t inferred;  /* transitions that no log shows */
	uint64_t reused;    /* reuses of an id, which are not an edge */
	uint64_t ignored;   /* IoSessionEventIgnore, which is not a transition */
	uint64_t others;    /* events of other sources, which the drawn machine does not cover */
	uint64_t masked;    /* events that the EventMask hides */
	uint64_t uncounted; /* invalid events, and those whose states contradict the model */
	uint32_t sources;   /* bit n is source n */
};

/* Fills *ret_overlay for @diagram; each node must be a state of a session. */
void overlay_of_ledger(const struct diagram *diagram, const struct ledger *ledger,
		       struct overlay *ret_overlay);

/* ---- for code that fills one ---- */

struct overlay_stay overlay_stay_of(const struct dwell *dwell);

/* Sets the levels of edges and nodes, after counting. */
void overlay_level(const struct diagram *diagram, struct overlay *overlay);

/* ---- what formats share ---- */

#define OVERLAY_COUNT_SIZE 48

/* "12", or "12-15": at least 12, at most 15. */
void overlay_count_text(const struct ledger_tally *tally, char text[OVERLAY_COUNT_SIZE]);

/* Writes one illegal event: @label says "Logon (illegal)"; @first: of the node. */
typedef void overlay_illegal_writer(FILE *file, const char *node, const char *label,
				    const char *count, bool first);

/* Hands each illegal event of the overlay to @write. */
void overlay_write_illegal(FILE *file, const struct diagram *diagram,
			   overlay_illegal_writer *write);

#define OVERLAY_STAY_SIZE 40

/* The median, with its precision: "2 h 59 min", "1.5 s", "600 ms"; empty if no stay is known. */
void overlay_stay_text(const struct overlay_stay *stay, char text[OVERLAY_STAY_SIZE]);

/*
 * Writes @before, the count or "hidden" and, if it is known, @between and the median stay. For a
 * node, the count is only written if edges lead to it; also how often anything illegal occurred.
 */
void overlay_print_edge(FILE *file, const struct overlay *overlay, unsigned edge,
			const char *before, const char *between);
void overlay_print_node(FILE *file, const struct diagram *diagram, unsigned node,
			const char *before, const char *between);

/* Whether overlay_print_node() writes anything. */
bool overlay_node_is_marked(const struct diagram *diagram, unsigned node);

/* "never", "perhaps" or "seen". */
const char *overlay_level_name(enum overlay_level level);

/* The thickness of a line: 1, and 2 to 4 from 10, 100 and 1000 on. */
unsigned overlay_weight(const struct overlay_mark *mark);

/* How often anything illegal occurred in @node. */
struct ledger_tally overlay_illegal_in(const struct overlay *overlay, unsigned node);

/* The title of the counts: "129 events of 24 incarnations in 9 files". */
void overlay_print_title(FILE *file, const struct overlay *overlay);

#define OVERLAY_NOTE_SIZE 160

/*
 * The sentences of the legend below the title, without full stops: what a count means, and what the
 * edges do not include. Returns false after the last.
 */
bool overlay_note_at(const struct overlay *overlay, unsigned index, char note[OVERLAY_NOTE_SIZE]);

#endif
