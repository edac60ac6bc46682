/* SPDX-License-Identifier: MIT */
#include "cli/diff_models.h"

#include <string.h>

#include "base/text.h"
#include "cli/model_options.h"
#include "model/projection.h"

#define MASK "mask="

/* Additional names, besides those of sessionlint model: the tolerances, for any source, and wdm. */
static const struct {
	const char *name;
	enum model_recognizer tolerance;
	bool is_tolerance;
} more[] = {
	{ "reused", MODEL_REUSED, true },
	{ "known", MODEL_KNOWN, true },
	{ "implied", MODEL_IMPLIED, true },
	{ "wdm", MODEL_IMPLIED, false },
};
#define MORE (sizeof more / sizeof more[0])

static unsigned named_count(void)
{
	unsigned count = 0;

	while (model_named(count))
		count++;
	return count;
}

const char *side_name_at(unsigned index)
{
	unsigned count = named_count();

	if (index < count)
		return model_named(index)->name;
	return index - count < MORE ? more[index - count].name : NULL;
}

/* Those that check has one after the other without --strict, which abrupt, the last one, is not. */
static const char *side_tolerance_at(unsigned index)
{
	return index < MODEL_ABRUPT ? tolerance_name_at(index) : NULL;
}

bool side_is_meant(const char *operand)
{
	size_t size = strcspn(operand, ":");

	for (unsigned i = 0; side_name_at(i); i++)
		if (text_equal(text_of(operand, size), text_from(side_name_at(i))))
			return true;
	return strcmp(operand, "-") != 0 && !strpbrk(operand, "./\\");
}

static void side_name(struct side *side, unsigned found)
{
	unsigned count = named_count();

	if (found < count) {
		const struct model_named *named = model_named(found);

		side->source = named->source;
		side->tolerance = named->tolerance;
		/* published and observed are not sources but apply to any source */
		side->any_source = named->source == SESSIONLINT_SOURCE_WDM;
		return;
	}
	side->source = SESSIONLINT_SOURCE_WDM;
	side->tolerance = more[found - count].tolerance;
	side->any_source = more[found - count].is_tolerance;
}

static int side_mask(const struct command *command, struct side *side, const char *value)
{
	struct choice choice = { 0 };

	if (side->source != SESSIONLINT_SOURCE_WDM)
		return usage_error(
			command,
			"'%s': an EventMask describes a driver; it can only be used with wdm",
			side->text);
	if (choose_mask(command, &choice, value) != STATUS_CLEAN)
		return STATUS_FAILED;
	side->masked = true;
	side->mask = choice.mask;
	return STATUS_CLEAN;
}

/* Reads what follows a colon: a tolerance, or a mask to the end. */
static int side_suffixes(const struct command *command, struct side *side, const char *at)
{
	bool tolerated = side->any_source;

	while (*at == ':') {
		size_t size = strcspn(++at, ":");
		char word[32];
		int found;

		if (strncmp(at, MASK, strlen(MASK)) == 0)
			return side_mask(command, side, at + strlen(MASK));
		snprintf(word, sizeof word, "%.*s", (int)size, at);
		found = word_find(command, "tolerance", word, side_tolerance_at);
		if (found < 0)
			return STATUS_FAILED;
		if (tolerated)
			return usage_error(command, "'%s' has two tolerances", side->text);
		tolerated = true;
		side->tolerance = (enum model_recognizer)found;
		at += size;
	}
	return STATUS_CLEAN;
}

int side_parse(const struct command *command, const char *operand, struct side *ret_side)
{
	struct side side = { .text = operand };
	char name[32];
	size_t size = strcspn(operand, ":");
	int found, status;

	snprintf(name, sizeof name, "%.*s", (int)size, operand);
	found = word_find(command, "model", size < sizeof name ? name : operand, side_name_at);
	if (found < 0)
		return STATUS_FAILED;
	side_name(&side, (unsigned)found);
	status = side_suffixes(command, &side, operand + size);
	if (status != STATUS_CLEAN)
		return status;
	model_tabulate(model_recognizer(side.source, side.tolerance), &side.model);
	if (side.masked)
		model_project(&side.model, side.mask, true, &side.model);
	*ret_side = side;
	return STATUS_CLEAN;
}
