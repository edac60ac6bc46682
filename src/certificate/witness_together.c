/* SPDX-License-Identifier: MIT */
/*
 * A depth-first search. A place is how far each registration has got in its notifications; a node
 * is a place and a state of the session. An event goes on from the next notification of some
 * registrations, best of all for which it can be next; what none of those selects that are live
 * then can happen unseen.
 */
#include "certificate/witness_together.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MAX   16384U
#define SLOTS       (2 * NODES_MAX)
#define PARTIES_MAX (TRAIL_KNOWN_MAX + 3)
#define NONE        UINT32_MAX
#define ALL_EVENTS  (PROJECTION_MASKS - 1)

/* Of a way: it is a hidden event, not a set of parties. */
#define HIDDEN 0x8000U

/* Whose steps are in one order: those of a registration; events; what is aside; losses. */
struct party {
	const struct witness_registration *registration; /* NULL: none */
	uint32_t until;  /* when it ends it has got all from before that; 0: not known */
	uint32_t *steps; /* by index */
	uint32_t count;
	uint64_t stride;
};

/* A place and a state, by index; and how that was reached. */
struct node {
	uint64_t place;
	uint32_t from; /* the node before it, by index; its own index at the start */
	uint32_t by;   /* the parties of an event, as a set; or HIDDEN and the event */
	uint8_t state;
};

struct together {
	struct together_question question;
	struct party parties[PARTIES_MAX];
	struct party *events, *aside, *losses; /* the last three */
	unsigned count;
	uint64_t places;
	uint32_t *room;  /* for the steps of all parties */
	uint32_t *chunk; /* by step: how many losses come before it */
	struct node nodes[NODES_MAX];
	uint32_t slots[SLOTS]; /* node and 1 */
	uint32_t count_nodes;
	uint32_t stack[NODES_MAX]; /* afterwards the run, node by node, to its end */
	uint32_t first, waiting;
};

/* ---- parties ---- */

static struct party *party_of(struct together *together, const struct witness_step *step)
{
	if (!witness_step_is_record(step))
		return together->losses;
	if (step->by == SHOWN_ASIDE)
		return together->aside;
	for (struct party *one = together->parties; one < together->events; one++)
		if (one->registration->serial == step->serial)
			return one;
	return together->events;
}

/* Sorts the steps by party, in their order. */
static void sort(struct together *together)
{
	const struct witness_steps *steps = together->question.steps;
	uint32_t *room = together->room, lost = 0;

	for (size_t step = 0; step < steps->count; step++) {
		together->chunk[step] = lost;
		lost += !witness_step_is_record(&steps->list[step]);
		party_of(together, &steps->list[step])->count++;
	}
	for (unsigned i = 0; i < together->count; i++) {
		together->parties[i].steps = room;
		room += together->parties[i].count;
		together->parties[i].count = 0;
	}
	for (size_t step = 0; step < steps->count; step++) {
		struct party *party = party_of(together, &steps->list[step]);

		party->steps[party->count++] = (uint32_t)step;
	}
}

/* Returns whether a place has a number. */
static bool number_places(struct together *together)
{
	uint64_t stride = 1;

	for (unsigned i = 0; i < together->count; i++) {
		together->parties[i].stride = stride;
		if (together->parties[i].count >= UINT64_MAX / 2 / stride)
			return false;
		stride *= together->parties[i].count + 1;
	}
	together->places = stride;
	return true;
}

static int make_parties(struct together *together)
{
	const struct witness_steps *steps = together->question.steps;
	const struct ended_incarnation *ended = together->question.ended;
	unsigned count = steps->registration_count;

	memset(together->parties, 0, sizeof together->parties);
	for (unsigned i = 0; i < count; i++) {
		const struct witness_registration *one = &steps->registrations[i];

		together->parties[i].registration = one;
		if (one->serial < ended->end_count)
			together->parties[i].until = ended->ends[one->serial];
	}
	together->events = together->parties + count;
	together->aside = together->events + 1;
	together->losses = together->aside + 1;
	together->count = count + 3;
	free(together->room);
	free(together->chunk);
	together->room = calloc(steps->count + 1, sizeof *together->room);
	together->chunk = calloc(steps->count + 1, sizeof *together->chunk);
	if (!together->room || !together->chunk)
		return -ENOMEM;
	sort(together);
	return number_places(together);
}

/* ---- places ---- */

static uint32_t position(const struct party *party, uint64_t place)
{
	return (uint32_t)(place / party->stride % (party->count + 1));
}

/* The next step of a party, or NONE. */
static uint32_t next_of(const struct party *party, uint64_t place)
{
	uint32_t at = position(party, place);

	return at < party->count ? party->steps[at] : NONE;
}

/* The next step if nothing is to be lost before it, or NONE. */
static uint32_t next_here(const struct together *together, const struct party *party,
			  uint64_t place)
{
	uint32_t step = next_of(party, place);

	return step != NONE && together->chunk[step] == position(together->losses, place) ? step
											  : NONE;
}

