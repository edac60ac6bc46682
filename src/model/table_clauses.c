/* SPDX-License-Identifier: MIT */
#include "model/table_clauses.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "model/beliefs.h"
#include "sessionlint.h"

#define SECTION "Remarks"

/* Appends @name to an id: "LoggedOn" as "-logged-on", without the dash after a slash. */
static void append_word(char *id, const char *name)
{
	size_t size = strlen(id);

	for (; *name; name++) {
		if (isupper((unsigned char)*name) && id[size - 1] != '/')
			id[size++] = '-';
		id[size++] = (char)tolower((unsigned char)*name);
	}
	id[size] = '\0';
}

static void make_transition(const struct model *table, unsigned state, unsigned event,
			    struct table_clause *ret_clause)
{
	const char *from = sessionlint_state_name(state), *cause = sessionlint_event_name(event);
	unsigned to = belief_state(table->next[event][belief_of(state)]);

	*ret_clause = (struct table_clause) {
		.clause = { .section = SECTION, .rule = "session/wrong-state" },
		.id = CLAUSES_OF_TABLE "/",
	};
	append_word(ret_clause->id, from);
	append_word(ret_clause->id, cause);
	snprintf(ret_clause->says, sizeof ret_clause->says, "%s leads from %s to %s.", cause, from,
		 sessionlint_state_name(to));
}

static void make_blanks(const struct model *table, unsigned state, struct table_clause *ret_clause)
{
	const char *separator = " but ";
	int size;

	*ret_clause = (struct table_clause) {
		.clause = { .section = SECTION, .rule = "session/illegal-transition" },
		.id = CLAUSES_OF_TABLE "/blank",
	};
	append_word(ret_clause->id, sessionlint_state_name(state));
	size = snprintf(ret_clause->says, sizeof ret_clause->says, "In %s no event occurs",
			sessionlint_state_name(state));
	for (unsigned event = 1; event < MODEL_EVENTS; event++) {
		if (!table->next[event][belief_of(state)])
			continue;
		size += snprintf(ret_clause->says + size, sizeof ret_clause->says - (size_t)size,
				 "%s%s", separator, sessionlint_event_name(event));
		separator = ", ";
	}
	snprintf(ret_clause->says + size, sizeof ret_clause->says - (size_t)size, ".");
}

unsigned table_clauses(struct table_clause list[TABLE_CLAUSES_MAX])
{
	struct model table;
	unsigned count = 0;

	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_PUBLISHED), &table);
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		for (unsigned event = 1; event < MODEL_EVENTS; event++)
			if (table.next[event][belief_of(state)])
				make_transition(&table, state, event, &list[count++]);
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		make_blanks(&table, state, &list[count++]);
	for (unsigned i = 0; i < count; i++) {
		list[i].clause.id = list[i].id;
		list[i].clause.says = list[i].says;
	}
	return count;
}
