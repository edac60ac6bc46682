/* SPDX-License-Identifier: MIT */
/* The model `published` is the published table, cell for cell, and `observed` one cell more. */
#include <string.h>

#include "model/model.h"
#include "session_table.h"
#include "tap.h"

#define FIRST_EVENT SESSIONLINT_EVENT_CREATED
#define FIRST_STATE SESSIONLINT_STATE_CREATED

static sessionlint_belief cell(const struct model *model, unsigned state, unsigned event)
{
	return model->next[event][belief_of(state)];
}

/* The numbers and names of wdm.h are those of the library. */
static void test_names(void)
{
	unsigned different = 0;

	for (unsigned state = CREATED; state < STATES; state++)
		different += strcmp(session_state_name(state), sessionlint_state_name(state)) != 0;
	for (unsigned event = IGNORE; event < EVENTS; event++)
		different += strcmp(session_event_name(event), sessionlint_event_name(event)) != 0;
	tap_ok(different == 0, "states and events have the same numbers and names");
}

/* Each cell that is written in the picture is a transition of the model, and the only one. */
static void test_picture_in_model(const struct model *model)
{
	unsigned written = 0, same = 0;

	for (unsigned from = CREATED; from < STATES; from++) {
		for (unsigned event = CREATE; event < EVENTS; event++) {
			const unsigned to = session_table[from][event];

			if (to == NOWHERE)
				continue;
			written++;
			if (cell(model, from, event) == belief_of(to))
				same++;
			else
				tap_note("not in the model: %s --%s--> %s",
					 session_state_name(from), session_event_name(event),
					 session_state_name(to));
		}
	}
	tap_ok(written == 17 && same == written,
	       "%u of the picture's %u written cells are in the model; 17 are expected", same,
	       written);
}

/* Each transition of the model is written in the picture, at its two states. */
static void test_model_in_picture(const struct model *model)
{
	unsigned transitions = 0, same = 0;

	for (unsigned from = FIRST_STATE; state_is_valid(from); from++) {
		for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++) {
			for (unsigned to = FIRST_STATE; state_is_valid(to); to++) {
				if (!(cell(model, from, event) & belief_of(to)))
					continue;
				transitions++;
				if (session_event_between(from, to) == event)
					same++;
				else
					tap_note("not in the picture: %s --%s--> %s",
						 sessionlint_state_name(from),
						 sessionlint_event_name(event),
						 sessionlint_state_name(to));
			}
		}
	}
	tap_ok(transitions == 17 && same == transitions,
	       "%u of the model's %u transitions are in the picture; 17 are expected", same,
	       transitions);
}

/* A blank cell is blank in the model as well, the missing row and column included. */
static void test_pairs_of_states(const struct model *model)
{
	unsigned pairs = 0, same = 0, blank = 0;

	for (unsigned from = FIRST_STATE; state_is_valid(from); from++) {
		for (unsigned to = FIRST_STATE; state_is_valid(to); to++) {
			const unsigned expected = session_event_between(from, to);
			unsigned differences = 0;

			for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++) {
				bool leads = cell(model, from, event) & belief_of(to);

				differences += leads != (event == expected);
			}
			pairs++;
			same += differences == 0;
			blank += expected == IGNORE;
		}
	}
	tap_ok(pairs == 64 && same == pairs && blank == 47,
	       "%u of %u pairs of states say the same; %u are blank, 47 are expected", same, pairs,
	       blank);
}

/* Eight states by six events: where each leads, or that it leads nowhere. */
static void test_cells(const struct model *model)
{
	unsigned cells = 0, same = 0, legal = 0;

	for (unsigned state = FIRST_STATE; state_is_valid(state); state++) {
		for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++) {
			const unsigned to = session_table[state][event];
			const sessionlint_belief expected = to ? belief_of(to) : 0;

			cells++;
			legal += to != 0;
			if (cell(model, state, event) == expected)
				same++;
			else
				tap_note("%s in %s: 0x%02x, and 0x%02x in the picture",
					 sessionlint_event_name(event),
					 sessionlint_state_name(state), cell(model, state, event),
					 expected);
		}
	}
	tap_ok(cells == 48 && same == cells, "%u of %u cells, state by event, lead to the same",
	       same, cells);
	tap_ok(legal == 17 && cells - legal == 31, "%u cells are legal and %u illegal", legal,
	       cells - legal);
}

