/* SPDX-License-Identifier: MIT */
#include "cli/model_options.h"

#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "model/registration.h"
#include "trace/contract.h"

const char *model_name_at(unsigned index)
{
	const struct model_named *named = model_named(index);

	return named ? named->name : NULL;
}

const char *machine_name_at(unsigned index)
{
	if (model_name_at(index))
		return model_name_at(index);
	return index == 0 || model_name_at(index - 1) ? REGISTRATION_NAME : NULL;
}

const char *tolerance_name_at(unsigned index)
{
	return index < MODEL_RECOGNIZERS
		       ? model_recognizer(SESSIONLINT_SOURCE_WDM, index)->tolerance
		       : NULL;
}

void choice_name(struct choice *choice, int option)
{
	if (option == OPTION_OPERAND)
		choice->operands++;
	else
		choice->by_option = true;
}

int choose_machine(const struct command *command, struct choice *choice, const char *value)
{
	int found = word_find(command, "model", value, machine_name_at);

	if (found < 0)
		return STATUS_FAILED;
	choice->named = model_named((unsigned)found);
	return STATUS_CLEAN;
}

int choose_tolerance(const struct command *command, struct choice *choice, const char *value)
{
	int found = word_find(command, "tolerance", value, tolerance_name_at);

	if (found < 0)
		return STATUS_FAILED;
	choice->tolerance_is_given = true;
	choice->tolerance = (enum model_recognizer)found;
	return STATUS_CLEAN;
}

enum model_recognizer choice_tolerance(const struct choice *choice)
{
	return choice->tolerance_is_given ? choice->tolerance : choice->named->tolerance;
}

static int bad_mask(const struct command *command, const char *value, struct sessionlint_text bad)
{
	static const char is_not[] = "--mask needs a number or events separated by commas, not";
	struct suggestion near = { .word = bad };

	for (unsigned i = 0; contract_name_at(KEY_MASK, i); i++)
		suggestion_offer(&near, contract_name_at(KEY_MASK, i));
	if (near.best)
		return usage_error(command, "%s '%s': unknown event '%.*s'; did you mean %s?",
				   is_not, value, (int)bad.size, bad.data, near.best);
	return usage_error(command, "%s '%s': unknown event '%.*s'", is_not, value, (int)bad.size,
			   bad.data);
}

int choose_mask(const struct command *command, struct choice *choice, const char *value)
{
	struct sessionlint_text bad;

	if (event_mask_parse(text_from(value), &choice->mask, &bad) < 0)
		return bad_mask(command, value, bad);
	if (choice->mask != IO_SESSION_STATE_ALL_EVENTS &&
	    choice->mask & ~IO_SESSION_STATE_VALID_EVENT_MASK)
		return usage_error(command,
				   "--mask=%s has bits set that do not correspond to an event",
				   value);
	choice->masked = true;
	return STATUS_CLEAN;
}

int choice_check(const struct command *command, const struct choice *choice)
{
	/* an option can be repeated, an operand cannot */
	if (choice->operands + choice->by_option > 1)
		return usage_error(command, "only one model can be given");
	if (choice->masked && (!choice->named || choice->named->source != SESSIONLINT_SOURCE_WDM))
		return usage_error(command, "--mask describes a driver; it can only be used with "
					    "published and observed");
	return STATUS_CLEAN;
}
