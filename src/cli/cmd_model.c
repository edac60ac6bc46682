/* SPDX-License-Identifier: MIT */
/* sessionlint model: states, events and the table of a recognizer. */
#include "cli/model_export.h"
#include "cli/model_options.h"
#include "cli/model_provenance.h"
#include "cli/model_sql.h"
#include "model/beliefs.h"
#include "model/projection.h"
#include "model/registration.h"

enum {
	OPTION_MODEL,
	OPTION_MASK,
	OPTION_SQL,
	OPTION_START,
	OPTION_PROVENANCE,
	OPTION_EXPORT,
	OPTION_TOLERANCE,
};

static const struct option options[] = {
	{ "model", 'm', "NAME", "%s", OPTION_MODEL },
	{ "mask", 0, "EVENTS",
	  "what a driver with this EventMask sees: logon,logoff or 0x30 or all; with published or "
	  "observed",
	  OPTION_MASK },
	{ "tolerance", 0, "NAME",
	  "what is accepted beyond the published table, instead of what the model accepts: %w",
	  OPTION_TOLERANCE },
	{ "export", 0, "[LANGUAGE]", "print it for a model checker: %s", OPTION_EXPORT },
	{ "sql", 0, "DIALECT", "print it as functions in SQL: %w", OPTION_SQL },
	{ "start", 0, "HOW", "with --sql, the state in which sessions begin: %s", OPTION_START },
	{ "provenance", 0, "[FORMAT]",
	  "print which document has each value and each transition, and where, as %s; with "
	  "published or observed",
	  OPTION_PROVENANCE },
	{ 0 },
};

static const char *start_name_at(unsigned index)
{
	static const char *const names[] = { "initialized", "unknown" };

	return index < sizeof names / sizeof names[0] ? names[index] : NULL;
}

static const struct option_words words[] = {
	{ OPTION_MODEL, machine_name_at, NULL, NULL },
	{ OPTION_TOLERANCE, tolerance_name_at, NULL, NULL },
	{ OPTION_EXPORT, formal_language_name_at, NULL, NULL },
	{ OPTION_SQL, sql_dialect_at, NULL, NULL },
	{ OPTION_START, start_name_at, NULL, NULL },
	{ OPTION_PROVENANCE, provenance_format_at, NULL, NULL },
	{ OPTION_OPERAND, machine_name_at, NULL, NULL },
	{ 0 },
};

static void print_names(void)
{
	printf("state                 value  full name\n");
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		printf("%-20s  %5u  IoSessionState%s\n", sessionlint_state_name(state), state,
		       sessionlint_state_name(state));
	printf("\nevent                 value  full name\n");
	for (unsigned event = 0; event <= SESSIONLINT_EVENT_MAX; event++)
		printf("%-20s  %5u  IoSessionEvent%s\n", sessionlint_event_name(event), event,
		       sessionlint_event_name(event));
}

static void print_beliefs(const struct beliefs *beliefs)
{
	bool any = false;

	for (unsigned i = 0; i < beliefs->count; i++) {
		char name[BELIEF_NAME_SIZE];

		if (belief_is_one_state(beliefs->list[i]))
			continue;
		if (!any)
			printf("\nbelief                any of\n");
		any = true;
		belief_name(beliefs, beliefs->list[i], name);
		printf("%-20s ", name);
		for (unsigned state = 1; state <= MODEL_STATES; state++)
			if (beliefs->list[i] & belief_of(state))
				printf(" %s", sessionlint_state_name(state));
		putchar('\n');
	}
}

static void print_table(const struct model *model, const struct beliefs *beliefs)
{
	unsigned transitions = 0;

	printf("\n%-20s  %-12s  %s\n", "from", "event", "to");
	for (unsigned i = 0; i < beliefs->count; i++) {
		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			sessionlint_belief to = model->next[event][beliefs->list[i]];
			char from_name[BELIEF_NAME_SIZE], to_name[BELIEF_NAME_SIZE];

			if (!(model->allowed[beliefs->list[i]] & 1U << event))
				continue;
			belief_name(beliefs, beliefs->list[i], from_name);
			belief_name(beliefs, to, to_name);
			printf("%-20s  %-12s  %s\n", from_name, sessionlint_event_name(event),
			       to_name);
			transitions++;
		}
	}
	printf("\n%u transitions\n", transitions);
}

/* ---- the view of a driver ---- */

