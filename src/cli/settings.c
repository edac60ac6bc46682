/* SPDX-License-Identifier: MIT */
#include "cli/settings.h"

#include <string.h>

#include "base/text.h"

static const char *const thresholds[] = { "never", "note", "warning", "error", NULL };

const char *settings_threshold_at(unsigned index)
{
	return thresholds[index];
}

static int set_rule(struct settings *settings, const char *value)
{
	const struct command *command = settings->logs.command;
	const char *equals = strchr(value, '=');
	enum sessionlint_rule rule;
	enum sessionlint_severity severity;
	char name[80];

	if (!equals)
		return usage_error(command, "--rule needs NAME=SEVERITY, not '%s'", value);
	snprintf(name, sizeof name, "%.*s", (int)(equals - value), value);
	if (sessionlint_rule_parse(name, strlen(name), &rule) < 0)
		return unknown_word(command, "rule", name, rule_word_at);
	if (sessionlint_severity_parse(equals + 1, strlen(equals + 1), &severity) < 0)
		return unknown_word(command, "severity", equals + 1, sessionlint_severity_name);
	settings->severities[rule] = (uint8_t)(severity + 1);
	return STATUS_CLEAN;
}

static int set_fail_on(struct settings *settings, const char *value)
{
	int found = word_find(settings->logs.command, "severity", value, settings_threshold_at);

	if (found < 0)
		return STATUS_FAILED;
	settings->fail_on = found == 0 ? SETTINGS_NEVER : (unsigned)found;
	return STATUS_CLEAN;
}

static int set_path(const struct settings *settings, const char *name, const char *value,
		    const char **ret_path)
{
	if (!*value)
		return usage_error(settings->logs.command, "--%s needs a path", name);
	*ret_path = value;
	return STATUS_CLEAN;
}

bool settings_set_option(struct settings *settings, int option, const char *value, int *ret_status)
{
	if (logs_set_option(&settings->logs, option, value, ret_status))
		return true;
	*ret_status = STATUS_CLEAN;
	switch (option) {
	case SETTING_STRICT:
		settings->strict = true;
		break;
	case SETTING_RULE:
		*ret_status = set_rule(settings, value);
		break;
	case SETTING_FAIL_ON:
		*ret_status = set_fail_on(settings, value);
		break;
	case SETTING_FAIL_ON_UNDETERMINED:
		settings->fail_on_undetermined = true;
		break;
	case SETTING_BASELINE:
		*ret_status = set_path(settings, "baseline", value, &settings->baseline);
		break;
	case SETTING_ALLOW_STALE:
		settings->allow_stale = true;
		break;
	case SETTING_CONFIG:
		*ret_status = set_path(settings, "config", value, &settings->config);
		settings->no_config = false;
		break;
	case SETTING_NO_CONFIG:
		settings->no_config = true;
		break;
	default:
		return false;
	}
	return true;
}

void settings_set_rules(const struct settings *settings, struct sessionlint *run)
{
	sessionlint_set_strict(run, settings->strict);
	for (unsigned rule = 0; rule < RULE_COUNT; rule++)
		if (settings->severities[rule])
			sessionlint_set_severity(
				run, (enum sessionlint_rule)rule,
				(enum sessionlint_severity)(settings->severities[rule] - 1));
}

int settings_begin(struct settings *settings)
{
	int r = logs_begin(&settings->logs);

	if (r == 0)
		settings_set_rules(settings, settings->logs.run);
	return r;
}

bool settings_fail(const struct settings *settings, unsigned severity)
{
	return severity >= settings->fail_on;
}

bool settings_fail_stale(const struct settings *settings)
{
	return !settings->allow_stale && settings_fail(settings, SESSIONLINT_SEVERITY_ERROR);
}

uint64_t settings_undetermined(const struct settings *settings, const struct run_totals *totals)
{
	return settings->fail_on_undetermined && settings_fail(settings, SESSIONLINT_SEVERITY_ERROR)
		       ? totals->undetermined
		       : 0;
}

int settings_status(const struct settings *settings, const struct run_totals *totals)
{
	for (unsigned severity = 0; severity <= SESSIONLINT_SEVERITY_ERROR; severity++)
		if (totals->severities[severity] && settings_fail(settings, severity))
			return STATUS_FINDINGS;
	return settings_undetermined(settings, totals) > 0 ? STATUS_FINDINGS : STATUS_CLEAN;
}
