/* SPDX-License-Identifier: MIT */
#include "diagram/overlay.h"

#include <inttypes.h>
#include <string.h>

#include "trace/time.h"

/* ---- marks ---- */

struct overlay_stay overlay_stay_of(const struct dwell *dwell)
{
	return (struct overlay_stay) { dwell->count, dwell->min, dwell_median(dwell), dwell->max };
}

static enum overlay_level level_of(const struct ledger_tally *tally)
{
	return tally->certain    ? OVERLAY_CERTAIN
	       : tally->possible ? OVERLAY_POSSIBLE
				 : OVERLAY_NEVER;
}

static void raise_level(enum overlay_level *level, enum overlay_level other)
{
	if (other > *level)
		*level = other;
}

/* A node can be entered without an edge: a trace can begin in it, or not show the edge. */
static void level_node(const struct diagram *diagram, unsigned node, struct overlay *overlay)
{
	struct overlay_mark *mark = &overlay->nodes[node];
	struct ledger_tally illegal = overlay_illegal_in(overlay, node);

	mark->level = level_of(&mark->tally);
	mark->hidden = mark->level == OVERLAY_NEVER && node_is_entered(diagram, node);
	raise_level(&mark->level, level_of(&illegal));
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		if (diagram->edges[i].from == node)
			raise_level(&mark->level, overlay->edges[i].level);
		if (diagram->edges[i].to == node && !overlay->edges[i].hidden)
			mark->hidden = false;
	}
}

void overlay_level(const struct diagram *diagram, struct overlay *overlay)
{
	for (unsigned i = 0; i < diagram->edge_count; i++)
		overlay->edges[i].level = level_of(&overlay->edges[i].tally);
	for (unsigned node = 0; node < diagram->node_count; node++)
		level_node(diagram, node, overlay);
}

/* ---- from a ledger ---- */

/* Whether any of the sources shows the event in that state. */
static bool is_shown(uint32_t sources, unsigned state, unsigned event)
{
	for (unsigned source = 0; source < SOURCE_COUNT; source++)
		if (sources & 1U << source &&
		    sessionlint_model_next((enum sessionlint_source)source,
					   SESSIONLINT_TOLERANCE_KNOWN, belief_of(state), event))
			return true;
	return false;
}

static void mark_edge(const struct ledger *ledger, unsigned state, unsigned event,
		      struct overlay_mark *mark)
{
	unsigned arc = ledger->arc_at[state - 1][event];

	mark->tally = ledger->taken[arc];
	mark->hidden = level_of(&mark->tally) == OVERLAY_NEVER && ledger->sources &&
		       !is_shown(ledger->sources, state, event);
	mark->stay = overlay_stay_of(&ledger->dwells[arc]);
}

static const struct diagram_edge *edge_of(const struct diagram *diagram, unsigned node,
					  unsigned event)
{
	for (unsigned i = 0; i < diagram->edge_count; i++)
		if (diagram->edges[i].from == node && diagram->edges[i].event == event)
			return &diagram->edges[i];
	return NULL;
}

static void tally_merge(struct ledger_tally *tally, const struct ledger_tally *other)
{
	tally->certain += other->certain;
	tally->possible += other->possible;
}

/* The cells of a node that the machine does not have, and those that a source does not have. */
static void add_illegal(const struct diagram *diagram, const struct ledger *ledger, unsigned node,
			struct overlay *overlay)
{
	unsigned state = belief_state(diagram->nodes[node].states);

	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
		struct overlay_illegal illegal = {
			.node = node,
			.event = event,
			.label = sessionlint_event_name(event),
			.tally = ledger->refused[state - 1][event],
		};

		if (ledger->kinds[state - 1][event] == LEDGER_CELL_UNDOCUMENTED &&
		    !edge_of(diagram, node, event)) {
			illegal.undocumented = true;
			tally_merge(&illegal.tally,
				    &ledger->taken[ledger->arc_at[state - 1][event]]);
		}
		if (level_of(&illegal.tally) != OVERLAY_NEVER)
			overlay->illegal[overlay->illegal_count++] = illegal;
	}
}

void overlay_of_ledger(const struct diagram *diagram, const struct ledger *ledger,
		       struct overlay *ret_overlay)
{
	memset(ret_overlay, 0, sizeof *ret_overlay);
	ret_overlay->files = ledger->counts[LEDGER_FILES];
	ret_overlay->incarnations = ledger->counts[LEDGER_INCARNATIONS];
	ret_overlay->events = ledger->counts[LEDGER_EVENTS];
	ret_overlay->inferred = ledger->inferred;
	ret_overlay->reused = ledger->reused.certain;
	ret_overlay->ignored = ledger->counts[LEDGER_IGNORED];
	ret_overlay->uncounted = ledger->counts[LEDGER_INVALID] +
				 ledger->counts[LEDGER_CONTRADICTED];
	ret_overlay->sources = ledger->sources;
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct diagram_edge *edge = &diagram->edges[i];

