/* SPDX-License-Identifier: MIT */
/*
 * EQL, for the fields of Winlogbeat and the Elastic Agent. A sequence lets other events come
 * between its own; "until" ends it at an event of the same session that the word does not contain.
 * Events of the word itself and boots, which have no session, can still come between: a word is
 * written if every sequence that contains its letters in this way is forbidden.
 */
#include "detection/detection.h"

/* Session managers write UserData, others EventData. */
static const char *data_of(const struct detection_pack *pack)
{
	return pack->source == SESSIONLINT_SOURCE_LSM ? "user_data" : "event_data";
}

static void print_codes(FILE *file, const struct detection_letter *letter)
{
	fprintf(file, "winlog.provider_name == \"%s\" and event.code in (", letter->provider);
	detection_print_values(file, letter, "\"", ", ");
}

/* Any of the events whose bits are in @letters; those of one provider stand together. */
static void print_any_of(FILE *file, const struct detection_pack *pack, unsigned letters)
{
	const char *provider = NULL;

	fputs("[any where ", file);
	for (unsigned i = 0; i < pack->letter_count; i++) {
		const struct detection_letter *letter = &pack->letters[i];

		if (!(letters & 1U << letter->letter))
			continue;
		if (letter->provider == provider) {
			fputs(", ", file);
			detection_print_values(file, letter, "\"", ", ");
			continue;
		}
		fputs(provider ? ") or " : "", file);
		print_codes(file, letter);
		provider = letter->provider;
	}
	fputs(")]\n", file);
}

static void print_query(FILE *file, const struct detection_pack *pack,
			const struct detection_word *word)
{
	fputs("\n// ", file);
	detection_print_word(file, pack, &word->word, " ");
	fprintf(file, ": %s (%s)\n", detection_rule_name(word), detection_severity(word));
	fprintf(file, "sequence by host.name, winlog.%s.%s\n", data_of(pack), pack->session_field);
	for (unsigned i = 0; i < word->word.length; i++) {
		fputs("  ", file);
		print_any_of(file, pack, 1U << word->word.letters[i]);
	}
	if (detection_others(pack, word)) {
		fputs("until ", file);
		print_any_of(file, pack, detection_others(pack, word));
	}
}

/* Whether EQL can find @word without false alarms. */
static bool is_sound(const struct detection_pack *pack, const struct detection_word *word,
		     struct forbidden_word *ret_accepted)
{
	unsigned between = forbidden_alphabet(&pack->implied) & ~detection_others(pack, word);

	return !detection_has_boot(word) &&
	       !detection_is_unsound(pack, word, between, ret_accepted);
}

static void eql_write(FILE *file, const struct detection_pack *pack)
{
	struct forbidden_word accepted;
	size_t sound = 0;

	detection_print_header(file, pack, "eql", "// ");
	for (size_t i = 0; i < pack->count; i++) {
		if (is_sound(pack, &pack->words[i], &accepted)) {
			sound++;
			continue;
		}
		fputs("// Not searched for: ", file);
		detection_print_unsound(file, pack, &pack->words[i], &accepted);
		fputc('\n', file);
	}
	fprintf(file, "// Queries: %zu, one for a sequence; none finds what check allows.\n",
		sound);
	for (size_t i = 0; i < pack->count; i++)
		if (is_sound(pack, &pack->words[i], &accepted))
			print_query(file, pack, &pack->words[i]);
}

const struct detection_language detection_eql = {
	.name = "eql",
	.summary = "queries for Elastic, as far as they give no false alarms",
	.windows_only = true,
	.write = eql_write,
};
