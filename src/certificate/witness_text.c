/* SPDX-License-Identifier: MIT */
#include "certificate/witness_text.h"

#include "base/json_writer.h"
#include "model/model.h"

void witness_text_flush(struct witness_text *text)
{
	/* whoever opened the file looks for errors */
	fwrite(text->data, 1, text->size, text->file);
	text->size = 0;
}

void put_number(struct witness_text *text, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put_bytes(text, digits + at, sizeof digits - at);
}

/* Whether the text is short, and JSON needs no escapes in it. */
static bool is_plain(struct sessionlint_text string)
{
	if (string.size > WITNESS_TEXT_SIZE)
		return false;
	for (size_t i = 0; i < string.size; i++) {
		unsigned char c = (unsigned char)string.data[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '#')
			return false;
	}
	return true;
}

void put_string(struct witness_text *text, struct sessionlint_text string)
{
	put_char(text, '"');
	if (string.size > 0 && is_plain(string)) {
		put_bytes(text, string.data, string.size);
	} else if (string.size > 0) {
		witness_text_flush(text);
		escape_json(text->file, string);
	}
	put_char(text, '"');
}

char witness_state_letter(unsigned state)
{
	return "CIKDMLFT"[state];
}

void put_states(struct witness_text *text, sessionlint_belief states)
{
	put_char(text, '"');
	for (unsigned state = 0; state < MODEL_STATES; state++)
		if (states & 1U << state)
			put_char(text, witness_state_letter(state));
	put_char(text, '"');
}

char witness_event_letter(unsigned event)
{
	return "-ctkdlfr"[event];
}
