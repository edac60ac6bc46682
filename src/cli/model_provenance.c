/* SPDX-License-Identifier: MIT */
#include "cli/model_provenance.h"

#include <stdio.h>

#include "base/json_writer.h"
#include "coverage/ledger.h"
#include "model/beliefs.h"
#include "model/documents.h"

#define CHART "machine/session.rl"

/* A transition, and its cell in the picture: the column is the state before, the row the one after,
 * and the event is in the cell. */
struct origin {
	struct ledger_arc arc;
	const struct document *document; /* NULL: it is in none */
	const char *column, *row;
};

/* What no page has was seen in logs. */
#define UNDOCUMENTED "undocumented: the cell is blank, logs of Windows show it"

/* A transition by its index, in the order of states and events. Returns whether there is one. */
static bool origin_at(const struct model *model, const struct model *published, unsigned index,
		      struct origin *ret_origin)
{
	for (unsigned from = 1; from <= MODEL_STATES; from++) {
		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			sessionlint_belief to = model->next[event][belief_of(from)];

			if (!to || index-- > 0)
				continue;
			*ret_origin = (struct origin) {
				.arc = { .from = (uint8_t)from,
					 .event = (uint8_t)event,
					 .to = (uint8_t)belief_state(to) },
				.column = document_state_label(from),
				.row = document_state_label(belief_state(to)),
			};
			if (published->next[event][belief_of(from)])
				ret_origin->document = document_of_states();
			return true;
		}
	}
	return false;
}

/* ---- text ---- */

static void print_documents(void)
{
	const struct document *document;

	printf("documents, in " DOCUMENTS_REPOSITORY "\n");
	for (unsigned i = 0; (document = document_at(i)); i++) {
		printf("  %s\n    %s\n", document->title, document->file);
		if (document->picture)
			printf("    %s, the table\n    %s, its drawing\n", document->picture,
			       document->drawing);
	}
}

static void print_values(const char *what, const char *prefix, unsigned first, unsigned last,
			 const char *(*name_at)(unsigned value), const struct document *document)
{
	printf("\n%-34s  value  document\n", what);
	for (unsigned value = first; value <= last; value++) {
		char name[64];

		snprintf(name, sizeof name, "%s%s", prefix, name_at(value));
		printf("%-34s  %5u  %s\n", name, value, document->title);
	}
}

static void print_origin(const struct origin *origin)
{
	printf("%-23s  %-23s  %-12s  ", origin->column, origin->row,
	       sessionlint_event_name(origin->arc.event));
	printf(CHART ":%u", ledger_arc_line(&origin->arc));
	if (!origin->document)
		printf("  " UNDOCUMENTED);
	putchar('\n');
}

static void print_text(const struct model_named *named, const struct model *model,
		       const struct model *published)
{
	struct origin origin;
	unsigned count = 0;

	printf("%s: %s\n\n", named->name, named->summary);
	print_documents();
	print_values("state", "IoSessionState", SESSIONLINT_STATE_CREATED, SESSIONLINT_STATE_MAX,
		     sessionlint_state_name, document_of_states());
	print_values("event", "IoSessionEvent", SESSIONLINT_EVENT_IGNORE, SESSIONLINT_EVENT_MAX,
		     sessionlint_event_name, document_of_events());
	printf("\n%-23s  %-23s  %-12s  chart\n", "column (from)", "row (to)", "cell (event)");
	for (; origin_at(model, published, count, &origin); count++)
		print_origin(&origin);
	printf("\n%u transitions\n", count);
}

/* ---- JSON ---- */

static void write_documents(struct json_writer *json)
{
	const struct document *document;

	json_line(json, "\n ");
	json_member_open(json, "documents", '[');
	for (unsigned i = 0; (document = document_at(i)); i++) {
		json_line(json, "\n  ");
		json_open(json, '{');
		json_member_string(json, "title", document->title);
		json_member_string(json, "file", document->file);
		json_member_string_or_null(json, "picture", document->picture);
		json_member_string_or_null(json, "drawing", document->drawing);
		json_close(json);
	}
	json_close(json);
}

static void write_values(struct json_writer *json, const char *key, const char *prefix,
			 unsigned first, unsigned last, const char *(*name_at)(unsigned value),
			 const struct document *document)
{
	json_line(json, "\n ");
	json_member_open(json, key, '[');
	for (unsigned value = first; value <= last; value++) {
		json_line(json, "\n  ");
		json_open(json, '{');
		json_key(json, "name");
		fprintf(json_string_begin(json), "%s%s", prefix, name_at(value));
		json_string_end(json);
		json_member_number(json, "value", value);
		json_member_string(json, "document", document->title);
		json_member_string(json, "file", document->file);
		json_close(json);
	}
	json_close(json);
}

static void write_cell(struct json_writer *json, const struct origin *origin)
{
	json_member_open(json, "cell", '{');
	json_member_string(json, "column", origin->column);
	json_member_string(json, "row", origin->row);
	json_member_string(json, "text", sessionlint_event_name(origin->arc.event));
	json_close(json);
}

static void write_origin(struct json_writer *json, const struct origin *origin)
{
	const struct document *document = origin->document;

	json_line(json, "\n  ");
	json_open(json, '{');
	json_member_string(json, "from", sessionlint_state_name(origin->arc.from));
	json_member_string(json, "event", sessionlint_event_name(origin->arc.event));
	json_member_string(json, "to", sessionlint_state_name(origin->arc.to));
	json_member_string_or_null(json, "document", document ? document->title : NULL);
	json_member_string_or_null(json, "file", document ? document->picture : NULL);
	if (document)
		write_cell(json, origin);
	else
		json_member_null(json, "cell");
	json_member_open(json, "chart", '{');
	json_member_string(json, "file", CHART);
	json_member_number(json, "line", ledger_arc_line(&origin->arc));
	json_close(json);
	json_close(json);
}

static void print_json(const struct model_named *named, const struct model *model,
		       const struct model *published)
{
	struct json_writer json;
	struct origin origin;

	json_writer_init(&json, stdout, NULL);
	json_open(&json, '{');
	json_member_string(&json, "provenance", named->name);
	json_member_string(&json, "repository", DOCUMENTS_REPOSITORY);
	write_documents(&json);
	write_values(&json, "states", "IoSessionState", SESSIONLINT_STATE_CREATED,
		     SESSIONLINT_STATE_MAX, sessionlint_state_name, document_of_states());
	write_values(&json, "events", "IoSessionEvent", SESSIONLINT_EVENT_IGNORE,
		     SESSIONLINT_EVENT_MAX, sessionlint_event_name, document_of_events());
	json_line(&json, "\n ");
	json_member_open(&json, "transitions", '[');
	for (unsigned i = 0; origin_at(model, published, i, &origin); i++)
		write_origin(&json, &origin);
	json_finish(&json);
}

/* ---- the formats ---- */

static const struct {
	const char *name;
	void (*print)(const struct model_named *named, const struct model *model,
		      const struct model *published);
} formats[] = {
	{ "text", print_text },
	{ "json", print_json },
};

const char *provenance_format_at(unsigned index)
{
	return index < sizeof formats / sizeof formats[0] ? formats[index].name : NULL;
}

void provenance_print(const struct model_named *named, const struct model *model, unsigned format)
{
	struct model published;

	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_PUBLISHED), &published);
	formats[format].print(named, model, &published);
}
