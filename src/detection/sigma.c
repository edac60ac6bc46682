/* SPDX-License-Identifier: MIT */
/*
 * Sigma: a rule for each event, and correlations of them. Sigma cannot say that one event follows
 * another at once. The extended conditions of version 2.2 can say which rules must not match in the
 * same time span: there the events of a word follow each other with only events of the word between
 * them. A word is written if every such sequence is forbidden, wherever a boot may be.
 */
#include <ctype.h>
#include <string.h>

#include "base/sha256.h"
#include "detection/detection.h"

/* Long enough for a session that is left and taken up again; a longer one finds less. */
#define TIMESPAN "1h"

static const char *level_of(const struct detection_word *word)
{
	switch (sessionlint_rule_info(word->rule)->severity) {
	case SESSIONLINT_SEVERITY_ERROR:
		return "high";
	case SESSIONLINT_SEVERITY_WARNING:
		return "medium";
	default:
		return "informational";
	}
}

/* ---- names ---- */

/* A name-based UUID of version 8 (RFC 9562): the same name has the same in every version. */
static void print_uuid(FILE *file, const char *name)
{
	unsigned char digest[SHA256_SIZE];
	struct sha256 sha256;

	sha256_init(&sha256);
	sha256_update(&sha256, name, strlen(name));
	sha256_end(&sha256, digest);
	digest[6] = (unsigned char)((digest[6] & 0x0f) | 0x80);
	digest[8] = (unsigned char)((digest[8] & 0x3f) | 0x80);
	for (unsigned i = 0; i < 16; i++)
		fprintf(file, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			digest[i]);
}

#define NAME_SIZE 256

/* The name of a rule: sessionlint_lsm_logoff_logoff, with @suffix. */
static void name_rule(const struct detection_pack *pack, const uint8_t *letters, unsigned length,
		      const char *suffix, char name[NAME_SIZE])
{
	size_t size = (size_t)snprintf(name, NAME_SIZE, "sessionlint_%s",
				       sessionlint_source_name(pack->source));

	for (unsigned i = 0; i < length && size < NAME_SIZE; i++)
		size += (size_t)snprintf(name + size, NAME_SIZE - size, "_%s",
					 detection_letter_of(pack, letters[i])->name);
	if (size < NAME_SIZE)
		snprintf(name + size, NAME_SIZE - size, "%s", suffix);
	for (char *c = name; *c; c++)
		*c = *c == '-' ? '_' : (char)tolower((unsigned char)*c);
}

/* The name of the rule for @count or more of an event in the time span; for one, of the event. */
static void name_letter(const struct detection_pack *pack, unsigned letter, unsigned count,
			char name[NAME_SIZE])
{
	uint8_t letters = (uint8_t)letter;
	char suffix[24] = "";

	if (count > 1)
		snprintf(suffix, sizeof suffix, "_%u_times", count);
	name_rule(pack, &letters, 1, suffix, name);
}

static void print_head(FILE *file, const char *name)
{
	fputs("---\nid: ", file);
	print_uuid(file, name);
	fprintf(file,
		"\nname: %s\nstatus: experimental\nauthor: sessionlint\nreferences:\n"
		"    - " SESSIONLINT_HOMEPAGE "/docs/detections.md\n",
		name);
}

static void print_group(FILE *file, const struct detection_pack *pack)
{
	fprintf(file,
		"    group-by:\n        - Computer\n        - %s\n    timespan: " TIMESPAN "\n",
		pack->session_field);
}

/* ---- events ---- */

/* Sigma's name of a channel: without the beginning and the end that most have. */
static void print_service(FILE *file, const char *channel)
{
	static const char start[] = "Microsoft-Windows-";
	size_t size;

	if (strncmp(channel, start, sizeof start - 1) == 0)
		channel += sizeof start - 1;
	size = strcspn(channel, "/");
	for (size_t i = 0; i < size; i++)
		fputc(tolower((unsigned char)channel[i]), file);
}

