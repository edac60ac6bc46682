/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/escape.h"
#include "report/html/html.h"

void parts_forget(struct html_parts *parts)
{
	free(parts->list);
	*parts = (struct html_parts) { 0 };
}

/* Adds a part as number @at. -ENOMEM. */
static int part_add(struct html_parts *parts, uint32_t at, struct html_texts *texts,
		    const char *file, uint64_t before)
{
	struct html_part part = { .file = path_shown(file), .before = before }, *list;
	int r = texts_hold(texts, &part.file, SIZE_MAX);

	if (r < 0)
		return r;
	list = array_grow(parts->list, parts->count, &parts->capacity, sizeof *list);
	if (!list) {
		texts_release(texts, part.file);
		return -ENOMEM;
	}
	parts->list = list;
	for (uint32_t i = parts->count++; i > at; i--)
		list[i] = list[i - 1];
	list[at] = part;
	return 0;
}

int parts_note(struct html_parts *parts, struct html_texts *texts, const struct html_place *place)
{
	uint64_t before = place->log_line - place->line;
	uint32_t at = parts->count;
	int r = 0;

	if (before == 0 || parts->count == HTML_PARTS_MAX)
		return 0;
	/* nearly always the last one */
	while (at > 0 && parts->list[at - 1].before > before)
		at--;
	if (at > 0 && parts->list[at - 1].before == before)
		return 0;
	if (at == 0)
		r = part_add(parts, at++, texts, place->log, 0);
	return r < 0 ? r : part_add(parts, at, texts, place->file, before);
}

int parts_write(const struct html_parts *parts, struct html_texts *texts, struct json_writer *json)
{
	int r = 0;

	json_open(json, '[');
	for (uint32_t i = 0; i < parts->count; i++) {
		uint32_t number = 0;
		int numbered = texts_number(texts, parts->list[i].file, &number);

		r = r < 0 ? r : numbered;
		json_open(json, '[');
		json_number(json, number);
		json_number(json, parts->list[i].before);
		json_close(json);
	}
	json_close(json);
	return r;
}
