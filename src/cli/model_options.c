/* SPDX-License-Identifier: MIT */
#include "cli/model_options.h"

#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "trace/contract.h"

const char *model_name_at(unsigned index)
{
	const struct model_named *named = model_named(index);

	return named ? named->name : NULL;
}

void choice_name(struct choice *choice, int option)
{
	if (option == OPTION_OPERAND)
		choice->operands++;
	else
		choice->by_option = true;
}

int choose_model(const struct command *command, struct choice *choice, const char *value)
{
	unsigned i = 0;

	while (model_named(i) && strcmp(model_named(i)->name, value) != 0)
		i++;
	choice->named = model_named(i);
	if (!choice->named)
		return unknown_word(command, "model", value, model_name_at);
	return STATUS_CLEAN;
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