/* Whether all before the next loss is explained. */
static bool loses(const struct together *together, uint64_t place)
{
	if (next_of(together->losses, place) == NONE)
		return false;
	for (const struct party *one = together->parties; one < together->losses; one++)
		if (next_here(together, one, place) != NONE)
			return false;
	return true;
}

/* When the last of the registrations was made that have been notified. */
static uint32_t made_by(const struct together *together, uint64_t place)
{
	uint32_t made = 0;

	for (const struct party *one = together->parties; one < together->events; one++)
		if ((one->registration->earlier || position(one, place) > 0) &&
		    one->registration->made > made)
			made = one->registration->made;
	return made;
}

/* The next event happened before that. */
static uint32_t happened_by(const struct together *together, uint64_t place)
{
	const struct together_question *question = &together->question;
	uint32_t by = question->ended->next.serial ? question->ended->next.at : NONE;

	for (const struct party *one = together->parties; one < together->events; one++) {
		uint32_t step = next_of(one, place);

		if (step != NONE && question->steps->list[step].at < by)
			by = question->steps->list[step].at;
	}
	return by;
}

/* The events, as a mask, of which some registration would have been notified. */
static unsigned watched(const struct together *together, uint64_t place)
{
	uint32_t made = made_by(together, place), by = happened_by(together, place);
	bool over = place == together->places - 1;
	unsigned mask = 0;

	if (next_here(together, together->events, place) != NONE ||
	    (over && together->events->count > 0))
		return ALL_EVENTS;
	for (const struct party *one = together->parties; one < together->events; one++) {
		const struct witness_registration *registration = one->registration;
		bool begun = one == together->parties || registration->earlier ||
			     position(one, place) > 0 || registration->made < made;
		bool stays = next_of(one, place) != NONE ||
			     together->question.ended->next.serial == registration->serial ||
			     by < one->until;

		if (begun && stays)
			mask |= registration->mask;
	}
	return mask;
}

/* ---- the search ---- */

/* From node @from to a place and a state, unless that was reached before, or there are too many. */
static void reach(struct together *together, uint32_t from, uint64_t place, unsigned state,
		  uint32_t by)
{
	uint64_t hash = (place * MODEL_STATES + state) * 0x9e3779b97f4a7c15U;
	uint32_t slot = (uint32_t)(hash >> 40) % SLOTS;

	for (; together->slots[slot]; slot = (slot + 1) % SLOTS) {
		const struct node *node = &together->nodes[together->slots[slot] - 1];

		if (node->place == place && node->state == state)
			return;
	}
	if (together->count_nodes == NODES_MAX)
		return;
	together->nodes[together->count_nodes] = (struct node) {
		.place = place,
		.from = from,
		.by = by,
		.state = (uint8_t)state,
	};
	together->stack[together->waiting++] = together->count_nodes;
	together->slots[slot] = ++together->count_nodes;
}

static const struct witness_machine *machine_at(const struct together *together, uint64_t place)
{
	return witness_masked_at(together->question.masked, (uint8_t)watched(together, place));
}

/* What can happen unseen. */
static int go_unseen(struct together *together, uint32_t from)
{
	const uint64_t place = together->nodes[from].place;
	const unsigned state = together->nodes[from].state;
	/* before a loss, only those are known to watch that watch after it */
	const struct witness_machine *machine = machine_at(
		together, loses(together, place) ? place + together->losses->stride : place);
	bool over = place == together->places - 1;
	const struct witness_model *model;

	if (!machine)
		return -ENOMEM;
	model = together->question.life ? &machine->life : &machine->all;
	for (unsigned to = 0; to < MODEL_STATES; to++)
		if (model->distance[state][to] == 1)
			reach(together, from, place, to, HIDDEN | model->event[state][to]);
	/* an end that is tolerated */
	if (over && machine->all.distance[state][SESSIONLINT_STATE_TERMINATED - 1] == 1)
		reach(together, from, place, SESSIONLINT_STATE_TERMINATED - 1,
		      HIDDEN | SESSIONLINT_EVENT_TERMINATED);
	return 0;
}

static int lose(struct together *together, uint32_t from)
{
	const struct node *node = &together->nodes[from];
	uint64_t next = node->place + together->losses->stride;
	uint32_t step = next_of(together->losses, node->place);
	const struct witness_machine *machine = machine_at(together, next);
	sessionlint_belief after;

	if (!machine)
		return -ENOMEM;
	after = witness_step_take(&together->question.steps->list[step], &machine->all.model,
				  &machine->all.model, (sessionlint_belief)(1U << node->state));
	for (unsigned to = 0; to < MODEL_STATES; to++)
		if (after & 1U << to)
			reach(together, from, next, to,
			      1U << (together->losses - together->parties));
	return 0;
}