static void print_states(sessionlint_belief belief)
{
	const char *before = "";

	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		if (!(belief & belief_of(state)))
			continue;
		printf("%s%s", before, sessionlint_state_name(state));
		before = ", ";
	}
}

/* One line of the table of print_views(). */
static void print_view(enum projection_view view, sessionlint_belief alike)
{
	switch (view) {
	case VIEW_HIDDEN:
		printf("no: not notified");
		break;
	case VIEW_ALIKE:
		printf("no: looks the same in ");
		print_states(alike);
		break;
	case VIEW_SOMETIMES:
		printf("sometimes: can look the same in ");
		print_states(alike);
		break;
	case VIEW_CERTAIN:
		printf("yes");
		break;
	}
	putchar('\n');
}

/* Which transitions of @table a driver with @mask can verify. */
static void print_views(const struct model *table, const struct model *projection, uint32_t mask)
{
	unsigned counts[VIEW_CERTAIN + 1] = { 0 };

	printf("\n%-20s  %-12s  %-20s  %s\n", "from", "event", "to", "can the driver verify it?");
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			sessionlint_belief to = table->next[event][belief_of(state)], alike;
			enum projection_view view;

			if (to == SESSIONLINT_BELIEF_NONE)
				continue;
			view = projection_view(table, projection, mask, state, event, &alike);
			counts[view]++;
			printf("%-20s  %-12s  %-20s  ", sessionlint_state_name(state),
			       sessionlint_event_name(event),
			       sessionlint_state_name(belief_state(to)));
			print_view(view, alike);
		}
	}
	printf("\nof %u transitions the driver can verify %u, and %u sometimes; it is notified of "
	       "%u that look like others, and not of %u\n",
	       counts[VIEW_CERTAIN] + counts[VIEW_SOMETIMES] + counts[VIEW_ALIKE] +
		       counts[VIEW_HIDDEN],
	       counts[VIEW_CERTAIN], counts[VIEW_SOMETIMES], counts[VIEW_ALIKE],
	       counts[VIEW_HIDDEN]);
}

/* ---- the command ---- */

/* What the command line selects. */
struct selection {
	const struct command *command;
	struct choice choice;
	bool sql, start_is_given, start_is_unknown, provenance;
	unsigned dialect, provenance_format;
	const struct formal_language *language; /* NULL: no export */
};

static void print_model(const struct choice *choice, const struct model *table,
			const struct model *model)
{
	struct beliefs beliefs;

	printf("%s: %s", choice->named->name, choice->named->summary);
	if (choice->tolerance_is_given)
		printf("; tolerance %s", tolerance_name_at(choice->tolerance));
	if (choice->masked)
		printf("; as seen by a driver with EventMask 0x%02x", (unsigned)choice->mask);
	printf("\n\n");
	beliefs_find(model, &beliefs);
	print_names();
	print_beliefs(&beliefs);
	print_table(model, &beliefs);
	if (choice->masked)
		print_views(table, model, choice->mask);
}

static int print_sql(const struct selection *selection, const struct model *model)
{
	const struct model_named *named = selection->choice.named;
	const struct sql_model sql = {
		.model = model,
		.source = named->source,
		.name = named->name,
		.start = selection->start_is_unknown ? SESSIONLINT_BELIEF_ANY
						     : belief_of(SESSIONLINT_STATE_INITIALIZED),
	};

	if (sql_print(&sql, selection->dialect) < 0)
		return usage_error(selection->command, "%s has too many beliefs for SQL",
				   named->name);
	return STATUS_CLEAN;
}

static int print_selected(const struct selection *selection)
{
	static struct model table, projection;
	const struct choice *choice = &selection->choice;

	model_tabulate(model_recognizer(choice->named->source, choice_tolerance(choice)), &table);
	if (choice->masked)
		model_project(&table, choice->mask, true, &projection);
	if (selection->provenance) {
		provenance_print(choice->named, &table, selection->provenance_format);
		return STATUS_CLEAN;
	}
	if (selection->sql)
		return print_sql(selection, choice->masked ? &projection : &table);
	print_model(choice, &table, choice->masked ? &projection : &table);
	return STATUS_CLEAN;
}

static int set_sql(struct selection *selection, const char *value)
{
	int found = word_find(selection->command, "SQL dialect", value, sql_dialect_at);

	selection->sql = true;
	selection->dialect = (unsigned)found;
	return found < 0 ? STATUS_FAILED : STATUS_CLEAN;
}

