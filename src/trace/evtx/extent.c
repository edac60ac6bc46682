/* SPDX-License-Identifier: MIT */
#include "trace/evtx/extent.h"

#include <errno.h>

#include "base/text.h"
#include "trace/evtx/fields.h"
#include "trace/evtx/group.h"
#include "trace/evtx/value.h"

/* One end of the file. */
struct end {
	uint64_t id; /* from the document; 0: none */
	uint64_t channel, computer;
};

struct search {
	struct evtx_file *file;
	struct evtx_group *group;
};

/* A name as a number. Windows ignores the case of names. */
static uint64_t name_number(const struct evtx_value *value, struct arena *arena)
{
	struct sessionlint_text text = value->bytes ? value_text(value, arena) : text_of(NULL, 0);
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < text.size; i++)
		hash = (hash ^ (unsigned char)ascii_lower(text.data[i])) * 0x100000001b3U;
	return text.size > 0 ? hash : 0;
}

/* Reads the document of a record. Returns 1 if it is readable. */
static int read_end(struct search *search, const struct evtx_record *record, struct end *end)
{
	struct collect collect = { .arena = &search->group->arena, .whole = true };
	const char *reason;
	int r = collect_visit(&collect, search->group->chunks, record, &reason);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	*end = (struct end) {
		.id = collect.own_id ? collect.own_id : record->id,
		.channel = name_number(&collect.values[WINDOWS_CHANNEL], &search->group->arena),
		.computer = name_number(&collect.values[WINDOWS_COMPUTER], &search->group->arena),
	};
	return 1;
}

/* Searches the records of a chunk for the first or last readable one. */
static int search_span(struct search *search, struct evtx_span *span, bool last, struct end *end)
{
	const struct evtx_records *records = &search->group->records;
	uint32_t records_end;
	int r = evtx_group_read_one(search->group, search->file, span, &records_end);

	for (size_t i = 0; i < records->count && r == 0; i++) {
		size_t at = last ? records->count - 1 - i : i;

		if (records->records[at].size > 0)
			r = read_end(search, &records->records[at], end);
	}
	return r;
}

static int search_file(struct search *search, struct end *first, struct end *last)
{
	const struct evtx_file *file = search->file;
	int r = 0;

	for (size_t i = 0; i < file->span_count && r == 0; i++)
		r = search_span(search, &file->spans[i], false, first);
	for (size_t i = file->span_count; i > 0 && r > 0 && last->id == 0; i--) {
		int found = search_span(search, &file->spans[i - 1], true, last);

		r = found < 0 ? found : r;
	}
	return r < 0 ? r : 0;
}

int evtx_extent(struct evtx_file *file, struct evtx_group *group, struct reader_extent *ret_extent)
{
	struct search search = { .file = file, .group = group };
	struct end first = { 0 }, last = { 0 };
	int r = search_file(&search, &first, &last);

	/* none of its records is to be delivered */
	group->records.count = group->next = 0;
	if (r < 0)
		return r;
	*ret_extent = (struct reader_extent) {
		.first = first.id,
		.last = last.id > first.id ? last.id : first.id,
		.channel = first.channel,
		.last_channel = last.channel,
		.computer = first.computer,
		.last_computer = last.computer,
	};
	return 0;
}
