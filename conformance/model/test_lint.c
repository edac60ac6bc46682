/* SPDX-License-Identifier: MIT */
/*
 * The model lint finds nothing in `published` and `observed`, and finds what is wrong with models
 * that were broken on purpose.
 */
#include "lint.h"

#include <errno.h>

#include "tap.h"

#define FIRST_EVENT SESSIONLINT_EVENT_CREATED
#define FIRST_STATE SESSIONLINT_STATE_CREATED

/* Short names, for the tables below. */
#define CREATED                SESSIONLINT_STATE_CREATED
#define CONNECTED              SESSIONLINT_STATE_CONNECTED
#define DISCONNECTED           SESSIONLINT_STATE_DISCONNECTED
#define DISCONNECTED_LOGGED_ON SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON
#define LOGGED_ON              SESSIONLINT_STATE_LOGGED_ON
#define LOGGED_OFF             SESSIONLINT_STATE_LOGGED_OFF
#define BIT(state)             (1U << ((state)-1))
#define EVENT(name)            SESSIONLINT_EVENT_##name

#define FLAWS_ROOM 64

struct flaws {
	struct model_flaw list[FLAWS_ROOM];
	unsigned count;
};

/* One cell of the model, overwritten. */
struct alteration {
	unsigned state, event, successors;
};

/* What is done to `published`, and exactly what the lint must say of it. */
struct broken {
	const char *what;
	struct alteration alterations[8]; /* ends with state 0 */
	struct model_flaw flaws[8];       /* ends with neither state nor event */
};

static const struct broken brokens[] = {
	{
		.what = "a state that nothing leads to",
		.alterations = { { LOGGED_ON, EVENT(LOGOFF), BIT(DISCONNECTED) } },
		.flaws = { { .kind = MODEL_FLAW_UNREACHABLE, .state = LOGGED_OFF } },
	},
	{
		.what = "a trap that loops",
		.alterations = { { LOGGED_OFF, EVENT(DISCONNECTED), BIT(LOGGED_OFF) },
				 { LOGGED_OFF, EVENT(TERMINATED), 0 } },
		.flaws = { { .kind = MODEL_FLAW_ENDLESS, .state = LOGGED_OFF },
			   { .kind = MODEL_FLAW_TRAP, .state = LOGGED_OFF } },
	},
	{
		.what = "a trap without an arc, hence like Terminated",
		.alterations = { { LOGGED_OFF, EVENT(DISCONNECTED), 0 },
				 { LOGGED_OFF, EVENT(TERMINATED), 0 } },
		.flaws = { { .kind = MODEL_FLAW_ENDLESS, .state = LOGGED_OFF },
			   { .kind = MODEL_FLAW_TRAP, .state = LOGGED_OFF },
			   { .kind = MODEL_FLAW_INDISTINGUISHABLE,
			     .state = LOGGED_OFF,
			     .other = SESSIONLINT_STATE_TERMINATED } },
	},
	{
		.what = "two states that lead to each other alone",
		.alterations = { { LOGGED_ON, EVENT(LOGOFF), BIT(DISCONNECTED_LOGGED_ON) },
				 { LOGGED_ON, EVENT(TERMINATED), 0 },
				 { DISCONNECTED_LOGGED_ON, EVENT(CONNECTED), BIT(LOGGED_ON) },
				 { DISCONNECTED_LOGGED_ON, EVENT(LOGOFF), 0 },
				 { DISCONNECTED_LOGGED_ON, EVENT(TERMINATED), 0 } },
		.flaws = { { .kind = MODEL_FLAW_UNREACHABLE, .state = LOGGED_OFF },
			   { .kind = MODEL_FLAW_ENDLESS, .state = DISCONNECTED_LOGGED_ON },
			   { .kind = MODEL_FLAW_ENDLESS, .state = LOGGED_ON } },
	},
	{
		.what = "a cell with two successors",
		.alterations = { { CREATED, EVENT(CONNECTED),
				   BIT(CONNECTED) | BIT(DISCONNECTED) } },
		.flaws = { { .kind = MODEL_FLAW_NONDETERMINISTIC,
			     .state = CREATED,
			     .event = EVENT(CONNECTED),
			     .successors = BIT(CONNECTED) | BIT(DISCONNECTED) } },
	},
	{
		.what = "an event that no arc takes",
		.alterations = { { LOGGED_ON, EVENT(LOGOFF), 0 },
				 { DISCONNECTED_LOGGED_ON, EVENT(LOGOFF), 0 } },
		.flaws = { { .kind = MODEL_FLAW_UNREACHABLE, .state = LOGGED_OFF },
			   { .kind = MODEL_FLAW_DEAD_EVENT, .event = EVENT(LOGOFF) } },
	},
	{
		.what = "an event that only an unreachable state allows",
		.alterations = { { LOGGED_ON, EVENT(LOGOFF), 0 },
				 { DISCONNECTED_LOGGED_ON, EVENT(LOGOFF), 0 },
				 { LOGGED_OFF, EVENT(LOGOFF), BIT(DISCONNECTED) } },
		.flaws = { { .kind = MODEL_FLAW_UNREACHABLE, .state = LOGGED_OFF },
			   { .kind = MODEL_FLAW_DEAD_EVENT, .event = EVENT(LOGOFF) } },
	},
	{
		.what = "two states merged",
		.alterations = { { DISCONNECTED, EVENT(LOGON), 0 },
				 { DISCONNECTED, EVENT(DISCONNECTED), BIT(DISCONNECTED) } },
		.flaws = { { .kind = MODEL_FLAW_INDISTINGUISHABLE,
			     .state = CREATED,
			     .other = DISCONNECTED } },
	},
};
#define BROKENS (sizeof brokens / sizeof brokens[0])

