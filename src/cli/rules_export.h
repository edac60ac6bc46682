/* SPDX-License-Identifier: MIT */
/* sessionlint rules --export: a detection pack on standard output. */
#ifndef CLI_RULES_EXPORT_H
#define CLI_RULES_EXPORT_H

#include "cli/cli.h"
#include "detection/detection.h"

enum {
	OPTION_MARKDOWN,
	OPTION_TRACEABILITY,
	OPTION_EXPORT,
	OPTION_SOURCE,
	OPTION_LENGTH,
};

struct rules_export {
	const struct detection_language *language; /* NULL: no pack is wanted */
	unsigned source;                           /* of detection_source_name_at() */
	unsigned length;                           /* 0: not given */
	const char *needs_export;                  /* an option that was given; NULL: none */
};

static inline bool rules_export_wanted(const struct rules_export *export)
{
	return export->language || export->needs_export;
}

/* Sets --export, --source or --length. Reports a wrong @value: STATUS_FAILED. */
int rules_export_set(const struct command *command, struct rules_export *export, int option,
		     const char *value);

int rules_export(const struct command *command, const struct rules_export *export);

#endif
