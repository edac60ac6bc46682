/* SPDX-License-Identifier: MIT */
/* Computes a pack from the model. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "detection/detection.h"
#include "trace/windows/event_meaning.h"

/* Numbers of events are below this. */
#define NUMBERS 64

/*
 * Of the others, profile and winlogon-operational record transitions more than once, rdp forbids
 * nothing, and account has no records.
 */
static const enum sessionlint_source sources[] = {
	SESSIONLINT_SOURCE_LSM, SESSIONLINT_SOURCE_WINLOGON, SESSIONLINT_SOURCE_WDM,
	SESSIONLINT_SOURCE_WTS, SESSIONLINT_SOURCE_SENS,
};

enum sessionlint_source detection_source_at(unsigned index)
{
	return sources[index];
}

const char *detection_source_name_at(unsigned index)
{
	return index < sizeof sources / sizeof sources[0] ? sessionlint_source_name(sources[index])
							  : NULL;
}

bool detection_source_is_windows(enum sessionlint_source source)
{
	struct windows_shown shown;

	return windows_shown_at(source, 0, &shown);
}

static struct detection_letter *letter_add(struct detection_pack *pack, unsigned letter,
					   const char *provider)
{
	struct detection_letter *added;

	for (unsigned i = 0; i < pack->letter_count; i++)
		if (pack->letters[i].letter == letter)
			return &pack->letters[i];
	added = &pack->letters[pack->letter_count++];
	added->letter = letter;
	added->name = letter == FORBIDDEN_BOOT ? "Boot" : sessionlint_event_name(letter);
	added->provider = provider;
	return added;
}

static void value_add(struct detection_letter *letter, const char *value)
{
	if (letter->value_count < DETECTION_VALUES)
		snprintf(letter->values[letter->value_count++], DETECTION_VALUE_SIZE, "%s", value);
}

/* ---- how records show the events ---- */

/* From the tables of Windows' logs. */
static void letters_of_windows(struct detection_pack *pack)
{
	struct windows_shown shown;

	for (unsigned i = 0; windows_shown_at(pack->source, i, &shown); i++) {
		const struct windows_provider_row *provider = &windows_providers[shown.provider];
		unsigned letter = shown.boot ? FORBIDDEN_BOOT : (unsigned)shown.event;
		char id[DETECTION_VALUE_SIZE];

		snprintf(id, sizeof id, "%u", shown.id);
		value_add(letter_add(pack, letter, provider->name), id);
		if (shown.boot)
			continue;
		pack->channel = provider->channel;
		pack->session_field = provider->session;
	}
}

static bool is_shown(const struct detection_pack *pack, unsigned event)
{
	return event < MODEL_EVENTS && forbidden_alphabet(&pack->implied) & 1U << event;
}

static void letters_of_numbers(struct detection_pack *pack)
{
	for (unsigned number = 0; number < NUMBERS; number++) {
		char text[DETECTION_VALUE_SIZE];
		unsigned event;

		snprintf(text, sizeof text, "%u", number);
		if (sessionlint_event_parse(pack->source, text, strlen(text), &event) < 0 ||
		    !is_shown(pack, event))
			continue;
		value_add(letter_add(pack, event, NULL), text);
	}
}

static void letters_of_names(struct detection_pack *pack)
{
	const char *name;

	for (unsigned i = 0; (name = model_event_spelling_at(pack->source, i)); i++) {
		unsigned event;

		if (!*name ||
		    sessionlint_event_parse(pack->source, name, strlen(name), &event) < 0 ||
		    !is_shown(pack, event))
			continue;
		value_add(letter_add(pack, event, NULL), name);
	}
	pack->named = true;
}

static void letters_find(struct detection_pack *pack)
{
	if (detection_source_is_windows(pack->source))
		letters_of_windows(pack);
	else if (pack->source == SESSIONLINT_SOURCE_SENS) /* methods have no numbers */
		letters_of_names(pack);
	else
		letters_of_numbers(pack);
}

/* ---- the words ---- */