/* A model with @alterations; its beliefs follow from its states again. */
static struct model model_altered(const struct model *model, const struct alteration *alterations)
{
	struct model altered = *model;

	for (; alterations->state; alterations++)
		altered.next[alterations->event][belief_of(alterations->state)] =
			(sessionlint_belief)alterations->successors;
	for (unsigned belief = 1; belief < MODEL_BELIEFS; belief++) {
		altered.allowed[belief] = 0;
		for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++) {
			sessionlint_belief next = SESSIONLINT_BELIEF_NONE;

			for (unsigned state = FIRST_STATE; state_is_valid(state); state++)
				if (belief & belief_of(state))
					next |= altered.next[event][belief_of(state)];
			altered.next[event][belief] = next;
			if (next)
				altered.allowed[belief] |= (sessionlint_event_set)(1U << event);
		}
	}
	for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++)
		altered.image[event] = altered.next[event][SESSIONLINT_BELIEF_ANY];
	return altered;
}

static int flaw_keep(void *userdata, const struct model_flaw *flaw, const char *text)
{
	struct flaws *flaws = userdata;

	tap_note("%s", text);
	if (flaws->count == FLAWS_ROOM)
		return -ENOBUFS;
	flaws->list[flaws->count++] = *flaw;
	return 0;
}

static int flaw_refuse(void *userdata, const struct model_flaw *flaw, const char *text)
{
	unsigned *calls = userdata;

	(void)flaw;
	(void)text;
	++*calls;
	return -ECANCELED;
}

static bool flaw_equal(const struct model_flaw *a, const struct model_flaw *b)
{
	return a->kind == b->kind && a->state == b->state && a->other == b->other &&
	       a->event == b->event && a->successors == b->successors;
}

static void test_broken(const struct model *published, const struct broken *broken)
{
	const struct model model = model_altered(published, broken->alterations);
	struct flaws flaws = { 0 };
	unsigned expected = 0, found = 0;
	int r = model_lint(&model, flaw_keep, &flaws);

	for (const struct model_flaw *flaw = broken->flaws; flaw->state || flaw->event; flaw++) {
		expected++;
		for (unsigned i = 0; i < flaws.count; i++)
			found += flaw_equal(flaw, &flaws.list[i]);
	}
	tap_ok(r == 0 && found == expected && flaws.count == expected && expected > 0,
	       "%s: %u of %u flaws found, %u reported", broken->what, found, expected, flaws.count);
}

/* The lint ends with what the report returns. */
static void test_refusal(const struct model *published)
{
	const struct model model = model_altered(published, brokens[1].alterations);
	unsigned calls = 0;
	int r = model_lint(&model, flaw_refuse, &calls);

	tap_ok(r == -ECANCELED && calls == 1, "a report that returns an error ends the lint");
}

