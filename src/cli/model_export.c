/* SPDX-License-Identifier: MIT */
#include "cli/model_export.h"

#include "model/registration.h"

int model_export(const struct command *command, const struct choice *choice,
		 const struct formal_language *language)
{
	static struct formal_machine machine;

	if (!choice->named && choice->tolerance_is_given)
		return usage_error(command, "--tolerance cannot be used with " REGISTRATION_NAME);
	if (!choice->named && language->sessions_only)
		return usage_error(command, "--export=%s cannot be used with " REGISTRATION_NAME,
				   language->name);
	if (choice->named)
		formal_of_model(
			&(struct formal_choice) { .named = choice->named,
						  .tolerance = choice_tolerance(choice),
						  .tolerance_is_given = choice->tolerance_is_given,
						  .masked = choice->masked,
						  .mask = choice->mask },
			&machine);
	else
		formal_of_registration(&machine);
	language->write(stdout, &machine);
	return STATUS_CLEAN;
}
