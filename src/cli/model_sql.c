/* SPDX-License-Identifier: MIT */
#include "cli/model_sql.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/beliefs.h"

/* A belief is a character of the table: '0' for none, then those that come after it. A backslash
 * could be an escape. */
#define FIRST_CHARACTER '0'
#define BELIEFS_MAX     ('\\' - FIRST_CHARACTER - 1)

#define EVENTS (MODEL_EVENTS - 1) /* without Ignore */

/* Numbers of events of any source are smaller. */
#define NUMBERS_MAX 10000U

/*
 * A walk is a number: 64 times the events so far, and the belief. At an illegal event that is 0,
 * and the walk stays as it is. {step} computes the next walk from walk and event, {table} is the
 * table, {states} and {events} are the arms of CASE expressions.
 */
#define STEP(divide, character, integer)                                                           \
	"CASE WHEN walk % 64 = 0 THEN walk\n"                                                      \
	"       WHEN event = 0 THEN walk + 64\n"                                                   \
	"       WHEN event BETWEEN 1 AND 6 THEN (" divide " + 1) * 64\n"                           \
	"            + " character "('{table}', " integer ", 1)) - 48\n"                           \
	"       ELSE (" divide " + 1) * 64 END"

#define PLACE "(walk % 64) * 6 + event"

static const struct dialect {
	const char *name;
	const char *text;
} dialects[] = {
	{ "duckdb",
	  "CREATE OR REPLACE MACRO session_walk(events) AS list_reduce(\n"
	  "  list_prepend(1::BIGINT, events::BIGINT[]), lambda walk, event:\n"
	  "  " STEP("walk // 64", "ascii(substring",
		    PLACE) ");\n\n"
			   "CREATE OR REPLACE MACRO session_check(events) AS\n"
			   "  CASE WHEN session_walk(events) % 64 = 0 THEN session_walk(events) // "
			   "64 ELSE 0 END;\n\n"
			   "CREATE OR REPLACE MACRO session_state(events) AS\n"
			   "  CASE session_walk(events) % 64{states} END;\n\n"
			   "CREATE OR REPLACE MACRO session_event(name) AS\n"
			   "  CASE lower(name){events} END;\n\n"
			   "-- SELECT host, session, session_check(list(session_event(event) ORDER "
			   "BY time))\n"
			   "-- FROM records WHERE event IS NOT NULL GROUP BY host, session;\n" },
	{ "spark",
	  "CREATE OR REPLACE TEMPORARY FUNCTION session_walk(events ARRAY<BIGINT>) RETURNS BIGINT\n"
	  "  RETURN aggregate(events, 1L, (walk, event) ->\n"
	  "  " STEP(
		  "walk DIV 64", "ascii(substring",
		  "CAST(" PLACE
		  " AS INT)") ");\n\n"
			      "CREATE OR REPLACE TEMPORARY FUNCTION session_check(events "
			      "ARRAY<BIGINT>) RETURNS BIGINT\n"
			      "  RETURN CASE WHEN session_walk(events) % 64 = 0 THEN "
			      "session_walk(events) DIV 64\n"
			      "  ELSE 0 END;\n\n"
			      "CREATE OR REPLACE TEMPORARY FUNCTION session_state(events "
			      "ARRAY<BIGINT>) RETURNS STRING\n"
			      "  RETURN CASE session_walk(events) % 64{states} END;\n\n"
			      "CREATE OR REPLACE TEMPORARY FUNCTION session_event(name STRING) "
			      "RETURNS BIGINT\n"
			      "  RETURN CASE lower(name){events} END;\n\n"
			      "-- SELECT host, session, "
			      "session_check(transform(array_sort(collect_list(\n"
			      "--   struct(time, session_event(event) AS event))), each -> "
			      "each.event))\n"
			      "-- FROM records WHERE event IS NOT NULL GROUP BY host, session;\n" },
	{ "clickhouse",
	  "CREATE OR REPLACE FUNCTION session_walk AS (events) -> arrayFold((walk, event) ->\n"
	  "  toInt64(" STEP(
		  "intDiv(walk, 64)", "ascii(substring",
		  PLACE) "),\n"
			 "  arrayMap(event -> toInt64(ifNull(event, -1)), events), toInt64(1));\n\n"
			 "CREATE OR REPLACE FUNCTION session_check AS (events) ->\n"
			 "  if(session_walk(events) % 64 = 0, intDiv(session_walk(events), 64), "
			 "0);\n\n"
			 "CREATE OR REPLACE FUNCTION session_state AS (events) ->\n"
			 "  CASE session_walk(events) % 64{states} ELSE NULL END;\n\n"
			 "CREATE OR REPLACE FUNCTION session_event AS (name) ->\n"
			 "  CASE lower(name){events} ELSE NULL END;\n\n"
			 "-- SELECT host, session, session_check(arrayMap(each -> each.2, "
			 "arraySort(groupArray(\n"
			 "--   (time, session_event(event))))))\n"
			 "-- FROM records WHERE event IS NOT NULL GROUP BY host, session;\n" },
	{ "postgres",
	  "CREATE OR REPLACE FUNCTION session_step(walk bigint, event bigint) RETURNS bigint\n"
	  "  LANGUAGE sql IMMUTABLE AS $$ SELECT\n"
	  "  " STEP("walk / 64", "ascii(substr",
		    "(" PLACE
		    ")::int") " $$;\n\n"
			      "CREATE OR REPLACE AGGREGATE session_walk(event bigint)\n"
			      "  (sfunc = session_step, stype = bigint, initcond = '1');\n\n"
			      "CREATE OR REPLACE FUNCTION session_check(events bigint[]) RETURNS "
			      "bigint\n"
			      "  LANGUAGE sql IMMUTABLE AS $$\n"
			      "  SELECT CASE WHEN walk % 64 = 0 THEN walk / 64 ELSE 0 END FROM (\n"
			      "  SELECT session_walk(event ORDER BY place) AS walk\n"
			      "  FROM unnest(events) WITH ORDINALITY AS each(event, place)) AS "
			      "walks $$;\n\n"
			      "CREATE OR REPLACE FUNCTION session_state(events bigint[]) RETURNS "
			      "text\n"
			      "  LANGUAGE sql IMMUTABLE AS $$\n"
			      "  SELECT CASE session_walk(event ORDER BY place) % 64{states} END\n"
			      "  FROM unnest(events) WITH ORDINALITY AS each(event, place) $$;\n\n"
			      "CREATE OR REPLACE FUNCTION session_event(name text) RETURNS bigint\n"
			      "  LANGUAGE sql IMMUTABLE AS $$\n"
			      "  SELECT CASE lower(name){events} END::bigint $$;\n\n"
			      "-- SELECT host, session, "
			      "session_check(array_agg(session_event(event) ORDER BY time))\n"
			      "-- FROM records WHERE event IS NOT NULL GROUP BY host, session;\n" },
};

