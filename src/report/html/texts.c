/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/escape.h"
#include "report/html/html.h"

#define CLIP 2000

struct html_text {
	struct table_entry entry;
	uint32_t holders;
	uint32_t number; /* in the page; 0: none yet */
	size_t weight;
	char data[];
};

void texts_init(struct html_texts *texts)
{
	*texts = (struct html_texts) { 0 };
	table_init(&texts->table);
}

void texts_free(struct html_texts *texts)
{
	for (uint32_t i = 0; i < texts->table.slot_count; i++)
		free(texts->table.slots[i]);
	table_free(&texts->table);
	free(texts->numbered);
}

/* The maximum size of a text in the page: see escape_script(). */
static size_t weigh(struct sessionlint_text text)
{
	size_t weight = sizeof "\"\",";

	for (size_t i = 0; i < text.size; i++) {
		char sign = text.data[i];

		weight += sign >= ' ' && sign < 0x7f && !strchr("\"\\#<>&", sign) ? 1 : 6;
	}
	return weight;
}

/* A copy of @text, whole or truncated. */
static struct html_text *copy(struct sessionlint_text text)
{
	struct sessionlint_text part = text_clipped(text, CLIP);
	char rest[48] = "";
	struct html_text *made;
	size_t size;

	if (part.size < text.size)
		snprintf(rest, sizeof rest, "... (%zu bytes more)", text.size - part.size);
	size = part.size + strlen(rest);
	made = malloc(sizeof *made + size + 1);
	if (!made)
		return NULL;
	*made = (struct html_text) { .holders = 1 };
	memcpy(made->data, part.data, part.size);
	memcpy(made->data + part.size, rest, size - part.size + 1);
	made->entry.key = text_of(made->data, size);
	made->weight = weigh(made->entry.key);
	return made;
}

int texts_hold(struct html_texts *texts, struct sessionlint_text *text, size_t limit)
{
	struct html_text *found, *made;
	int r;

	if (text->size == 0)
		return 0;
	found = (struct html_text *)table_find(&texts->table, *text);
	if (!found) {
		made = copy(*text);
		if (!made)
			return -ENOMEM;
		found = (struct html_text *)table_find(&texts->table, made->entry.key);
		if (found) {
			free(made);
		} else {
			r = texts->weight + made->weight > limit
				    ? -ENOSPC
				    : table_add(&texts->table, &made->entry, made->entry.key);
			if (r < 0) {
				free(made);
				return r;
			}
			texts->weight += made->weight;
			*text = made->entry.key;
			return 0;
		}
	}
	found->holders++;
	*text = found->entry.key;
	return 0;
}

void texts_release(struct html_texts *texts, struct sessionlint_text text)
{
	struct html_text *found;

	if (text.size == 0)
		return;
	found = (struct html_text *)table_find(&texts->table, text);
	if (!found || --found->holders > 0)
		return;
	texts->weight -= found->weight;
	table_remove(&texts->table, &found->entry);
	free(found);
}

int texts_number(struct html_texts *texts, struct sessionlint_text text, uint32_t *ret_number)
{
	struct html_text *found = NULL;

	if (text.size > 0)
		found = (struct html_text *)table_find(&texts->table, text);
	if (found && !found->number) {
		struct html_text **numbered = array_grow(texts->numbered, texts->count,
							 &texts->capacity, sizeof *numbered);

		if (!numbered)
			return -ENOMEM;
		texts->numbered = numbered;
		texts->numbered[texts->count++] = found;
		found->number = texts->count;
	}
	*ret_number = found ? found->number : 0;
	return 0;
}

void texts_write(const struct html_texts *texts, struct json_writer *json)
{
	json_open(json, '[');
	json_string(json, "");
	for (uint32_t i = 0; i < texts->count; i++) {
		json_line(json, "\n");
		json_text(json, texts->numbered[i]->entry.key);
	}
	json_close(json);
}
