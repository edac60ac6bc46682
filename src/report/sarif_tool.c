/* SPDX-License-Identifier: MIT */
/* The tool that writes a SARIF report, and its rules. */
#include "report/sarif_tool.h"

#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "rules/rules.h"
#include "sessionlint.h"

static const char *problem_severity(enum sessionlint_severity severity)
{
	switch (severity) {
	case SESSIONLINT_SEVERITY_ERROR:
		return "error";
	case SESSIONLINT_SEVERITY_WARNING:
		return "warning";
	case SESSIONLINT_SEVERITY_NOTE:
	case SESSIONLINT_SEVERITY_OFF:
		break;
	}
	return "recommendation";
}

/* "session/illegal-transition" as IllegalTransition. */
static void write_rule_name(struct json_writer *json, const char *name)
{
	FILE *file = json_string_begin(json);
	bool upper = true;

	for (const char *at = strchr(name, '/') + 1; *at; at++) {
		if (*at != '-')
			putc(upper ? *at - 'a' + 'A' : *at, file);
		upper = *at == '-';
	}
	json_string_end(json);
}

static void write_help_uri(struct json_writer *json, const char *name)
{
	FILE *file;

	json_key(json, "helpUri");
	file = json_string_begin(json);
	fputs(SESSIONLINT_RULES_PAGE "#", file);
	rule_print_anchor(file, name);
	json_string_end(json);
}

void sarif_write_message(struct json_writer *json, const char *key, const char *text)
{
	json_member_open(json, key, '{');
	json_member_string(json, "text", text);
	json_close(json);
}

static void write_help(struct json_writer *json, const struct sessionlint_rule_info *rule)
{
	FILE *file;

	json_line(json, "\n ");
	json_member_open(json, "help", '{');
	json_member_string(json, "text", rule->explanation);
	json_key(json, "markdown");
	file = json_string_begin(json);
	escape_json(file, text_from(rule->explanation));
	fputs("\\n\\nA trace that breaks it:\\n\\n```\\n", file);
	escape_json(file, text_from(rule->wrong));
	fputs("```\\n\\nA trace that does not:\\n\\n```\\n", file);
	escape_json(file, text_from(rule->right));
	fputs("```\\n", file);
	json_string_end(json);
	json_close(json);
}

/* 3.49. */
static void write_rule(struct json_writer *json, const struct sessionlint_rule_info *rule)
{
	json_line(json, "\n");
	json_open(json, '{');
	json_member_string(json, "id", rule->name);
	json_key(json, "name");
	write_rule_name(json, rule->name);
	write_help_uri(json, rule->name);
	json_line(json, "\n ");
	sarif_write_message(json, "shortDescription", rule->summary);
	json_line(json, "\n ");
	sarif_write_message(json, "fullDescription", rule->explanation);
	write_help(json, rule);
	json_line(json, "\n ");
	json_member_open(json, "defaultConfiguration", '{');
	json_member_string(json, "level", sessionlint_severity_name(rule->severity));
	json_close(json);
	json_line(json, "\n ");
	json_member_open(json, "properties", '{');
	json_member_string(json, "problem.severity", problem_severity(rule->severity));
	json_member_string(json, "precision", "very-high");
	json_member_open(json, "tags", '[');
	json_text(json, text_of(rule->name, strcspn(rule->name, "/")));
	json_close(json);
	json_close(json);
	json_close(json);
}

void sarif_write_tool(struct json_writer *json)
{
	json_line(json, "\n");
	json_member_open(json, "tool", '{');
	json_member_open(json, "driver", '{');
	json_member_string(json, "name", "sessionlint");
	json_key(json, "fullName");
	fprintf(json_string_begin(json), "sessionlint %s", sessionlint_version());
	json_string_end(json);
	json_member_string(json, "version", sessionlint_version());
	json_member_string(json, "semanticVersion", sessionlint_version());
	json_line(json, "\n");
	json_member_string(json, "informationUri", SESSIONLINT_HOMEPAGE);
	json_line(json, "\n");
	json_member_open(json, "rules", '[');
	for (unsigned i = 0; i < RULE_COUNT; i++)
		write_rule(json, sessionlint_rule_info(i));
	json_line(json, "\n");
	json_close(json);
	json_close(json);
	json_close(json);
}