const char *sql_dialect_at(unsigned index)
{
	return index < sizeof dialects / sizeof dialects[0] ? dialects[index].name : NULL;
}

/* ---- the parts ---- */

static void print_table(const struct model *model, const struct beliefs *beliefs)
{
	for (int event = 0; event < EVENTS; event++)
		putchar(FIRST_CHARACTER);
	for (unsigned i = 0; i < beliefs->count; i++) {
		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			sessionlint_belief to = model->next[event][beliefs->list[i]];
			unsigned number = to ? beliefs_index(beliefs, to) + 1 : 0;

			putchar(FIRST_CHARACTER + (int)number);
		}
	}
}

static void print_states(const struct beliefs *beliefs)
{
	for (unsigned i = 0; i < beliefs->count; i++) {
		const char *before = "";

		printf("\n    WHEN %u THEN '", i + 1);
		for (unsigned state = 1; state <= MODEL_STATES; state++) {
			if (!(beliefs->list[i] & belief_of(state)))
				continue;
			printf("%s%s", before, sessionlint_state_name(state));
			before = "|";
		}
		putchar('\'');
	}
}

/* An arm for a name of an event, unless the source does not have it. */
static void print_name(enum sessionlint_source source, const char *name)
{
	unsigned event;

	if (sessionlint_event_parse(source, name, strlen(name), &event) < 0 ||
	    event >= MODEL_EVENTS)
		return;
	printf("\n    WHEN '");
	for (const char *c = name; *c; c++)
		putchar(ascii_lower(*c));
	printf("' THEN %u", event);
}

static void print_events(enum sessionlint_source source)
{
	for (unsigned event = 0; event < MODEL_EVENTS; event++) {
		char full[64];

		print_name(source, sessionlint_event_name(event));
		snprintf(full, sizeof full, "IoSessionEvent%s", sessionlint_event_name(event));
		print_name(source, full);
	}
	for (unsigned i = 0; model_event_spelling_at(source, i); i++)
		if (*model_event_spelling_at(source, i))
			print_name(source, model_event_spelling_at(source, i));
	for (unsigned number = 0; number < NUMBERS_MAX; number++) {
		char digits[16];

		snprintf(digits, sizeof digits, "%u", number);
		print_name(source, digits);
	}
}

/* Prints what a word in braces is replaced by. */
static void print_part(const struct sql_model *model, const struct beliefs *beliefs,
		       const char *word)
{
	switch (*word) {
	case 't':
		print_table(model->model, beliefs);
		break;
	case 's':
		print_states(beliefs);
		break;
	case 'e':
		print_events(model->source);
		break;
	}
}

static void print_head(const struct sql_model *model)
{
	printf("-- sessionlint %s: the model %s, from ", sessionlint_version(), model->name);
	printf(model->start == SESSIONLINT_BELIEF_ANY ? "any state\n" : "Initialized\n");
	printf("-- session_check(events): the place of the first event that the model does not\n"
	       "-- allow, from 1; 0: it allows all of them. The events of one session, in order.\n"
	       "-- session_state(events): the states that the session can be in after them; NULL:\n"
	       "-- none.\n"
	       "-- session_event(name): the number of an event, by its name or number in the log;\n"
	       "-- NULL, which is illegal: unknown.\n\n");
}

int sql_print(const struct sql_model *model, unsigned dialect)
{
	struct beliefs beliefs;

	beliefs_find_from(model->model, model->start, &beliefs);
	if (beliefs.count > BELIEFS_MAX)
		return -ERANGE;
	print_head(model);
	for (const char *c = dialects[dialect].text; *c; c++) {
		if (*c == '{') {
			print_part(model, &beliefs, c + 1);
			c = strchr(c, '}');
		} else {
			putchar(*c);
		}
	}
	return 0;
}
