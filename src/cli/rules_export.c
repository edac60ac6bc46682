/* SPDX-License-Identifier: MIT */
#include "cli/rules_export.h"

#include <errno.h>

#include "base/number.h"

static int set_language(const struct command *command, struct rules_export *export,
			const char *value)
{
	int found = value ? word_find(command, "language", value, detection_language_name_at) : 0;

	if (found < 0)
		return STATUS_FAILED;
	export->language = detection_language_at((unsigned)found);
	return STATUS_CLEAN;
}

static int set_source(const struct command *command, struct rules_export *export, const char *value)
{
	int found = word_find(command, "source", value, detection_source_name_at);

	if (found < 0)
		return STATUS_FAILED;
	export->source = (unsigned)found;
	export->needs_export = "--source";
	return STATUS_CLEAN;
}

static int set_length(const struct command *command, struct rules_export *export, const char *value)
{
	uint64_t length;

	if (decimal_parse(text_from(value), FORBIDDEN_LENGTH_MAX, &length) < 0 || length == 0)
		return usage_error(command, "--length needs a number from 1 to %d, not '%s'",
				   FORBIDDEN_LENGTH_MAX, value);
	export->length = (unsigned)length;
	export->needs_export = "--length";
	return STATUS_CLEAN;
}

int rules_export_set(const struct command *command, struct rules_export *export, int option,
		     const char *value)
{
	switch (option) {
	case OPTION_EXPORT:
		return set_language(command, export, value);
	case OPTION_SOURCE:
		return set_source(command, export, value);
	default:
		return set_length(command, export, value);
	}
}

int rules_export(const struct command *command, const struct rules_export *export)
{
	enum sessionlint_source source = detection_source_at(export->source);
	const struct detection_language *language = export->language;
	struct detection_pack pack;

	if (!language)
		return usage_error(command, "%s belongs to --export", export->needs_export);
	if (language->windows_only && !detection_source_is_windows(source))
		return usage_error(command,
				   "%s is not in a log of Windows; only --export=sql can search it",
				   sessionlint_source_name(source));
	if (detection_pack_make(source, export->length, &pack) < 0)
		return out_of_memory();
	if (pack.count > 0)
		language->write(stdout, &pack);
	detection_pack_free(&pack);
	if (pack.longest == 0)
		return usage_error(command, "no sequence of %s of that length is forbidden",
				   sessionlint_source_name(source));
	return STATUS_CLEAN;
}