		mark_edge(ledger, belief_state(diagram->nodes[edge->from].states), edge->event,
			  &ret_overlay->edges[i]);
	}
	for (unsigned node = 0; node < diagram->node_count; node++) {
		unsigned state = belief_state(diagram->nodes[node].states);
		struct dwell dwell;

		ledger_state_dwell(ledger, state, &dwell);
		ret_overlay->nodes[node].tally = ledger->entered[state - 1];
		ret_overlay->nodes[node].stay = overlay_stay_of(&dwell);
		add_illegal(diagram, ledger, node, ret_overlay);
	}
	overlay_level(diagram, ret_overlay);
}

/* ---- what formats share ---- */

void overlay_count_text(const struct ledger_tally *tally, char text[OVERLAY_COUNT_SIZE])
{
	int size = snprintf(text, OVERLAY_COUNT_SIZE, "%" PRIu64, tally->certain);

	if (tally->possible)
		snprintf(text + size, OVERLAY_COUNT_SIZE - (size_t)size, "-%" PRIu64,
			 tally->certain + tally->possible);
}

void overlay_write_illegal(FILE *file, const struct diagram *diagram, overlay_illegal_writer *write)
{
	const struct overlay *overlay = diagram->overlay;

	for (unsigned i = 0; i < overlay->illegal_count; i++) {
		const struct overlay_illegal *illegal = &overlay->illegal[i];
		char count[OVERLAY_COUNT_SIZE], label[64];

		overlay_count_text(&illegal->tally, count);
		snprintf(label, sizeof label, "%s (illegal%s)", illegal->label,
			 illegal->undocumented ? ", undocumented" : "");
		write(file, diagram->nodes[illegal->node].name, label, count,
		      i == 0 || illegal->node != overlay->illegal[i - 1].node);
	}
}

#define TICKS_PER_SECOND      10000000
#define TICKS_PER_MILLISECOND 10000

void overlay_stay_text(const struct overlay_stay *stay, char text[OVERLAY_STAY_SIZE])
{
	_Static_assert(OVERLAY_STAY_SIZE >= DURATION_TEXT_SIZE, "a duration fits");
	text[0] = '\0';
	if (stay->count && stay->median >= TICKS_PER_MILLISECOND && stay->median < TICKS_PER_SECOND)
		snprintf(text, OVERLAY_STAY_SIZE, "%u ms",
			 (unsigned)(stay->median / TICKS_PER_MILLISECOND));
	else if (stay->count)
		duration_format(stay->median, text);
}

static void print_mark(FILE *file, const struct overlay_mark *mark, bool counted,
		       const char **before, const char *between)
{
	char text[OVERLAY_COUNT_SIZE], stay[OVERLAY_STAY_SIZE];

	if (counted) {
		overlay_count_text(&mark->tally, text);
		fprintf(file, "%s%s", *before, mark->hidden ? "hidden" : text);
		*before = between;
	}
	if (mark->stay.count) {
		overlay_stay_text(&mark->stay, stay);
		fprintf(file, "%s%s", *before, stay);
		*before = between;
	}
}

void overlay_print_edge(FILE *file, const struct overlay *overlay, unsigned edge,
			const char *before, const char *between)
{
	print_mark(file, &overlay->edges[edge], true, &before, between);
}

void overlay_print_node(FILE *file, const struct diagram *diagram, unsigned node,
			const char *before, const char *between)
{
	struct ledger_tally illegal = overlay_illegal_in(diagram->overlay, node);
	char text[OVERLAY_COUNT_SIZE];

	print_mark(file, &diagram->overlay->nodes[node], node_is_entered(diagram, node), &before,
		   between);
	if (level_of(&illegal) == OVERLAY_NEVER)
		return;
	overlay_count_text(&illegal, text);
	fprintf(file, "%sillegal %s", before, text);
}

bool overlay_node_is_marked(const struct diagram *diagram, unsigned node)
{
	struct ledger_tally illegal = overlay_illegal_in(diagram->overlay, node);

	return node_is_entered(diagram, node) || diagram->overlay->nodes[node].stay.count ||
	       level_of(&illegal) != OVERLAY_NEVER;
}

const char *overlay_level_name(enum overlay_level level)
{
	static const char *const names[] = {
		[OVERLAY_NEVER] = "never",
		[OVERLAY_POSSIBLE] = "perhaps",
		[OVERLAY_CERTAIN] = "seen",
	};

	return names[level];
}

