/* SPDX-License-Identifier: MIT */
/*
 * Detection packs: the sequences of events that the model forbids, in the languages of SIEMs. What
 * is forbidden is computed from the tabulated model; what shows an event is read from the tables of
 * src/trace/windows and of the names of events.
 */
#ifndef DETECTION_DETECTION_H
#define DETECTION_DETECTION_H

#include <stdio.h>

#include "model/forbidden.h"
#include "sessionlint.h"

/* The most records that show one event. */
#define DETECTION_VALUES     8
#define DETECTION_VALUE_SIZE 32

/* A letter of the words, and how records show it. */
struct detection_letter {
	unsigned letter;
	const char *name;     /* of the event, or "Boot" */
	const char *provider; /* NULL: the source is not in a Windows log */
	unsigned value_count;
	char values[DETECTION_VALUES][DETECTION_VALUE_SIZE]; /* event ids, numbers or names */
};

struct detection_word {
	struct forbidden_word word;
	enum sessionlint_rule rule; /* what check reports */
};

struct detection_pack {
	enum sessionlint_source source;
	const char *channel, *session_field; /* NULL: the source is not in a Windows log */
	bool named;                          /* its records have names of events, not numbers */
	struct model known, implied;         /* a word is forbidden by one of these */
	struct detection_letter letters[FORBIDDEN_LETTERS];
	unsigned letter_count;
	struct detection_word *words; /* illegal ones first, then by length */
	size_t count, room;
	unsigned longest; /* of the words */
	unsigned length;  /* they are all words of at most this length */
	bool complete;    /* they are all words */
};

/* The length to which words are listed if there are infinitely many. */
#define DETECTION_LENGTH 6

/* The sources for which there are packs, the default first; the name is NULL after the last. */
enum sessionlint_source detection_source_at(unsigned index);
const char *detection_source_name_at(unsigned index);

/* Whether its records are in a log of Windows. */
bool detection_source_is_windows(enum sessionlint_source source);

/*
 * Makes the pack of @source, with words of at most @length events; 0: all, or DETECTION_LENGTH if
 * they are infinite. Returns 0, or -ENOMEM.
 */
int detection_pack_make(enum sessionlint_source source, unsigned length,
			struct detection_pack *ret_pack);

void detection_pack_free(struct detection_pack *pack);

/* The letter with that number; NULL if the source does not show it. */
const struct detection_letter *detection_letter_of(const struct detection_pack *pack,
						   unsigned letter);

static inline bool detection_has_boot(const struct detection_word *word)
{
	return word->word.letters[0] == FORBIDDEN_BOOT;
}

/* The events that @word does not contain: a bit for each. */
unsigned detection_others(const struct detection_pack *pack, const struct detection_word *word);

/*
 * Whether a sequence that the word's rule does not forbid contains the letters of @word in their
 * order, with those of @between between them: then a query that cannot see the difference gives
 * false alarms. *ret_accepted is such a sequence.
 */
bool detection_is_unsound(const struct detection_pack *pack, const struct detection_word *word,
			  unsigned between, struct forbidden_word *ret_accepted);

/* ---- what languages share ---- */

/* Writes the names of the letters with @separator between them. */
void detection_print_word(FILE *file, const struct detection_pack *pack,
			  const struct forbidden_word *word, const char *separator);

/* Writes the values of a letter, each between @quote, with @separator between them. */
void detection_print_values(FILE *file, const struct detection_letter *letter, const char *quote,
			    const char *separator);

/* The rule's name and its severity. */
const char *detection_rule_name(const struct detection_word *word);
const char *detection_severity(const struct detection_word *word);

/* Why a query for the word alone is not written: "Logon Boot Logon is legal, and looks the same".
 */
void detection_print_unsound(FILE *file, const struct detection_pack *pack,
			     const struct detection_word *word,
			     const struct forbidden_word *accepted);

/* Writes what the pack is, each line with @comment before it: version, source, tolerance, length,
 * and the words. */
void detection_print_header(FILE *file, const struct detection_pack *pack, const char *language,
			    const char *comment);

struct detection_language {
	const char *name;
	const char *summary;
	bool windows_only; /* it searches Windows logs */
	void (*write)(FILE *file, const struct detection_pack *pack);
};

extern const struct detection_language detection_sigma, detection_kql, detection_eql, detection_spl,
	detection_sql;

/* The languages; NULL after the last. */
const struct detection_language *detection_language_at(unsigned index);

/* Their names. */
const char *detection_language_name_at(unsigned index);

#endif
