/* SPDX-License-Identifier: MIT */
/* sessionlint rules and sessionlint explain: the one table of rules, for people. */
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "sessionlint.h"

enum {
	OPTION_MARKDOWN
};

static const struct option rules_options[] = {
	{ "markdown", 0, NULL, "all rules in full, as in docs/rules.md", OPTION_MARKDOWN },
	{ 0 },
};

static const struct option explain_options[] = { { 0 } };

static const struct option_words words[] = {
	{ OPTION_OPERAND, rule_word_at, NULL, NULL },
	{ 0 },
};

static const char *rule_name_at(unsigned index)
{
	const struct sessionlint_rule_info *rule = sessionlint_rule_info(index);

	return rule ? rule->name : NULL;
}

#define WIDTH 78

/* Prints paragraphs, broken at words. */
static void print_wrapped(const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t word = strcspn(text, " \n");

		if (column > 0 && column + 1 + word > WIDTH) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)printf("%s%.*s", column > 0 ? " " : "", (int)word, text);
		text += word;
		if (strncmp(text, "\n\n", 2) == 0) {
			printf("\n\n");
			column = 0;
			text++;
		}
		if (*text)
			text++;
	}
	putchar('\n');
}

static void print_trace(const char *trace, const char *indent)
{
	while (*trace) {
		size_t line = strcspn(trace, "\n");

		printf("%s%.*s\n", indent, (int)line, trace);
		trace += line + (trace[line] == '\n');
	}
}

static const char *strict_text(const struct sessionlint_rule_info *rule)
{
	return rule->severity == rule->strict_severity ? "" : ", error with --strict";
}

static void print_rule(const struct sessionlint_rule_info *rule)
{
	printf("%s (%s%s)\n", rule->name, sessionlint_severity_name(rule->severity),
	       strict_text(rule));
	print_wrapped(rule->summary);
	putchar('\n');
	print_wrapped(rule->explanation);
	printf("\nA trace that breaks it:\n\n");
	print_trace(rule->wrong, "    ");
	printf("\nOne that does not:\n\n");
	print_trace(rule->right, "    ");
}

static void print_markdown(void)
{
	printf("# Rules\n\n"
	       "Made by `sessionlint rules --markdown`; a test fails when the two differ. `--rule "
	       "NAME=SEVERITY`\n"
	       "changes a severity, `sessionlint explain NAME` shows one section.\n\n"
	       "| rule | severity | says |\n|---|---|---|\n");
	for (unsigned i = 0; rule_name_at(i); i++) {
		const struct sessionlint_rule_info *rule = sessionlint_rule_info(i);

		printf("| %s | %s%s | %s |\n", rule->name,
		       sessionlint_severity_name(rule->severity), strict_text(rule), rule->summary);
	}
	for (unsigned i = 0; rule_name_at(i); i++) {
		const struct sessionlint_rule_info *rule = sessionlint_rule_info(i);

		printf("\n## %s\n\n", rule->name);
		print_wrapped(rule->summary);
		putchar('\n');
		print_wrapped(rule->explanation);
		printf("\nWrong:\n\n");
		print_trace(rule->wrong, "    ");
		printf("\nRight:\n\n");
		print_trace(rule->right, "    ");
	}
}

static int explain_one(const struct command *command, const char *name)
{
	enum sessionlint_rule rule;

	if (sessionlint_rule_parse(name, strlen(name), &rule) < 0)
		return unknown_word(command, "rule", name, rule_word_at);
	print_rule(sessionlint_rule_info(rule));
	return STATUS_CLEAN;
}

static void list_rules(void)
{
	for (unsigned i = 0; rule_name_at(i); i++) {
		const struct sessionlint_rule_info *rule = sessionlint_rule_info(i);

		printf("%-32s %-8s %s\n", rule->name, sessionlint_severity_name(rule->severity),
		       rule->summary);
	}
}

/* Tells of each rule that is named, also of those behind a wrong name. */
static int explain_named(const struct command *command, int count, char **arguments)
{
	struct arguments walk = { .command = command, .count = count, .list = arguments };
	int status = STATUS_CLEAN;

	for (bool first = true; arguments_next(&walk) != OPTION_END; first = false) {
		if (!first)
			putchar('\n');
		if (explain_one(command, walk.value) != STATUS_CLEAN)
			status = STATUS_FAILED;
	}
	return status;
}

static int run_rules(const struct command *command, int count, char **arguments)
{
	struct arguments walk = { .command = command, .count = count, .list = arguments };
	bool markdown = false, named = false;
	int option;

	while ((option = arguments_next(&walk)) != OPTION_END) {
		if (option == OPTION_HELP)
			return command_help(command);
		if (option < OPTION_OPERAND)
			return STATUS_FAILED;
		markdown |= option == OPTION_MARKDOWN;
		named |= option == OPTION_OPERAND;
	}
	if (markdown && named)
		return usage_error(command, "--markdown is of all rules: it goes with no name");
	if (named)
		return explain_named(command, count, arguments);
	if (command == &command_explain)
		return usage_error(command, "no rule to explain; 'sessionlint rules' lists them");
	if (markdown)
		print_markdown();
	else
		list_rules();
	return STATUS_CLEAN;
}

const struct command command_rules = {
	.name = "rules",
	.operands = "[NAME...]",
	.summary = "list the rules, or tell all of some",
	.options = rules_options,
	.words = words,
	.run = run_rules,
};

const struct command command_explain = {
	.name = "explain",
	.operands = "RULE...",
	.summary = "tell what a rule means, why, and how to mend it",
	.options = explain_options,
	.words = words,
	.run = run_rules,
};