unsigned overlay_weight(const struct overlay_mark *mark)
{
	unsigned weight = 1;

	for (uint64_t bound = 10; weight < 4 && mark->tally.certain >= bound; bound *= 10)
		weight++;
	return weight;
}

struct ledger_tally overlay_illegal_in(const struct overlay *overlay, unsigned node)
{
	struct ledger_tally sum = { 0 };

	for (unsigned i = 0; i < overlay->illegal_count; i++)
		if (overlay->illegal[i].node == node)
			tally_merge(&sum, &overlay->illegal[i].tally);
	return sum;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

void overlay_print_title(FILE *file, const struct overlay *overlay)
{
	fprintf(file, "%" PRIu64 " event%s of %" PRIu64 " %s in %" PRIu64 " file%s",
		overlay->events, plural(overlay->events), overlay->incarnations,
		overlay->incarnations == 1 ? "incarnation" : "incarnations", overlay->files,
		plural(overlay->files));
}

/* ---- the notes of a legend ---- */

static bool note_count(const struct overlay *overlay, char *note)
{
	(void)overlay;
	snprintf(note, OVERLAY_NOTE_SIZE,
		 "a number: how often a transition was taken, a state was entered");
	return true;
}

static bool note_range(const struct overlay *overlay, char *note)
{
	bool found = false;

	for (unsigned i = 0; i < DIAGRAM_EDGES && !found; i++)
		found = overlay->edges[i].tally.possible || overlay->illegal[i].tally.possible;
	snprintf(note, OVERLAY_NOTE_SIZE, "12-15: at least 12, at most 15");
	return found;
}

static bool note_stay(const struct overlay *overlay, char *note)
{
	bool found = false;

	for (unsigned i = 0; i < DIAGRAM_NODES && !found; i++)
		found = overlay->nodes[i].stay.count > 0;
	snprintf(note, OVERLAY_NOTE_SIZE,
		 "a time: how long sessions stayed in the state before, the median");
	return found;
}

static bool note_hidden(const struct overlay *overlay, char *note)
{
	bool found = false;

	for (unsigned i = 0; i < DIAGRAM_EDGES && !found; i++)
		found = overlay->edges[i].hidden;
	snprintf(note, OVERLAY_NOTE_SIZE, "hidden: not shown by any source of these traces");
	return found;
}

static bool note_reused(const struct overlay *overlay, char *note)
{
	snprintf(note, OVERLAY_NOTE_SIZE,
		 "%" PRIu64 " reuse%s of an id: Created begins a new incarnation", overlay->reused,
		 plural(overlay->reused));
	return overlay->reused > 0;
}

static bool note_ignored(const struct overlay *overlay, char *note)
{
	snprintf(note, OVERLAY_NOTE_SIZE, "%" PRIu64 " event%s Ignore, which is not a transition",
		 overlay->ignored, plural(overlay->ignored));
	return overlay->ignored > 0;
}

static bool note_others(const struct overlay *overlay, char *note)
{
	snprintf(note, OVERLAY_NOTE_SIZE, "%" PRIu64 " event%s of other sources", overlay->others,
		 plural(overlay->others));
	return overlay->others > 0;
}

static bool note_masked(const struct overlay *overlay, char *note)
{
	snprintf(note, OVERLAY_NOTE_SIZE, "%" PRIu64 " event%s that the EventMask hides",
		 overlay->masked, plural(overlay->masked));
	return overlay->masked > 0;
}

static bool note_uncounted(const struct overlay *overlay, char *note)
{
	snprintf(note, OVERLAY_NOTE_SIZE,
		 "%" PRIu64 " record%s without an edge: invalid, or contradicting the model",
		 overlay->uncounted, plural(overlay->uncounted));
	return overlay->uncounted > 0;
}

static bool note_inferred(const struct overlay *overlay, char *note)
{
	snprintf(note, OVERLAY_NOTE_SIZE,
		 "%" PRIu64 " unseen step%s, counted as perhaps: no log shows %s",
		 overlay->inferred, overlay->inferred == 1 ? "" : "s",
		 overlay->inferred == 1 ? "it" : "them");
	return overlay->inferred > 0;
}

bool overlay_note_at(const struct overlay *overlay, unsigned index, char note[OVERLAY_NOTE_SIZE])
{
	static bool (*const notes[])(const struct overlay *overlay, char *note) = {
		note_count,  note_range,   note_stay,   note_hidden, note_inferred,
		note_reused, note_ignored, note_others, note_masked, note_uncounted,
	};

	for (unsigned i = 0; i < sizeof notes / sizeof notes[0]; i++)
		if (notes[i](overlay, note) && index-- == 0)
			return true;
	return false;
}