static void print_event(FILE *file, const struct detection_pack *pack,
			const struct detection_letter *letter)
{
	char name[NAME_SIZE];

	name_letter(pack, letter->letter, 1, name);
	print_head(file, name);
	fprintf(file,
		"title: Session event %s\ndescription: Part of other rules.\nlogsource:\n"
		"    product: windows\n    service: ",
		letter->name);
	print_service(file, pack->channel);
	fprintf(file, "\ndetection:\n    selection:\n        Provider_Name: %s\n        EventID:\n",
		letter->provider);
	for (unsigned i = 0; i < letter->value_count; i++)
		fprintf(file, "            - %s\n", letter->values[i]);
	fputs("    condition: selection\nlevel: informational\n", file);
}

/* ---- correlations ---- */

static unsigned count_in(const struct forbidden_word *word, unsigned length, unsigned letter)
{
	unsigned count = 0;

	for (unsigned i = 0; i < length; i++)
		count += word->letters[i] == letter;
	return count;
}

/* An event that a word contains more than once can only be counted, not ordered. */
static bool is_ordered(const struct forbidden_word *word)
{
	for (unsigned i = 0; i < word->length; i++)
		if (count_in(word, word->length, word->letters[i]) > 1)
			return false;
	return true;
}

static void letters_swap(struct forbidden_word *word, unsigned i, unsigned j)
{
	uint8_t letter = word->letters[i];

	word->letters[i] = word->letters[j];
	word->letters[j] = letter;
}

static void letters_sort(struct forbidden_word *word)
{
	for (unsigned i = 1; i < word->length; i++)
		for (unsigned j = i; j > 0 && word->letters[j - 1] > word->letters[j]; j--)
			letters_swap(word, j - 1, j);
}

/* Puts the letters in the next of their orders; false after the last. */
static bool letters_next(struct forbidden_word *word)
{
	unsigned falling = word->length - 1U, larger = word->length - 1U;

	while (falling > 0 && word->letters[falling - 1] >= word->letters[falling])
		falling--;
	if (falling == 0)
		return false;
	while (word->letters[larger] <= word->letters[falling - 1])
		larger--;
	letters_swap(word, falling - 1, larger);
	for (unsigned i = falling, j = word->length - 1U; i < j; i++, j--)
		letters_swap(word, i, j);
	return true;
}

/* The orders of more letters are not tried. */
#define UNORDERED_MAX 6

/* Whether the correlation for @word gives no false alarms; if not, *ret_accepted is one, or empty.
 */
static bool is_sound(const struct detection_pack *pack, const struct detection_word *word,
		     struct forbidden_word *ret_accepted)
{
	unsigned between = forbidden_alphabet(&pack->implied) & ~detection_others(pack, word);
	struct detection_word order = *word;

	*ret_accepted = (struct forbidden_word) { 0 };
	if (detection_has_boot(word))
		return false;
	if (is_ordered(&word->word))
		return !detection_is_unsound(pack, word, between, ret_accepted);
	if (word->word.length > UNORDERED_MAX)
		return false;
	letters_sort(&order.word);
	do {
		if (detection_is_unsound(pack, &order, between, ret_accepted))
			return false;
	} while (letters_next(&order.word));
	return true;
}

/* The rule that counts an event of @word; written once for each count. */
static void print_count(FILE *file, const struct detection_pack *pack, unsigned letter,
			unsigned count)
{
	const struct detection_letter *counted = detection_letter_of(pack, letter);
	char name[NAME_SIZE], event[NAME_SIZE];

	name_letter(pack, letter, count, name);
	name_letter(pack, letter, 1, event);
	print_head(file, name);
	fprintf(file, "title: %u records of %s in one session\n", count, counted->name);
	fprintf(file,
		"description: Counts the records; it is part of other rules.\n"
		"correlation:\n    type: event_count\n    rules:\n        - %s\n",
		event);
	print_group(file, pack);
	fprintf(file, "    condition:\n        gte: %u\nlevel: informational\n", count);
}

/* Calls @each for the rules that the correlation of @word needs: the events that must match, in
 * their order, then those that must not. */
