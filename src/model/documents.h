/* SPDX-License-Identifier: MIT */
/* Where the documentation of Windows has the states, the events and the transitions of the model.
 */
#ifndef MODEL_DOCUMENTS_H
#define MODEL_DOCUMENTS_H

#include <stdbool.h>

/* The sources of the pages are published here. */
#define DOCUMENTS_REPOSITORY "MicrosoftDocs/windows-driver-docs-ddi"

struct document {
	const char *title;   /* of the page */
	const char *file;    /* of the repository */
	const char *picture; /* of the table of transitions, which is no text; NULL: it has none */
	const char *drawing; /* what the picture was made from; NULL likewise */
};

/* The page of the states, which has the table, then that of the events; NULL after the last. */
const struct document *document_at(unsigned index);
const struct document *document_of_states(void);
const struct document *document_of_events(void);

/* How the picture names a state; NULL: it has no column and no row for it. */
const char *document_state_label(unsigned state);

#endif
