/* SPDX-License-Identifier: MIT */
/* Writes certificates: JSON, most of it short, and very much of it. */
#ifndef CERTIFICATE_WITNESS_TEXT_H
#define CERTIFICATE_WITNESS_TEXT_H

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/counts.h"

#define WITNESS_TEXT_SIZE 8192U

struct witness_text {
	FILE *file;
	size_t size;
	char data[WITNESS_TEXT_SIZE]; /* not written yet */
};

void witness_text_flush(struct witness_text *text);

static inline void put_char(struct witness_text *text, char c)
{
	if (text->size == WITNESS_TEXT_SIZE)
		witness_text_flush(text);
	text->data[text->size++] = c;
}

/* At most WITNESS_TEXT_SIZE bytes. */
static inline void put_bytes(struct witness_text *text, const char *bytes, size_t size)
{
	if (WITNESS_TEXT_SIZE - text->size < size)
		witness_text_flush(text);
	memcpy(text->data + text->size, bytes, size);
	text->size += size;
}

static inline void put(struct witness_text *text, const char *string)
{
	put_bytes(text, string, strlen(string));
}

void put_number(struct witness_text *text, uint64_t number);

/* A JSON string, in quotes. */
void put_string(struct witness_text *text, struct sessionlint_text string);

/* The letter of a state, by index; and those of a set, in quotes. */
char witness_state_letter(unsigned state);
void put_states(struct witness_text *text, sessionlint_belief states);

/* The letter of a hidden event, or of WITNESS_REUSE. */
char witness_event_letter(unsigned event);

#endif