/* Ignore changes no state. Max is never delivered, and nothing above it is an event. */
static void test_ignore_and_max(const struct model *model, const struct recognizer *recognizer)
{
	unsigned ignored = 0, refused = 0, outside = 0;
	uint8_t belief;

	for (unsigned state = FIRST_STATE; state_is_valid(state); state++) {
		const sessionlint_belief one = belief_of(state);
		int node = recognizer->step(recognizer->start,
					    (enum machine_symbol)(BEGIN_CREATED + (int)state - 1),
					    &belief);

		ignored += cell(model, state, SESSIONLINT_EVENT_IGNORE) == one;
		for (unsigned event = SESSIONLINT_EVENT_MAX; event < 256; event++)
			refused += sessionlint_model_next(SESSIONLINT_SOURCE_WDM,
							  SESSIONLINT_TOLERANCE_PUBLISHED, one,
							  event) == SESSIONLINT_BELIEF_NONE;
		for (int letter = 0; letter < 256; letter++) {
			if (letter >= EV_CREATED && letter <= EV_LOGOFF)
				continue;
			recognizer->step(node, (enum machine_symbol)letter, &belief);
			outside += belief == SESSIONLINT_BELIEF_NONE;
		}
	}
	tap_ok(ignored == 8, "Ignore leaves %u of 8 states as they are", ignored);
	tap_ok(refused == 8 * 249, "Max and above lead nowhere: %u of %u cases", refused, 8 * 249);
	tap_ok(outside == 8 * 250,
	       "the recognizer takes no letter but the six events: %u of %u cases", outside,
	       8 * 250);
}

static void test_closure(const struct model *model, const char *name)
{
	unsigned same = 0;

	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		same += model->closure[belief] == belief;
	tap_ok(same == MODEL_BELIEFS, "%s hides nothing: %u of %u beliefs are closed", name, same,
	       MODEL_BELIEFS);
}

static void test_observed(const struct model *published, const struct model *observed)
{
	const unsigned from = SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON;
	const unsigned event = SESSIONLINT_EVENT_CONNECTED;
	unsigned cells = 0, different = 0;

	for (unsigned state = FIRST_STATE; state_is_valid(state); state++) {
		for (unsigned e = SESSIONLINT_EVENT_IGNORE; e < MODEL_EVENTS; e++) {
			cells++;
			if (cell(published, state, e) == cell(observed, state, e))
				continue;
			different++;
			tap_note("observed differs: %s in %s", sessionlint_event_name(e),
				 sessionlint_state_name(state));
		}
	}
	tap_ok(different == 1, "observed differs from published in %u of %u cells", different,
	       cells);
	tap_ok(cell(published, from, event) == SESSIONLINT_BELIEF_NONE &&
		       cell(observed, from, event) == belief_of(SESSIONLINT_STATE_LOGGED_ON),
	       "that cell is DisconnectedLoggedOn --Connected--> LoggedOn");
}

int main(void)
{
	const struct recognizer *recognizer = model_recognizer(SESSIONLINT_SOURCE_WDM,
							       MODEL_PUBLISHED);
	struct model published, observed;

	model_tabulate(recognizer, &published);
	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_OBSERVED), &observed);

	tap_ok(strcmp(recognizer->vocabulary, "wdm") == 0 &&
		       strcmp(recognizer->tolerance, "published") == 0,
	       "the recognizer is the one of wdm and published");
	test_names();
	test_picture_in_model(&published);
	test_model_in_picture(&published);
	test_pairs_of_states(&published);
	test_cells(&published);
	test_ignore_and_max(&published, recognizer);
	test_closure(&published, "published");
	test_closure(&observed, "observed");
	test_observed(&published, &observed);
	return tap_done();
}