static int set_start(struct selection *selection, const char *value)
{
	int found = word_find(selection->command, "start", value, start_name_at);

	selection->start_is_given = true;
	selection->start_is_unknown = found == 1;
	return found < 0 ? STATUS_FAILED : STATUS_CLEAN;
}

static int set_provenance(struct selection *selection, const char *value)
{
	int found = value ? word_find(selection->command, "format", value, provenance_format_at)
			  : 0;

	selection->provenance = true;
	selection->provenance_format = (unsigned)found;
	return found < 0 ? STATUS_FAILED : STATUS_CLEAN;
}

static int set_export(struct selection *selection, const char *value)
{
	int found = value ? word_find(selection->command, "language", value,
				      formal_language_name_at)
			  : 0;

	if (found < 0)
		return STATUS_FAILED;
	selection->language = formal_language_at((unsigned)found);
	return STATUS_CLEAN;
}

static int set_option(void *userdata, int option, const char *value)
{
	struct selection *selection = userdata;

	switch (option) {
	case OPTION_MASK:
		return choose_mask(selection->command, &selection->choice, value);
	case OPTION_SQL:
		return set_sql(selection, value);
	case OPTION_START:
		return set_start(selection, value);
	case OPTION_EXPORT:
		return set_export(selection, value);
	case OPTION_TOLERANCE:
		return choose_tolerance(selection->command, &selection->choice, value);
	case OPTION_PROVENANCE:
		return set_provenance(selection, value);
	default:
		choice_name(&selection->choice, option);
		return choose_machine(selection->command, &selection->choice, value);
	}
}

/* Checks that the options can be combined; reports it if not: STATUS_FAILED. */
static int check_selection(const struct selection *selection)
{
	const struct command *command = selection->command;
	const struct choice *choice = &selection->choice;

	if (choice_check(command, choice) != STATUS_CLEAN)
		return STATUS_FAILED;
	if (selection->start_is_given && !selection->sql)
		return usage_error(command, "--start needs --sql");
	if (selection->sql + selection->provenance + (selection->language != NULL) > 1)
		return usage_error(command,
				   "--sql, --export and --provenance cannot be used together");
	if (!choice->named && !selection->language)
		return usage_error(command, REGISTRATION_NAME
				   " needs --export; 'sessionlint diagram " REGISTRATION_NAME
				   "' draws it");
	if (selection->sql && choice->tolerance_is_given)
		return usage_error(command, "--tolerance cannot be used with --sql");
	if (!selection->provenance)
		return STATUS_CLEAN;
	if (choice->masked || choice->tolerance_is_given)
		return usage_error(command,
				   "--mask and --tolerance cannot be used with --provenance");
	if (choice->named->source != SESSIONLINT_SOURCE_WDM)
		return usage_error(command,
				   "--provenance describes the published table; it can only "
				   "be used with published and observed");
	return STATUS_CLEAN;
}

static int run_model(const struct command *command, int count, char **arguments)
{
	const struct arguments line = { .command = command, .count = count, .list = arguments };
	struct selection selection = { .command = command, .choice.named = model_named(0) };
	int status = arguments_read(line, set_option, &selection, NULL, NULL);

	if (status >= 0)
		return status;
	status = check_selection(&selection);
	if (status != STATUS_CLEAN)
		return status;
	if (selection.language)
		return model_export(command, &selection.choice, selection.language);
	return print_selected(&selection);
}

static void print_languages(void)
{
	printf("\nLanguages of --export:\n");
	for (unsigned i = 0; formal_language_at(i); i++)
		printf("  %-10s %s\n", formal_language_at(i)->name, formal_language_at(i)->summary);
}

const struct command command_model = {
	.name = "model",
	.operands = "[NAME]",
	.summary = "print the states, events and transitions of a recognizer",
	.details =
		"If a source hides events, its recognizer is in a belief: a set of possible "
		"states. With --mask the\nrecognizer is that of a driver which registered for "
		"these events only; a last table shows which\ntransitions of the published one "
		"such a driver can verify.\n"
		"\n"
		"A model accepts what Windows is known to do, except published and observed. "
		"--export prints one\nof a source under any tolerance, or registration: the states "
		"of an I/O object of a driver.\n",
	.options = options,
	.words = words,
	.more_help = print_languages,
	.run = run_model,
};
