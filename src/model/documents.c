/* SPDX-License-Identifier: MIT */
#include "model/documents.h"

#include <stddef.h>

#include "rules/clauses.h"
#include "sessionlint.h"

#define FOLDER "wdk-ddi-src/content/wdm/"

enum {
	PAGE_OF_STATES,
	PAGE_OF_EVENTS,
	PAGES,
};

static const struct document documents[PAGES] = {
	[PAGE_OF_STATES] = {
		.title = TITLE_OF_STATES,
		.file = FOLDER "ne-wdm-_io_session_state.md",
		.picture = FOLDER "images/sessionstate.png",
		.drawing = FOLDER "images/sessionstate.vsd",
	},
	[PAGE_OF_EVENTS] = {
		.title = TITLE_OF_EVENTS,
		.file = FOLDER "ne-wdm-_io_session_event.md",
	},
};

const struct document *document_at(unsigned index)
{
	return index < PAGES ? &documents[index] : NULL;
}

const struct document *document_of_states(void)
{
	return &documents[PAGE_OF_STATES];
}

const struct document *document_of_events(void)
{
	return &documents[PAGE_OF_EVENTS];
}

const char *document_state_label(unsigned state)
{
	/* one state has two words; its label stands on two lines */
	if (state == SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON)
		return "Disconnected + LoggedOn";
	return state == SESSIONLINT_STATE_MAX ? NULL : sessionlint_state_name(state);
}