static void test_clean(const char *name, const struct model *model)
{
	struct flaws flaws = { 0 };
	int r = model_lint(model, flaw_keep, &flaws);

	tap_ok(r == 0 && flaws.count == 0,
	       "%s: each state reachable and ended, no conflict, dead event or trap, all pairs "
	       "distinguishable: %u flaws",
	       name, flaws.count);
}

static bool accepts(const struct model *model, unsigned state, const uint8_t *events,
		    unsigned length)
{
	sessionlint_belief belief = belief_of(state);

	for (unsigned i = 0; i < length; i++)
		belief = model->next[events[i]][belief];
	return belief != SESSIONLINT_BELIEF_NONE;
}

/* Whether any sequence of exactly @length events tells the beliefs apart. */
static bool differ(const struct model *model, sessionlint_belief one, sessionlint_belief other,
		   unsigned length)
{
	if (length == 0)
		return !one != !other;
	for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++)
		if (differ(model, model->next[event][one], model->next[event][other], length - 1))
			return true;
	return false;
}

static bool witness_holds(const struct model *model, const struct model_witness *witness)
{
	if (!accepts(model, witness->accepting, witness->events, witness->length) ||
	    accepts(model, witness->rejecting, witness->events, witness->length))
		return false;
	for (unsigned length = 0; length < witness->length; length++)
		if (differ(model, belief_of(witness->accepting), belief_of(witness->rejecting),
			   length))
			return false;
	return true;
}

static void witness_note(const struct model_witness *witness)
{
	char text[256] = "";
	size_t used = 0;

	for (unsigned i = 0; i < witness->length && used < sizeof text - 16; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, " %s",
					 sessionlint_event_name(witness->events[i]));
	tap_note("%s accepts, %s rejects:%s", sessionlint_state_name(witness->accepting),
		 sessionlint_state_name(witness->rejecting), text);
}

/* Each pair of states: its witness is right, and nothing shorter is one. */
static void test_witnesses(const char *name, const struct model *model, unsigned merged,
			   unsigned expected_longest)
{
	unsigned pairs = 0, right = 0, none = 0, longest = 0;

	for (unsigned one = FIRST_STATE; state_is_valid(one); one++) {
		for (unsigned other = one + 1; state_is_valid(other); other++) {
			struct model_witness witness;
			int r = model_distinguish(model, one, other, &witness);

			pairs++;
			if (r == -ENOENT) {
				/* with eight states and the rejection, eight events would do */
				none += !differ(model, belief_of(one), belief_of(other), 8);
				continue;
			}
			if (r < 0)
				continue;
			right += witness_holds(model, &witness);
			witness_note(&witness);
			if (witness.length > longest)
				longest = witness.length;
		}
	}
	tap_ok(pairs == 28 && right == 28 - merged && none == merged,
	       "%s: %u of %u pairs of states have a shortest distinguishing sequence, %u have none",
	       name, right, pairs, none);
	tap_ok(longest == expected_longest, "%s: the longest has length %u", name, longest);
}

int main(void)
{
	/* Connected and LoggedOff part only behind the state that both are disconnected to. */
	static const struct alteration far[] = {
		{ CONNECTED, EVENT(LOGON), 0 },
		{ LOGGED_OFF, EVENT(DISCONNECTED), BIT(DISCONNECTED_LOGGED_ON) },
		{ DISCONNECTED_LOGGED_ON, EVENT(LOGOFF), 0 },
		{ DISCONNECTED_LOGGED_ON, EVENT(CONNECTED), BIT(LOGGED_ON) },
		{ DISCONNECTED_LOGGED_ON, EVENT(LOGON), BIT(DISCONNECTED_LOGGED_ON) },
		{ 0, 0, 0 },
	};
	struct model published, observed, altered;

	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_PUBLISHED), &published);
	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_OBSERVED), &observed);
	test_clean("published", &published);
	test_clean("observed", &observed);
	test_witnesses("published", &published, 0, 1);
	test_witnesses("observed", &observed, 0, 1);

	for (unsigned i = 0; i < BROKENS; i++)
		test_broken(&published, &brokens[i]);
	test_refusal(&published);
	altered = model_altered(&published, brokens[BROKENS - 1].alterations);
	test_witnesses("two states merged", &altered, 1, 1);
	altered = model_altered(&published, far);
	test_witnesses("states that part later", &altered, 0, 3);
	return tap_done();
}