/* The next steps of a set of parties are of one event, which happens. */
static void happen(struct together *together, uint32_t from, const struct model *model,
		   unsigned set)
{
	const uint64_t place = together->nodes[from].place;
	const struct party *first = &together->parties[__builtin_ctz(set)];
	const struct witness_step *step = &together->question.steps->list[next_of(first, place)];
	sessionlint_belief after =
		model->reached[step->event][(1U << together->nodes[from].state) & step->from] &
		step->to;
	uint64_t next = place;

	for (unsigned left = set; left; left &= left - 1)
		next += together->parties[__builtin_ctz(left)].stride;
	/* it happened before anybody was notified of it, and when each of them was registered */
	if (!after || step->broken || made_by(together, next) >= happened_by(together, place))
		return;
	reach(together, from, next, (unsigned)__builtin_ctz(after), set);
}

static int go_on(struct together *together, uint32_t from)
{
	const uint64_t place = together->nodes[from].place;
	const struct witness_machine *machine = witness_masked_at(together->question.masked,
								  ALL_EVENTS);
	const struct witness_step *list = together->question.steps->list;
	unsigned sets[MODEL_EVENTS] = { 0 };
	const struct model *model;

	if (!machine)
		return -ENOMEM;
	model = together->question.life ? &machine->life.model : &machine->all.model;
	for (unsigned i = 0; i + 1 < together->count; i++) {
		uint32_t step = next_here(together, &together->parties[i], place);

		if (step == NONE)
			continue;
		if (together->parties[i].registration)
			sets[list[step].event] |= 1U << i;
		else
			happen(together, from, model, 1U << i);
	}
	for (unsigned event = 0; event < MODEL_EVENTS; event++)
		for (unsigned set = -sets[event] & sets[event]; set;
		     set = (set - sets[event]) & sets[event])
			happen(together, from, model, set);
	return 0;
}

static int expand(struct together *together, uint32_t from)
{
	const uint64_t place = together->nodes[from].place;
	int r = 0;

	if (place < together->places - 1 || together->question.ended->terminated)
		r = go_unseen(together, from);
	if (r == 0 && loses(together, place))
		r = lose(together, from);
	return r == 0 ? go_on(together, from) : r;
}

/* Keeps the nodes up to the last one. */
static void keep(struct together *together, uint32_t node)
{
	uint32_t at = NODES_MAX - 1;

	together->stack[at] = node;
	while (together->nodes[node].from != node) {
		node = together->nodes[node].from;
		together->stack[--at] = node;
	}
	together->first = at;
}

static int search(struct together *together)
{
	const struct together_question *question = &together->question;
	const unsigned initialized = SESSIONLINT_STATE_INITIALIZED - 1;

	memset(together->slots, 0, sizeof together->slots);
	together->waiting = together->count_nodes = 0;
	for (unsigned state = 0; state < MODEL_STATES; state++)
		if (question->start & 1U << state && state != initialized)
			reach(together, together->count_nodes, 0, state, 0);
	/* best in Initialized */
	if (question->start & 1U << initialized)
		reach(together, together->count_nodes, 0, initialized, 0);
	while (together->waiting > 0) {
		uint32_t number = together->stack[--together->waiting];
		const struct node *node = &together->nodes[number];
		int r;

		if (node->place == together->places - 1 && question->finish & 1U << node->state) {
			keep(together, number);
			return true;
		}
		r = expand(together, number);
		if (r < 0)
			return r;
	}
	return false;
}

int witness_together_find(struct together **together, const struct together_question *question)
{
	int r;

	if (!*together)
		*together = calloc(1, sizeof **together);
	if (!*together)
		return -ENOMEM;
	(*together)->question = *question;
	r = make_parties(*together);
	return r > 0 ? search(*together) : r;
}

unsigned witness_together_begin(const struct together *together)
{
	return together->nodes[together->stack[together->first]].state;
}

unsigned witness_together_end(const struct together *together)
{
	return together->nodes[together->stack[NODES_MAX - 1]].state;
}

/* ---- as text ---- */

/* The records that are of one event. */
static void put_event(const struct together *together, uint64_t place, unsigned set,
		      struct witness_text *text)
{
	const struct witness_step *list = together->question.steps->list;
	const char *separator = "(";

	for (; set; set &= set - 1) {
		put(text, separator);
		separator = " ";
		put_number(text,
			   list[next_of(&together->parties[__builtin_ctz(set)], place)].record);
	}
	put_char(text, ')');
}

void witness_together_put(const struct together *together, struct witness_text *text)
{
	unsigned losses = (unsigned)(together->losses - together->parties);

	put_char(text, '"');
	put_char(text, witness_state_letter(witness_together_begin(together)));
	for (uint32_t at = together->first + 1; at < NODES_MAX; at++) {
		const struct node *node = &together->nodes[together->stack[at]];
		uint64_t before = together->nodes[node->from].place;

		if (node->by & HIDDEN)
			put_char(text, witness_event_letter(node->by & ~HIDDEN));
		else if (node->by == 1U << losses)
			put_char(text, witness_state_letter(node->state));
		else
			put_event(together, before, node->by, text);
	}
	put_char(text, '"');
}

void witness_together_free(struct together *together)
{
	if (!together)
		return;
	free(together->room);
	free(together->chunk);
	free(together);
}