static bool is_accepted(const struct model *model, const struct forbidden_word *word)
{
	sessionlint_belief belief = SESSIONLINT_BELIEF_ANY;

	for (unsigned i = 0; i < word->length; i++)
		belief = forbidden_step(model, belief, word->letters[i]);
	return belief != SESSIONLINT_BELIEF_NONE;
}

static int words_add(struct detection_pack *pack, const struct forbidden_word *word,
		     enum sessionlint_rule rule)
{
	struct detection_word *words;

	/* only Windows logs have boots */
	if (word->letters[0] == FORBIDDEN_BOOT && !detection_letter_of(pack, FORBIDDEN_BOOT))
		return 0;
	words = array_grow(pack->words, pack->count, &pack->room, sizeof *words);
	if (!words)
		return -ENOMEM;
	pack->words = words;
	words[pack->count++] = (struct detection_word) { *word, rule };
	if (word->length > pack->longest)
		pack->longest = word->length;
	return 0;
}

/* The length up to which to list the words of both tolerances. */
static unsigned length_for(const struct forbidden_words *implied,
			   const struct forbidden_words *known, unsigned length)
{
	if (length > 0)
		return length;
	if (!implied->finite || !known->finite)
		return DETECTION_LENGTH;
	return implied->longest > known->longest ? implied->longest : known->longest;
}

/* What implied forbids is illegal; what only known forbids is an implied termination. */
static int words_merge(struct detection_pack *pack, const struct forbidden_words *implied,
		       const struct forbidden_words *known)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < implied->count; i++)
		if (implied->list[i].length <= pack->length)
			r = words_add(pack, &implied->list[i], SESSIONLINT_RULE_ILLEGAL_TRANSITION);
	for (size_t i = 0; r >= 0 && i < known->count; i++)
		if (known->list[i].length <= pack->length &&
		    is_accepted(&pack->implied, &known->list[i]))
			r = words_add(pack, &known->list[i], SESSIONLINT_RULE_IMPLIED_TERMINATION);
	return r;
}

static int words_find(struct detection_pack *pack, unsigned length)
{
	struct forbidden_words implied = { 0 }, known = { 0 };
	unsigned limit = length > 0 ? length : FORBIDDEN_LENGTH_MAX;
	int r = forbidden_find(&pack->implied, limit, &implied);

	if (r >= 0)
		r = forbidden_find(&pack->known, limit, &known);
	if (r >= 0) {
		pack->length = length_for(&implied, &known, length);
		pack->complete = implied.finite && known.finite &&
				 implied.longest <= pack->length && known.longest <= pack->length;
		r = words_merge(pack, &implied, &known);
	}
	forbidden_free(&implied);
	forbidden_free(&known);
	return r;
}

int detection_pack_make(enum sessionlint_source source, unsigned length,
			struct detection_pack *ret_pack)
{
	int r;

	*ret_pack = (struct detection_pack) { .source = source };
	model_tabulate(model_recognizer(source, MODEL_KNOWN), &ret_pack->known);
	model_tabulate(model_recognizer(source, MODEL_IMPLIED), &ret_pack->implied);
	letters_find(ret_pack);
	r = words_find(ret_pack, length);
	if (r < 0)
		detection_pack_free(ret_pack);
	return r;
}

void detection_pack_free(struct detection_pack *pack)
{
	free(pack->words);
	pack->words = NULL;
	pack->count = pack->room = 0;
}

unsigned detection_others(const struct detection_pack *pack, const struct detection_word *word)
{
	unsigned others = 0;

	for (unsigned i = 0; i < pack->letter_count; i++)
		if (pack->letters[i].letter != FORBIDDEN_BOOT)
			others |= 1U << pack->letters[i].letter;
	for (unsigned i = 0; i < word->word.length; i++)
		others &= ~(1U << word->word.letters[i]);
	return others;
}

bool detection_is_unsound(const struct detection_pack *pack, const struct detection_word *word,
			  unsigned between, struct forbidden_word *ret_accepted)
{
	const struct model *model = word->rule == SESSIONLINT_RULE_ILLEGAL_TRANSITION
					    ? &pack->implied
					    : &pack->known;

	return forbidden_scattered(model, &word->word, between, ret_accepted);
}