static void each_rule(FILE *file, const struct detection_pack *pack,
		      const struct detection_word *word,
		      void (*each)(FILE *file, const char *name, bool first, bool match))
{
	unsigned others = detection_others(pack, word);
	char name[NAME_SIZE];

	for (unsigned i = 0; i < word->word.length; i++) {
		unsigned letter = word->word.letters[i];

		if (count_in(&word->word, i, letter) > 0)
			continue;
		name_letter(pack, letter, count_in(&word->word, word->word.length, letter), name);
		each(file, name, i == 0, true);
	}
	for (unsigned letter = 1; letter < MODEL_EVENTS; letter++) {
		if (!(others & 1U << letter))
			continue;
		name_letter(pack, letter, 1, name);
		each(file, name, false, false);
	}
}

static void print_reference(FILE *file, const char *name, bool first, bool match)
{
	(void)first;
	(void)match;
	fprintf(file, "        - %s\n", name);
}

static void print_condition(FILE *file, const char *name, bool first, bool match)
{
	fprintf(file, "%s%s%s", first ? "" : " and ", match ? "" : "not ", name);
}

static void print_correlation(FILE *file, const struct detection_pack *pack,
			      const struct detection_word *word)
{
	bool ordered = is_ordered(&word->word);
	char name[NAME_SIZE];

	name_rule(pack, word->word.letters, word->word.length, "", name);
	print_head(file, name);
	fputs("title: Impossible session events, ", file);
	detection_print_word(file, pack, &word->word, " then ");
	fputs("\ndescription: >-\n    ", file);
	detection_print_word(file, pack, &word->word, ", ");
	fprintf(file,
		" of one session, with no other session events in the time span. The session\n"
		"    model has no such sequence (%s). Sequences with other events in the time\n"
		"    span, or that take longer, are not found.\n"
		"falsepositives:\n"
		"    - Records that were lost or arrived out of order\n"
		"correlation:\n"
		"    type: %s\n"
		"    rules:\n",
		detection_rule_name(word), ordered ? "temporal_ordered" : "temporal");
	each_rule(file, pack, word, print_reference);
	print_group(file, pack);
	fputs("    condition: ", file);
	each_rule(file, pack, word, print_condition);
	fprintf(file, "\nlevel: %s\n", level_of(word));
}

/* ---- the pack ---- */

static void print_counts(FILE *file, const struct detection_pack *pack)
{
	unsigned written[FORBIDDEN_LETTERS] = { 0 }; /* a bit for each count */
	struct forbidden_word accepted;

	for (size_t i = 0; i < pack->count; i++) {
		const struct forbidden_word *word = &pack->words[i].word;

		if (is_ordered(word) || !is_sound(pack, &pack->words[i], &accepted))
			continue;
		for (unsigned at = 0; at < word->length; at++) {
			unsigned letter = word->letters[at];
			unsigned count = count_in(word, word->length, letter);

			if (count == 1 || written[letter] & 1U << count)
				continue;
			written[letter] |= 1U << count;
			print_count(file, pack, letter, count);
		}
	}
}

static void print_unsound(FILE *file, const struct detection_pack *pack)
{
	struct forbidden_word accepted;
	size_t sound = 0;

	for (size_t i = 0; i < pack->count; i++) {
		const struct detection_word *word = &pack->words[i];

		if (is_sound(pack, word, &accepted)) {
			sound++;
			continue;
		}
		fputs("# No rule for ", file);
		detection_print_unsound(file, pack, word, &accepted);
		fputc('\n', file);
	}
	fprintf(file,
		"# Correlations: %zu, one for a sequence; none finds what check allows. Sigma "
		"cannot say\n"
		"# that one event follows another at once, only that no other is in the time span: "
		"that\n"
		"# finds less than check. The conditions are those of Sigma 2.2.\n",
		sound);
}

static void sigma_write(FILE *file, const struct detection_pack *pack)
{
	struct forbidden_word accepted;

	detection_print_header(file, pack, "sigma", "# ");
	print_unsound(file, pack);
	for (unsigned i = 0; i < pack->letter_count; i++)
		if (pack->letters[i].letter != FORBIDDEN_BOOT)
			print_event(file, pack, &pack->letters[i]);
	print_counts(file, pack);
	for (size_t i = 0; i < pack->count; i++)
		if (is_sound(pack, &pack->words[i], &accepted))
			print_correlation(file, pack, &pack->words[i]);
}

const struct detection_language detection_sigma = {
	.name = "sigma",
	.summary = "correlation rules, as far as they give no false alarms",
	.windows_only = true,
	.write = sigma_write,
};
